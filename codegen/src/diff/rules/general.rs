//! The rules for parts that belong to neither direction: the document, its operations and credentials.

use super::rule_table;

rule_table! {
    Neither;
    OPENAPI_VERSION_CHANGED "openapi-version-changed" Unclear Patch typed CW Changed
        "the document uses another version of OpenAPI" "the same keywords may have another meaning" "";
    INFO_CHANGED "info-changed" Wording Patch typed C NotListed
        "`{name}` of the document was reworded" "it is the documentation of the generated client" "";
    TAGS_CHANGED "tags-changed" Wording None typed N NotListed
        "tags changed" "tags sort the documentation; no code is generated from them" "api-tag-added, -removed INFO";
    TEXT_CHANGED "text-changed" Wording Patch typed C NotListed
        "`{name}` was reworded" "descriptions are the documentation of the generated code" "";
    EXAMPLE_CHANGED "example-changed" Wording None typed N NotListed
        "examples of `{name}` changed" "examples promise nothing" "";
    SPELLING_CHANGED "spelling-changed" Wording None typed N NotListed
        "`{name}` is written differently and means the same" "an unordered list has another order, or a default was written out" "";
    EXTENSION_CHANGED "extension-changed" Extension None typed N NotListed
        "extension `{name}` changed" "it belongs to the vendor's own tools; the extensions that the generator reads have rules of their own" "";
    REFERENCE_CHANGED "reference-changed" Compatible Minor raw C NotListed
        "`{name}` is described in another place" "differences in its content are reported on their own; a generated type may get another name" "";
    COMPONENT_SCHEMA_ADDED "component-schema-added" Compatible Minor typed C NotListed
        "component schema `{name}` was added" "`raw::types` has one type more; its uses are reported on their own" "";
    COMPONENT_SCHEMA_REMOVED "component-schema-removed" Compatible Minor raw C Removed
        "component schema `{name}` was removed" "`raw::types` has one type fewer; its former uses are reported on their own" "api-schema-removed INFO";
    COMPONENT_RENAMED "component-renamed" Compatible Minor raw C Changed
        "component `{name}` was renamed (inferred: both are identical)" "names of components are not sent; a type in `raw` may get another name" "";
    COMPONENT_ADDED "component-added" Compatible None typed N NotListed
        "component `{name}` was added" "no code is generated from it alone; its uses are reported on their own" "";
    COMPONENT_REMOVED "component-removed" Compatible None typed N NotListed
        "component `{name}` was removed" "no code was generated from it alone; its former uses are reported on their own" "";
    UNUSED_COMPONENT_CHANGED "unused-component-changed" Compatible Minor raw C NotListed
        "component `{name}` changed, and no operation uses it both before and after" "where a use of it changed, that is reported on its own; a type in `raw` may change" "";
    DISCRIMINATOR_ADDED "discriminator-added" Compatible None typed W NotListed
        "a field of `{name}` distinguishes its forms" "the field is described by the forms; no code is generated from a discriminator" "*-discriminator-added INFO";
    DISCRIMINATOR_REMOVED "discriminator-removed" Compatible None typed W NotListed
        "no field of `{name}` distinguishes its forms any more" "the field is described by the forms; no code was generated from a discriminator" "*-discriminator-removed INFO";
    DISCRIMINATOR_PROPERTY_CHANGED "discriminator-property-changed" Breaking Patch typed W Changed
        "another field of `{name}` distinguishes its forms" "clients that choose the form by the old field choose wrongly; ours tries each form" "*-discriminator-property-name-changed INFO";
    DISCRIMINATOR_VALUE_ADDED "discriminator-value-added" Compatible None typed W NotListed
        "discriminator value `{name}` was added" "a new form is reported on its own" "*-discriminator-mapping-added INFO";
    DISCRIMINATOR_VALUE_REMOVED "discriminator-value-removed" Compatible None typed W NotListed
        "discriminator value `{name}` was removed" "a form that disappears is reported on its own" "*-discriminator-mapping-deleted INFO";
    DISCRIMINATOR_VALUE_CHANGED "discriminator-value-changed" Breaking Patch typed W Changed
        "discriminator value `{name}` means another form" "clients that choose the form by it choose wrongly; ours tries each form" "*-discriminator-mapping-changed INFO";
    FORMAT_ANNOTATION_CHANGED "format-annotation-changed" Compatible Patch typed C NotListed
        "the format of `{name}` changed, and means the same type" "formats such as `email` are annotations, and `int64` is the width of a number without a format" "*-property-type-changed ERR, -generalized INFO";
    WEBHOOK_ADDED "webhook-added" Compatible None typed W NotListed
        "webhook `{name}` was added" "the server sends it where it is asked to; no code is generated from webhooks" "INFO";
    WEBHOOK_REMOVED "webhook-removed" Breaking None typed W Removed
        "webhook `{name}` was removed" "receivers wait for it without end; no code was generated from it" "ERR";
    CALLBACK_ADDED "callback-added" Compatible None typed W NotListed
        "callback `{name}` was added" "the server sends it where it is asked to; no code is generated from callbacks" "";
    CALLBACK_REMOVED "callback-removed" Breaking None typed W Removed
        "callback `{name}` was removed" "receivers wait for it without end; no code was generated from it" "";
    SERVER_ADDED "server-added" Compatible Patch typed CW Added
        "server `{name}` was added" "the existing servers still work" "";
    SERVER_REMOVED "server-removed" Breaking Patch typed CW Removed
        "server `{name}` was removed" "requests to it may fail; code still compiles" "";
    SERVER_URL_CHANGED "server-url-changed" Breaking Patch typed CW Changed
        "the server URL changed to `{name}`" "requests to the old URL may fail; code still compiles, and sends to the old URL until its base URL is changed" "";
    SECURITY_BECAME_REQUIRED "security-became-required" Breaking Major typed CW Changed
        "`{name}` requires a credential" "requests without one are rejected" "api-security-added ERR";
    SECURITY_NO_LONGER_REQUIRED "security-no-longer-required" Compatible Patch typed CW Changed
        "`{name}` no longer requires a credential" "sending one does no harm" "api-security-removed, api-global-security-removed INFO";
    SECURITY_ALTERNATIVE_ADDED "security-alternative-added" Compatible Minor typed CW Added
        "`{name}` accepts one more kind of credential" "the existing kinds still work" "api-security-added INFO";
    SECURITY_ALTERNATIVE_REMOVED "security-alternative-removed" Breaking Major typed CW Removed
        "`{name}` accepts one kind of credential fewer" "requests with that kind are rejected" "api-security-removed ERR";
    SECURITY_CHANGED "security-changed" Breaking Major typed CW Changed
        "`{name}` requires another credential" "the old one is rejected" "api-security-added INFO and -removed ERR";
    SECURITY_SCOPE_REQUIRED "security-scope-required" Breaking Patch typed CW Changed
        "`{name}` requires a further scope" "tokens without it are rejected; code still compiles" "api-security-scope-added ERR";
    SECURITY_SCOPE_NO_LONGER_REQUIRED "security-scope-no-longer-required" Compatible Patch typed CW Changed
        "`{name}` requires fewer scopes" "tokens that have them still work" "api-security-scope-removed INFO";
    OAUTH_FLOW_ADDED "oauth-flow-added" Compatible None typed W Added
        "tokens of `{name}` can be requested in a further way" "the existing ways still work" "";
    OAUTH_FLOW_REMOVED "oauth-flow-removed" Breaking Patch typed CW Removed
        "tokens of `{name}` can no longer be requested in one way" "programs that request them in this way get none" "";
    OAUTH_URL_CHANGED "oauth-url-changed" Breaking Patch typed CW Changed
        "tokens of `{name}` are requested at another URL" "requests to the old URL may fail" "api-security-component-oauth-url-changed, -token-url-changed INFO";
    OAUTH_SCOPE_ADDED "oauth-scope-added" Compatible None typed W NotListed
        "scope `{name}` was defined" "operations that require it are reported on their own" "api-security-component-oauth-scope-added INFO";
    OAUTH_SCOPE_REMOVED "oauth-scope-removed" Breaking Patch typed CW Removed
        "scope `{name}` is no longer defined" "requests for a token with it may fail" "api-security-component-oauth-scope-removed INFO";
    SECURITY_SCHEME_MOVED "security-scheme-moved" Breaking Patch typed CW Changed
        "credential `{name}` is sent in another place" "the server does not look in the old place; code still compiles" "api-security-component-type-changed and the like ERR";
    SECURITY_SCHEME_CHANGED "security-scheme-changed" Breaking Major typed CW Changed
        "credential `{name}` is of another kind" "callers need another one" "api-security-component-type-changed and the like ERR";
    SECURITY_SCHEME_ADDED "security-scheme-added" Compatible None typed N NotListed
        "security scheme `{name}` was added" "its uses are reported on their own" "api-security-component-added INFO";
    SECURITY_SCHEME_REMOVED "security-scheme-removed" Compatible None typed N NotListed
        "security scheme `{name}` was removed" "its former uses are reported on their own" "api-security-component-removed INFO";
    OPERATION_ADDED "operation-added" Compatible Minor typed CW Added
        "operation `{name}` was added" "existing operations do not change" "endpoint-added INFO";
    OPERATION_REMOVED "operation-removed" Breaking Major raw CW Removed
        "operation `{name}` was removed" "its requests are rejected and its method disappears; a deprecation before does not change that" "api-removed-without-deprecation ERR, -with-deprecation INFO";
    OPERATION_ID_CHANGED "operation-id-changed" Compatible Minor raw C Changed
        "operation `{name}` has another id" "ids are not sent; the method in `raw` gets another name, the typed one can keep its own" "api-operation-id-added, -removed INFO";
    OPERATION_PATH_CHANGED "operation-path-changed" Breaking Patch typed CW Changed
        "the path changed to `{name}`" "requests to the old path fail; code still compiles" "api-path-removed-without-deprecation ERR and endpoint-added INFO";
    OPERATION_METHOD_CHANGED "operation-method-changed" Breaking Patch typed CW Changed
        "operation `{name}` has another HTTP method" "requests with the old method fail; code still compiles" "api-removed-without-deprecation ERR and endpoint-added INFO";
    PATH_PARAMETER_RENAMED "path-parameter-renamed" Compatible Patch typed C NotListed
        "a path parameter of `{name}` was renamed" "names of path parameters are not sent" "";
    OPERATION_DEPRECATED "operation-deprecated" Compatible Minor typed CW Deprecated
        "operation `{name}` is deprecated" "it still works; Cargo treats a deprecation as a minor change" "endpoint-deprecated INFO";
    OPERATION_REACTIVATED "operation-reactivated" Compatible Patch typed CW Changed
        "operation `{name}` is no longer deprecated" "it works as before" "endpoint-reactivated INFO";
    OPERATION_BECAME_IDEMPOTENT "operation-became-idempotent" Compatible Patch typed CW Changed
        "operation `{name}` became repeatable (`x-idempotent`)" "the client retries it after a failure from now on" "";
    OPERATION_NO_LONGER_IDEMPOTENT "operation-no-longer-idempotent" Breaking Minor typed CW Changed
        "operation `{name}` is no longer repeatable (`x-idempotent`)" "a retry may apply it twice; the client no longer retries it" "";
    EXCLUSIVE_GROUP_RENAMED "exclusive-group-renamed" Compatible Major typed C Changed
        "the group's type was renamed to `{name}`" "the name is not sent; callers name the enum" "";
    HAND_WRITTEN_TYPE_ADDED "hand-written-type-added" Compatible Minor typed C Changed
        "`{name}` takes a hand-written type" "the type is not sent, and the existing values still work" "";
    HAND_WRITTEN_TYPE_CHANGED "hand-written-type-changed" Compatible Major typed C Changed
        "`{name}` takes another type" "the type is not sent; callers name it" "";
    NO_RULE "no-rule" Unclear Patch raw CW Changed
        "`{name}` differs, and no rule covers it" "look at it: the bump is a lower bound, since the generated file changes" "";
}
