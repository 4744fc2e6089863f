//! The rules for what the server sends.

use super::rule_table;

rule_table! {
    Response;
    SUCCESS_STATUS_ADDED "response-success-status-added" Compatible Patch typed W Added
        "success status {name} was added" "the client treats any 2xx as a success" "INFO";
    SUCCESS_STATUS_REMOVED "response-success-status-removed" Breaking Major raw CW Removed
        "success status {name} was removed" "clients that wait for it never get it; the type of the response may disappear" "ERR";
    NON_SUCCESS_STATUS_ADDED "response-non-success-status-added" Compatible Patch typed W Added
        "error status {name} was added" "the client reads errors of any status" "INFO";
    NON_SUCCESS_STATUS_REMOVED "response-non-success-status-removed" Compatible Patch typed W Removed
        "error status {name} was removed" "the client can still read it, and no client needs an error" "INFO";
    MEDIA_TYPE_ADDED "response-media-type-added" Compatible Patch typed W Added
        "responses may be of type `{name}`" "the client asks for JSON alone" "INFO";
    MEDIA_TYPE_REMOVED "response-media-type-removed" Breaking Major raw CW Removed
        "responses are no longer of type `{name}`" "clients that ask for it do not get it" "ERR";
    HEADER_ADDED "response-header-added" Compatible None typed W NotListed
        "response header `{name}` was added" "clients ignore headers they do not know" "INFO";
    HEADER_REMOVED "response-header-removed" Breaking Patch typed W Removed
        "response header `{name}` was removed" "clients that read it no longer find it; ours has no type for headers" "required-response-header-removed ERR, optional- not breaking";
    HEADER_BECAME_OPTIONAL "response-header-became-optional" Breaking Patch typed W Changed
        "response header `{name}` became optional" "clients that read it may not find it; ours has no type for headers" "ERR";
    HEADER_BECAME_REQUIRED "response-header-became-required" Compatible None typed W NotListed
        "response header `{name}` is always sent" "clients that read it always find it" "";
    REQUIRED_PROPERTY_ADDED "response-required-property-added" Compatible Minor raw CW Added
        "response field `{name}` was added" "clients ignore fields they do not know; literals of the struct in `raw` need it" "INFO";
    OPTIONAL_PROPERTY_ADDED "response-optional-property-added" Compatible Minor raw CW Added
        "optional response field `{name}` was added" "clients ignore fields they do not know; literals of the struct in `raw` need it" "INFO";
    REQUIRED_PROPERTY_REMOVED "response-required-property-removed" Breaking Major raw CW Removed
        "response field `{name}` was removed" "clients that read it no longer find it" "ERR";
    OPTIONAL_PROPERTY_REMOVED "response-optional-property-removed" Compatible Major raw CW Removed
        "optional response field `{name}` was removed" "clients have to work without it already; code that names it does not compile" "not breaking";
    PROPERTY_RENAMED "response-property-renamed" Breaking Major raw CW Changed
        "response field `{name}` was renamed (inferred: the rest is identical)" "clients that read the old name no longer find it" "response-*-property-removed and -added";
    PROPERTY_BECAME_OPTIONAL "response-property-became-optional" Breaking Major raw CW Changed
        "response field `{name}` became optional" "clients that read it may not find it" "ERR";
    PROPERTY_BECAME_REQUIRED "response-property-became-required" Compatible Major raw C Changed
        "response field `{name}` is always present" "clients always find it; the field's type is no longer an `Option`" "INFO";
    PROPERTY_TYPE_CHANGED "response-property-type-changed" Breaking Major raw CW Changed
        "the type of response field `{name}` changed" "clients cannot read it as before" "ERR";
    PROPERTY_TYPE_GENERALIZED "response-property-type-generalized" Breaking Major raw CW Changed
        "the type of response field `{name}` was widened" "clients cannot read all values as before" "ERR";
    PROPERTY_TYPE_SPECIALIZED "response-property-type-specialized" Compatible Major raw C Changed
        "the type of response field `{name}` was narrowed" "clients can read it as before; the Rust type changes" "INFO";
    PROPERTY_BECAME_NULLABLE "response-property-became-nullable" Breaking Major raw CW Changed
        "response field `{name}` may be null" "clients that do not expect null cannot read it" "ERR";
    PROPERTY_BECAME_NOT_NULLABLE "response-property-became-not-nullable" Compatible Major raw C Changed
        "response field `{name}` is never null" "clients can read it as before; the field's type is no longer an `Option`" "INFO";
    PROPERTY_FORMAT_ADDED "response-property-format-added" Compatible Major raw C Changed
        "a format was added to response field `{name}`" "clients can read it as before; the Rust type changes" "response-property-type-specialized INFO";
    PROPERTY_FORMAT_CHANGED "response-property-format-changed" Breaking Major raw CW Changed
        "the format of response field `{name}` changed" "clients cannot read it as before" "response-property-type-changed ERR";
    PROPERTY_FORMAT_REMOVED "response-property-format-removed" Breaking Major raw CW Changed
        "the format of response field `{name}` was removed" "clients cannot read all values as before" "response-property-type-generalized ERR";
    PROPERTY_PATTERN_ADDED "response-property-pattern-added" Compatible Minor raw C Changed
        "a pattern was added to response field `{name}`" "fewer values are sent" "INFO";
    PROPERTY_PATTERN_CHANGED "response-property-pattern-changed" Unclear Minor raw CW Changed
        "the pattern of response field `{name}` changed" "generated types that check the old pattern reject other values" "INFO";
    PROPERTY_PATTERN_REMOVED "response-property-pattern-removed" Breaking Minor raw CW Changed
        "the pattern of response field `{name}` was removed" "generated types that check the old pattern reject other values" "INFO";
    PROPERTY_LIMIT_TIGHTENED "response-property-limit-tightened" Compatible Minor raw C Changed
        "a limit of response field `{name}` was tightened" "fewer values are sent" "";
    PROPERTY_LIMIT_LOOSENED "response-property-limit-loosened" Breaking Minor raw CW Changed
        "a limit of response field `{name}` was loosened" "values appear that were excluded before" "response-property-max-increased and the like ERR";
    PROPERTY_BECAME_ENUM "response-property-became-enum" Compatible Major raw C Changed
        "response field `{name}` has listed values only" "clients can read them as before; the Rust type changes" "";
    PROPERTY_ENUM_VALUE_ADDED "response-property-enum-value-added" Breaking Major raw CW Added
        "response field `{name}` may have one value more" "the generated enums are exhaustive and cannot read an unknown value" "ERR";
    PROPERTY_ENUM_VALUE_REMOVED "response-property-enum-value-removed" Compatible Major raw C Removed
        "response field `{name}` has one value fewer" "clients can read the others as before; the enum has one variant fewer" "INFO";
    PROPERTY_ENUM_LIFTED "response-property-enum-lifted" Breaking Major raw CW Changed
        "response field `{name}` may have any value" "values appear that were excluded before" "";
    PROPERTY_DEFAULT_CHANGED "response-property-default-changed" Compatible Patch typed W NotListed
        "the default of response field `{name}` changed" "the server decides what it sends" "response-property-default-value-added, -changed, -removed INFO";
    PROPERTY_BECAME_WRITE_ONLY "response-property-became-write-only" Unclear Minor typed CW Changed
        "response field `{name}` became write-only" "clients that read it may not find it" "response-*-property-became-write-only INFO";
    PROPERTY_BECAME_NOT_WRITE_ONLY "response-property-became-not-write-only" Compatible Minor typed CW Changed
        "response field `{name}` is no longer write-only" "clients ignore fields they do not know" "response-*-property-became-not-write-only INFO, WARN";
    PROPERTY_READ_ONLY_CHANGED "response-property-read-only-changed" Compatible None typed N NotListed
        "`readOnly` of response field `{name}` changed" "it is about requests" "response-*-property-became-read-only INFO";
    PROPERTY_DEPRECATED "response-property-deprecated" Compatible Minor typed CW Deprecated
        "response field `{name}` is deprecated" "it is still sent" "INFO";
    PROPERTY_REACTIVATED "response-property-reactivated" Compatible Patch typed CW Changed
        "response field `{name}` is no longer deprecated" "it is sent as before" "INFO";
    PROPERTY_ADDITIONAL_TIGHTENED "response-property-additional-tightened" Compatible Major raw C Changed
        "response field `{name}` has fewer unlisted members" "clients can read them as before; the Rust type may change" "";
    PROPERTY_ADDITIONAL_LOOSENED "response-property-additional-loosened" Breaking Major raw CW Changed
        "response field `{name}` has more unlisted members" "generated types that reject or type unlisted members cannot read others" "";
    PROPERTY_ALTERNATIVES_SET "response-property-alternatives-set" Compatible Major raw C Changed
        "`{name}` has one of the listed forms" "clients can read it as before; the Rust type changes" "response-body-wrapped-in-one-of ERR";
    PROPERTY_ALTERNATIVES_UNSET "response-property-alternatives-unset" Breaking Major raw CW Changed
        "`{name}` no longer has one of the listed forms" "values appear that were excluded before" "";
    PROPERTY_ALTERNATIVE_ADDED "response-property-alternative-added" Breaking Major raw CW Added
        "`{name}` may have one form more" "clients that know the old forms cannot read it" "response-property-one-of-added, -any-of-added ERR";
    PROPERTY_ALTERNATIVE_REMOVED "response-property-alternative-removed" Compatible Major raw C Removed
        "`{name}` has one form fewer" "clients can read the others as before; the Rust type changes" "response-property-one-of-removed, -any-of-removed INFO";
    PROPERTY_KEYWORD_ADDED "response-property-keyword-added" Compatible Minor raw C Changed
        "a keyword of JSON Schema was added to `{name}`" "fewer values are sent" "response-property-contains-added and the like INFO, -prefix-items-added ERR";
    PROPERTY_KEYWORD_REMOVED "response-property-keyword-removed" Breaking Minor raw CW Changed
        "a keyword of JSON Schema was removed from `{name}`" "values appear that were excluded before" "response-property-contains-removed and the like ERR, -prefix-items-removed INFO";
    PROPERTY_KEYWORD_CHANGED "response-property-keyword-changed" Unclear Minor raw CW Changed
        "a keyword of JSON Schema changed at `{name}`" "values may appear that were excluded before" "response-property-dependent-required-changed ERR; if, not: not checked";
    PROPERTY_ONE_OF_BECAME_ANY_OF "response-property-one-of-became-any-of" Compatible Major raw C Changed
        "`{name}` may match several of its forms (`oneOf` became `anyOf`)" "each value still has one of the forms; the Rust type may change" "response-property-any-of-added ERR and -one-of-removed INFO";
    PROPERTY_ANY_OF_BECAME_ONE_OF "response-property-any-of-became-one-of" Compatible Major raw C Changed
        "`{name}` matches only one of its forms (`anyOf` became `oneOf`)" "each value still has one of the forms; the Rust type may change" "response-property-one-of-added ERR and -any-of-removed INFO";
}
