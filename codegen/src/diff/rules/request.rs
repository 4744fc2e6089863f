//! The rules for what the client sends.

use super::rule_table;

rule_table! {
    Request;
    NEW_REQUIRED_PARAMETER "new-required-request-parameter" Breaking Major raw CW Added
        "required parameter `{name}` was added" "requests without it are rejected" "ERR";
    NEW_OPTIONAL_PARAMETER "new-optional-request-parameter" Compatible Minor raw CW Added
        "optional parameter `{name}` was added" "requests without it still work; the method in `raw` takes one argument more" "INFO";
    PARAMETER_REMOVED "request-parameter-removed" Unclear Major raw CW Removed
        "parameter `{name}` was removed" "most servers ignore unknown parameters, some reject them" "WARN";
    PARAMETER_RENAMED "request-parameter-renamed" Breaking Major raw CW Changed
        "parameter `{name}` was renamed (inferred: the rest is identical)" "the server does not read the old name" "request-parameter-removed WARN and new-*-request-parameter";
    PARAMETER_MOVED "request-parameter-moved" Breaking Patch typed CW Changed
        "parameter `{name}` is sent in another place" "the server does not look in the old place; code still compiles" "request-parameter-removed WARN and new-*-request-parameter";
    PARAMETER_BECAME_REQUIRED "request-parameter-became-required" Breaking Major raw CW Changed
        "parameter `{name}` became required" "requests without it are rejected" "ERR";
    PARAMETER_BECAME_OPTIONAL "request-parameter-became-optional" Compatible Minor raw CW Changed
        "parameter `{name}` became optional" "requests with it still work" "INFO";
    PARAMETER_STYLE_CHANGED "request-parameter-style-changed" Breaking Patch typed CW Changed
        "parameter `{name}` has another style" "the server reads the old style as something else" "";
    PARAMETER_DEPRECATED "request-parameter-deprecated" Compatible Minor typed CW Deprecated
        "parameter `{name}` is deprecated" "it still works" "INFO";
    PARAMETER_REACTIVATED "request-parameter-reactivated" Compatible Patch typed CW Changed
        "parameter `{name}` is no longer deprecated" "it works as before" "INFO";
    BODY_ADDED_REQUIRED "request-body-added-required" Breaking Major raw CW Added
        "a required body was added to `{name}`" "requests without one are rejected" "ERR";
    BODY_ADDED_OPTIONAL "request-body-added-optional" Compatible Minor raw CW Added
        "an optional body was added to `{name}`" "requests without one still work" "INFO";
    BODY_REMOVED "request-body-removed" Breaking Major raw CW Removed
        "the body of `{name}` was removed" "the server does not read it" "ERR";
    BODY_BECAME_REQUIRED "request-body-became-required" Breaking Major raw CW Changed
        "the body of `{name}` became required" "requests without one are rejected" "ERR";
    BODY_BECAME_OPTIONAL "request-body-became-optional" Compatible Minor typed CW Changed
        "the body of `{name}` became optional" "requests with one still work" "INFO";
    MEDIA_TYPE_ADDED "request-media-type-added" Compatible Patch typed W Added
        "request bodies of type `{name}` are accepted" "the existing types still work, and the client keeps its own" "request-body-media-type-added INFO";
    MEDIA_TYPE_REMOVED "request-media-type-removed" Breaking Major raw CW Removed
        "request bodies of type `{name}` are no longer accepted" "requests with it are rejected" "request-body-media-type-removed ERR";
    NEW_REQUIRED_PROPERTY "new-required-request-property" Breaking Major raw CW Added
        "required request field `{name}` was added" "requests without it are rejected" "ERR";
    NEW_REQUIRED_PROPERTY_WITH_DEFAULT "new-required-request-property-with-default" Breaking Major raw CW Added
        "required request field `{name}` was added, with a default" "the document requires it; ask whether the server takes requests without it, and correct the document if so" "ERR";
    NEW_OPTIONAL_PROPERTY "new-optional-request-property" Compatible Minor raw CW Added
        "optional request field `{name}` was added" "requests without it still work; the typed layer can offer it, literals of the struct in `raw` need it" "INFO";
    PROPERTY_REMOVED "request-property-removed" Unclear Major raw CW Removed
        "request field `{name}` was removed" "most servers ignore unknown fields, some reject them" "WARN";
    PROPERTY_RENAMED "request-property-renamed" Breaking Major raw CW Changed
        "request field `{name}` was renamed (inferred: the rest is identical)" "the server does not read the old name" "request-property-removed WARN and new-*-request-property";
    PROPERTY_BECAME_REQUIRED "request-property-became-required" Breaking Major raw CW Changed
        "request field `{name}` became required" "requests without it are rejected" "ERR";
    PROPERTY_BECAME_OPTIONAL "request-property-became-optional" Compatible Minor raw CW Changed
        "request field `{name}` became optional" "requests with it still work" "INFO";
    PROPERTY_TYPE_CHANGED "request-property-type-changed" Breaking Major raw CW Changed
        "the type of request field `{name}` changed" "values of the old type are rejected" "ERR";
    PROPERTY_TYPE_GENERALIZED "request-property-type-generalized" Compatible Major raw C Changed
        "the type of request field `{name}` was widened" "values of the old type still work; the Rust type changes" "INFO";
    PROPERTY_TYPE_SPECIALIZED "request-property-type-specialized" Breaking Major raw CW Changed
        "the type of request field `{name}` was narrowed" "some values of the old type are rejected" "request-property-type-changed ERR";
    PROPERTY_BECAME_NULLABLE "request-property-became-nullable" Compatible Minor raw C Changed
        "request field `{name}` may be null" "other values still work" "INFO";
    PROPERTY_BECAME_NOT_NULLABLE "request-property-became-not-nullable" Breaking Major raw CW Changed
        "request field `{name}` may no longer be null" "null is rejected" "ERR";
    PROPERTY_FORMAT_ADDED "request-property-format-added" Breaking Major raw CW Changed
        "a format was added to request field `{name}`" "values of another format are rejected" "request-property-type-changed ERR";
    PROPERTY_FORMAT_CHANGED "request-property-format-changed" Breaking Major raw CW Changed
        "the format of request field `{name}` changed" "values of the old format are rejected" "request-property-type-changed ERR";
    PROPERTY_FORMAT_REMOVED "request-property-format-removed" Compatible Major raw C Changed
        "the format of request field `{name}` was removed" "values of the old format still work; the Rust type changes" "request-property-type-generalized INFO";
    PROPERTY_ANNOTATION_SET "request-property-format-annotation-set" Unclear Patch typed CW Changed
        "a format that is no type was set for request field `{name}`" "it probably documents what was enforced before; if not, other values are now rejected" "request-property-type-changed ERR";
    PROPERTY_PATTERN_ADDED "request-property-pattern-added" Breaking Minor raw CW Changed
        "a pattern was added to request field `{name}`" "values that do not match are rejected; code still compiles" "ERR";
    PROPERTY_PATTERN_CHANGED "request-property-pattern-changed" Unclear Minor raw CW Changed
        "the pattern of request field `{name}` changed" "the new pattern may reject what the old one accepted" "WARN";
    PROPERTY_PATTERN_REMOVED "request-property-pattern-removed" Compatible Minor raw C Changed
        "the pattern of request field `{name}` was removed" "more values are accepted" "INFO";
    PROPERTY_LIMIT_SET "request-property-limit-set" Unclear Minor raw CW Changed
        "a limit was added to request field `{name}`" "it probably documents what was enforced before; if not, values beyond it are now rejected" "request-property-max-set and the like ERR";
    PROPERTY_LIMIT_TIGHTENED "request-property-limit-tightened" Breaking Minor raw CW Changed
        "a limit of request field `{name}` was tightened" "values beyond it are rejected" "request-property-max-decreased and the like ERR";
    PROPERTY_LIMIT_LOOSENED "request-property-limit-loosened" Compatible Minor raw C Changed
        "a limit of request field `{name}` was loosened" "more values are accepted" "request-property-max-increased and the like INFO";
    PROPERTY_BECAME_ENUM "request-property-became-enum" Breaking Major raw CW Changed
        "request field `{name}` accepts listed values only" "other values are rejected" "ERR";
    PROPERTY_ENUM_VALUE_ADDED "request-property-enum-value-added" Compatible Minor raw C Added
        "request field `{name}` accepts one value more" "existing values still work" "INFO";
    PROPERTY_ENUM_VALUE_REMOVED "request-property-enum-value-removed" Breaking Major raw CW Removed
        "request field `{name}` accepts one value fewer" "requests with it are rejected" "ERR";
    PROPERTY_ENUM_LIFTED "request-property-enum-lifted" Compatible Major raw C Changed
        "request field `{name}` accepts any value" "the listed values still work; the Rust type changes" "";
    PROPERTY_DEFAULT_ADDED "request-property-default-added" Compatible Patch typed CW Changed
        "the default of request field `{name}` was documented" "it probably documents what the server did before" "request-property-default-value-added INFO, request-parameter- not breaking";
    PROPERTY_DEFAULT_CHANGED "request-property-default-changed" Breaking Patch typed CW Changed
        "the default of request field `{name}` changed" "requests without the field change their meaning" "request-property-default-value-changed INFO, request-parameter- not breaking";
    PROPERTY_DEFAULT_REMOVED "request-property-default-removed" Unclear Patch typed CW Changed
        "the default of request field `{name}` is no longer documented" "requests without the field may change their meaning" "request-property-default-value-removed INFO, request-parameter- not breaking";
    PROPERTY_BECAME_READ_ONLY "request-property-became-read-only" Unclear Minor typed CW Changed
        "request field `{name}` became read-only" "the server may ignore or reject it" "request-*-property-became-read-only INFO";
    PROPERTY_BECAME_NOT_READ_ONLY "request-property-became-not-read-only" Compatible Minor typed CW Changed
        "request field `{name}` is no longer read-only" "requests without it still work" "request-*-property-became-not-read-only INFO";
    PROPERTY_WRITE_ONLY_CHANGED "request-property-write-only-changed" Compatible None typed N NotListed
        "`writeOnly` of request field `{name}` changed" "it is about responses" "request-*-property-became-write-only INFO";
    PROPERTY_DEPRECATED "request-property-deprecated" Compatible Minor typed CW Deprecated
        "request field `{name}` is deprecated" "it still works" "INFO";
    PROPERTY_REACTIVATED "request-property-reactivated" Compatible Patch typed CW Changed
        "request field `{name}` is no longer deprecated" "it works as before" "INFO";
    PROPERTY_ADDITIONAL_TIGHTENED "request-property-additional-tightened" Breaking Major raw CW Changed
        "request field `{name}` accepts fewer unlisted members" "other members are rejected" "";
    PROPERTY_ADDITIONAL_LOOSENED "request-property-additional-loosened" Compatible Major raw C Changed
        "request field `{name}` accepts more unlisted members" "existing members still work; the Rust type may change" "";
    EXCLUSIVE_GROUP_ADDED "request-exclusive-group-added" Breaking Major raw CW Changed
        "exactly one of {name} is required" "requests with several of them, or none, are rejected" "request-body-wrapped-in-one-of ERR";
    EXCLUSIVE_GROUP_REMOVED "request-exclusive-group-removed" Compatible Major raw CW Changed
        "any of {name} may be given" "requests with one of them still work; the enum of the group disappears" "request-body-one-of-removed ERR";
    EXCLUSIVE_GROUP_MEMBER_ADDED "request-exclusive-group-member-added" Compatible Minor typed CW Added
        "`{name}` was added to the group" "the others still work; the group's enum is `#[non_exhaustive]`" "request-body-one-of-added INFO";
    EXCLUSIVE_GROUP_MEMBER_REMOVED "request-exclusive-group-member-removed" Breaking Major raw CW Removed
        "`{name}` was removed from the group" "requests that are identified by it alone are rejected" "request-body-one-of-removed ERR";
    PROPERTY_ALTERNATIVES_SET "request-property-alternatives-set" Breaking Major raw CW Changed
        "`{name}` must have one of the listed forms" "other values are rejected" "request-body-wrapped-in-one-of ERR";
    PROPERTY_ALTERNATIVES_UNSET "request-property-alternatives-unset" Compatible Major raw C Changed
        "`{name}` no longer needs one of the listed forms" "the old forms still work; the Rust type changes" "";
    PROPERTY_ALTERNATIVE_ADDED "request-property-alternative-added" Compatible Minor raw C Added
        "`{name}` accepts one form more" "existing forms still work" "request-property-one-of-added, -any-of-added INFO";
    PROPERTY_ALTERNATIVE_REMOVED "request-property-alternative-removed" Breaking Major raw CW Removed
        "`{name}` accepts one form fewer" "requests with it are rejected" "request-property-one-of-removed, -any-of-removed ERR";
    PROPERTY_KEYWORD_ADDED "request-property-keyword-added" Breaking Minor raw CW Changed
        "a keyword of JSON Schema was added to `{name}`" "values that do not match are rejected" "request-property-contains-added and the like ERR, -prefix-items-added INFO";
    PROPERTY_KEYWORD_REMOVED "request-property-keyword-removed" Compatible Minor raw C Changed
        "a keyword of JSON Schema was removed from `{name}`" "more values are accepted" "request-property-contains-removed and the like INFO, -prefix-items-removed ERR";
    PROPERTY_KEYWORD_CHANGED "request-property-keyword-changed" Unclear Minor raw CW Changed
        "a keyword of JSON Schema changed at `{name}`" "the new condition may reject what the old one accepted" "request-property-dependent-required-changed ERR; if, not: not checked";
    PROPERTY_ONE_OF_BECAME_ANY_OF "request-property-one-of-became-any-of" Compatible Major raw C Changed
        "`{name}` may match several of its forms (`oneOf` became `anyOf`)" "existing values still work; the Rust type may change" "request-property-any-of-added INFO and -one-of-removed ERR";
    PROPERTY_ANY_OF_BECAME_ONE_OF "request-property-any-of-became-one-of" Unclear Major raw CW Changed
        "`{name}` must match only one of its forms (`anyOf` became `oneOf`)" "values that match several forms are rejected, if there are any" "request-property-one-of-added INFO and -any-of-removed ERR";
}
