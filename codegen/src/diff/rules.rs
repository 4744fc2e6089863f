//! The one table of rules: what each kind of change means. `openapi/diff-rules.md` is printed from it. Longer than other
//! files, since it is one table.

use super::{
    Bump, Direction, Section, Touches, Verdict,
    rule::{Rule, rules},
};

/// The rule of this name; one that is not there is the rule for what no other speaks of.
pub(super) fn rule(id: &str) -> &'static Rule {
    RULES.iter().find(|rule| rule.id == id).unwrap_or(&NO_RULE)
}

/// For what no other rule speaks of.
static NO_RULE: Rule = Rule {
    id: "no-rule",
    direction: Direction::Neither,
    verdict: Verdict::Unclear,
    bump: Bump::Patch,
    raw: true,
    touches: Touches { callers: true, wire: true },
    section: Section::Changed,
    says: "`{name}` differs, and there is no rule for it",
    why: "look at it: the bump is the least that it needs, since the generated file changes",
    oasdiff: "",
};

// id  way verdict bump raw|typed touches(C: callers, W: wire, N: nobody) section
//     says  why  oasdiff
rules! {
"openapi-version-changed" Neither Unclear Patch typed CW Changed
    "the document is written in another version of OpenAPI" "the same keywords may mean something else" "";
"info-changed" Neither Wording Patch typed C Unlisted
    "`{name}` of the document was reworded" "it is the documentation of the generated client" "";
"tags-changed" Neither Wording None typed N Unlisted
    "the tags are others" "they sort documentation, and no code is generated from them" "api-tag-added, -removed INFO";
"text-changed" Neither Wording Patch typed C Unlisted
    "`{name}` was reworded" "descriptions are the documentation of the generated code" "";
"example-changed" Neither Wording None typed N Unlisted
    "the examples of `{name}` are others" "examples promise nothing" "";
"spelling-changed" Neither Wording None typed N Unlisted
    "`{name}` says the same in another way" "another order in a list without one, or a default that is written out" "";
"reference-changed" Neither Compatible Minor raw C Unlisted
    "`{name}` is written in another place" "what differs there is reported on its own; a generated type may have another name" "";
"component-schema-added" Neither Compatible Minor typed C Unlisted
    "component schema `{name}` was added" "`raw::types` has one type more; who uses it is reported on its own" "";
"component-schema-removed" Neither Compatible Minor raw C Removed
    "component schema `{name}` was removed" "`raw::types` has one type less; who used it is reported on its own" "api-schema-removed INFO";
"component-renamed" Neither Compatible Minor raw C Changed
    "component `{name}` was renamed (inferred: both are the same)" "names of components are not sent; a type in `raw` may have another name" "";
"component-added" Neither Compatible None typed N Unlisted
    "component `{name}` was added" "no code comes from it alone; who uses it is reported on its own" "";
"component-removed" Neither Compatible None typed N Unlisted
    "component `{name}` was removed" "no code came from it alone; who used it is reported on its own" "";
"unused-component-changed" Neither Compatible Minor raw C Unlisted
    "component `{name}`, which no operation uses, has changed" "nothing of it is sent; a type in `raw` may be another" "";
"server-added" Neither Compatible Patch typed CW Added
    "server `{name}` was added" "the old ones go on" "";
"server-removed" Neither Breaking Patch typed CW Removed
    "server `{name}` was removed" "requests to it may no longer be answered; code compiles as before" "";
"server-url-changed" Neither Breaking Patch typed CW Changed
    "the server's URL is `{name}`" "requests to the old one may no longer be answered; code compiles as before, the default base URL follows" "";
"security-became-required" Neither Breaking Major typed CW Changed
    "`{name}` needs a credential" "requests without one are refused" "api-security-added, api-global-security-added INFO";
"security-no-longer-required" Neither Compatible Patch typed CW Changed
    "`{name}` needs no credential any more" "one that is sent does no harm" "api-security-removed, api-global-security-removed INFO";
"security-alternative-added" Neither Compatible Minor typed CW Added
    "`{name}` takes one more kind of credential" "the old ones go on" "api-security-added INFO";
"security-alternative-removed" Neither Breaking Major typed CW Removed
    "`{name}` takes one kind of credential less" "who sends it is refused" "api-security-removed INFO";
"security-changed" Neither Breaking Major typed CW Changed
    "`{name}` takes another credential" "the old one is refused" "api-security-added and -removed INFO";
"security-scheme-moved" Neither Breaking Patch typed CW Changed
    "the credential `{name}` is sent in another place" "sent in the old one it is not seen; code compiles as before" "";
"security-scheme-changed" Neither Breaking Major typed CW Changed
    "the credential `{name}` is of another kind" "callers need another one" "api-security-component-type-changed INFO";
"security-scheme-added" Neither Compatible None typed N Unlisted
    "security scheme `{name}` was added" "who asks for it is reported on its own" "api-security-component-added INFO";
"security-scheme-removed" Neither Compatible None typed N Unlisted
    "security scheme `{name}` was removed" "who asked for it is reported on its own" "api-security-component-removed INFO";
"operation-added" Neither Compatible Minor typed CW Added
    "operation `{name}` was added" "nothing that was there changes" "endpoint-added INFO";
"operation-removed" Neither Breaking Major raw CW Removed
    "operation `{name}` was removed" "its requests are refused, its method goes; also after a deprecation" "api-removed-without-deprecation ERR, -with-deprecation INFO";
"operation-id-changed" Neither Compatible Minor raw C Changed
    "operation `{name}` has another id" "ids are not sent; the method in `raw` has another name, the typed one can keep its own" "api-operation-id-added, -removed INFO";
"operation-path-changed" Neither Breaking Patch typed CW Changed
    "the path is `{name}`" "the old one is no longer answered; code compiles as before" "api-path-removed-without-deprecation ERR and endpoint-added INFO";
"operation-method-changed" Neither Breaking Patch typed CW Changed
    "operation `{name}` has another method" "the old one is no longer answered; code compiles as before" "api-removed-without-deprecation ERR and endpoint-added INFO";
"path-parameter-renamed" Neither Compatible Patch typed C Unlisted
    "a parameter in `{name}` has another name" "the name is not sent" "";
"operation-deprecated" Neither Compatible Minor typed CW Deprecated
    "operation `{name}` is deprecated" "it still works; a deprecation is a minor change to Cargo" "endpoint-deprecated INFO";
"operation-reactivated" Neither Compatible Patch typed CW Changed
    "operation `{name}` is no longer deprecated" "it works as before" "endpoint-reactivated INFO";
"operation-became-idempotent" Neither Compatible Patch typed CW Changed
    "operation `{name}` may be repeated (`x-idempotent`)" "the client repeats it after a failure from now on" "";
"operation-no-longer-idempotent" Neither Breaking Minor typed CW Changed
    "operation `{name}` may not be repeated any more (`x-idempotent`)" "who repeats it may do it twice; the client no longer does" "";
"new-required-request-parameter" Request Breaking Major raw CW Added
    "required parameter `{name}` was added" "requests without it are refused" "ERR";
"new-optional-request-parameter" Request Compatible Minor raw CW Added
    "optional parameter `{name}` was added" "requests without it go on; the method in `raw` takes one argument more" "INFO";
"request-parameter-removed" Request Unclear Major raw CW Removed
    "parameter `{name}` was removed" "servers mostly ignore what they do not know, some refuse it" "WARN";
"request-parameter-renamed" Request Breaking Major raw CW Changed
    "parameter `{name}` was renamed (inferred: the rest is the same)" "under its old name it is not seen" "request-parameter-removed WARN and new-*-request-parameter";
"request-parameter-moved" Request Breaking Patch typed CW Changed
    "parameter `{name}` is sent in another place" "in the old one it is not seen; code compiles as before" "request-parameter-removed WARN and new-*-request-parameter";
"request-parameter-became-required" Request Breaking Major raw CW Changed
    "parameter `{name}` became required" "requests without it are refused" "ERR";
"request-parameter-became-optional" Request Compatible Minor raw CW Changed
    "parameter `{name}` became optional" "requests with it go on" "INFO";
"request-parameter-style-changed" Request Breaking Patch typed CW Changed
    "parameter `{name}` is written in another style" "in the old one it is read as something else" "";
"request-parameter-deprecated" Request Compatible Minor typed CW Deprecated
    "parameter `{name}` is deprecated" "it still works" "INFO";
"request-parameter-reactivated" Request Compatible Patch typed CW Changed
    "parameter `{name}` is no longer deprecated" "it works as before" "INFO";
"request-body-added-required" Request Breaking Major raw CW Added
    "a required body was added to `{name}`" "requests without one are refused" "ERR";
"request-body-added-optional" Request Compatible Minor raw CW Added
    "an optional body was added to `{name}`" "requests without one go on" "INFO";
"request-body-removed" Request Breaking Major raw CW Removed
    "the body of `{name}` was removed" "what was sent in it is not seen" "ERR";
"request-body-became-required" Request Breaking Major raw CW Changed
    "the body of `{name}` became required" "requests without one are refused" "ERR";
"request-body-became-optional" Request Compatible Minor typed CW Changed
    "the body of `{name}` became optional" "requests with one go on" "INFO";
"request-media-type-added" Request Compatible Patch typed W Added
    "a body of `{name}` is taken too" "the old types go on, and the client goes on sending its own" "request-body-media-type-added INFO";
"request-media-type-removed" Request Breaking Major raw CW Removed
    "a body of `{name}` is no longer taken" "who sends it is refused" "request-body-media-type-removed ERR";
"response-success-status-added" Response Compatible Patch typed W Added
    "success status {name} was added" "any 2xx is a success to the client" "INFO";
"response-success-status-removed" Response Breaking Major raw CW Removed
    "success status {name} was removed" "who waits for it waits in vain; the type of the answer may go" "ERR";
"response-non-success-status-added" Response Compatible Patch typed W Added
    "error status {name} was added" "errors are read tolerantly, whatever their status" "INFO";
"response-non-success-status-removed" Response Compatible Patch typed W Removed
    "error status {name} was removed" "nobody misses an error; it can still be read" "INFO";
"response-media-type-added" Response Compatible Patch typed W Added
    "an answer of `{name}` is possible too" "the client asks for JSON alone" "INFO";
"response-media-type-removed" Response Breaking Major raw CW Removed
    "answers are no longer of `{name}`" "who asks for it does not get it" "ERR";
"response-header-added" Response Compatible None typed W Unlisted
    "header `{name}` is sent along" "who does not know it does not look" "INFO";
"response-header-removed" Response Breaking Patch typed W Removed
    "header `{name}` is no longer sent" "who reads it misses it; the client has no type for headers" "required-response-header-removed ERR, optional- WARN";
"response-header-became-optional" Response Breaking Patch typed W Changed
    "header `{name}` became optional" "who reads it may miss it; the client has no type for headers" "ERR";
"response-header-became-required" Response Compatible None typed W Unlisted
    "header `{name}` is always sent" "who reads it finds it" "";
"new-required-request-property" Request Breaking Major raw CW Added
    "required request field `{name}` was added" "requests without it are refused" "ERR";
"new-optional-request-property" Request Compatible Minor raw CW Added
    "optional request field `{name}` was added" "requests without it go on; the typed layer can offer it, literals of the struct in `raw` need it" "INFO";
"request-property-removed" Request Unclear Major raw CW Removed
    "request field `{name}` was removed" "servers mostly ignore what they do not know, some refuse it" "WARN";
"request-property-renamed" Request Breaking Major raw CW Changed
    "request field `{name}` was renamed (inferred: the rest is the same)" "under its old name it is not seen" "request-property-removed WARN and new-*-request-property";
"request-property-became-required" Request Breaking Major raw CW Changed
    "request field `{name}` became required" "requests without it are refused" "ERR";
"request-property-became-optional" Request Compatible Minor raw CW Changed
    "request field `{name}` became optional" "requests with it go on" "INFO";
"response-required-property-added" Response Compatible Minor raw CW Added
    "response field `{name}` was added" "readers ignore what they do not know; literals of the struct in `raw` need it" "INFO";
"response-optional-property-added" Response Compatible Minor raw CW Added
    "optional response field `{name}` was added" "readers ignore what they do not know; literals of the struct in `raw` need it" "INFO";
"response-required-property-removed" Response Breaking Major raw CW Removed
    "response field `{name}` was removed" "who reads it misses it" "ERR";
"response-optional-property-removed" Response Unclear Major raw CW Removed
    "optional response field `{name}` was removed" "readers were told that it may be missing; code that names it does not compile" "WARN";
"response-property-renamed" Response Breaking Major raw CW Changed
    "response field `{name}` was renamed (inferred: the rest is the same)" "who reads it under its old name misses it" "response-*-property-removed and -added";
"response-property-became-optional" Response Breaking Major raw CW Changed
    "response field `{name}` became optional" "who reads it may miss it" "ERR";
"response-property-became-required" Response Compatible Major raw C Changed
    "response field `{name}` is always there" "readers find what they may have missed; the field's type is no longer an `Option`" "INFO";
"request-property-type-changed" Request Breaking Major raw CW Changed
    "the type of request field `{name}` is another" "values of the old type are refused" "ERR";
"request-property-type-generalized" Request Compatible Major raw C Changed
    "the type of request field `{name}` is wider" "values of the old type go on; the Rust type is another" "INFO";
"request-property-type-specialized" Request Breaking Major raw CW Changed
    "the type of request field `{name}` is narrower" "some values of the old type are refused" "request-property-type-changed ERR";
"response-property-type-changed" Response Breaking Major raw CW Changed
    "the type of response field `{name}` is another" "it cannot be read as before" "ERR";
"response-property-type-generalized" Response Breaking Major raw CW Changed
    "the type of response field `{name}` is wider" "not all of it can be read as before" "ERR";
"response-property-type-specialized" Response Compatible Major raw C Changed
    "the type of response field `{name}` is narrower" "it can be read as before; the Rust type is another" "INFO";
"request-property-became-nullable" Request Compatible Minor raw C Changed
    "request field `{name}` may be null" "other values go on" "INFO";
"request-property-became-not-nullable" Request Breaking Major raw CW Changed
    "request field `{name}` may not be null any more" "null is refused" "ERR";
"response-property-became-nullable" Response Breaking Major raw CW Changed
    "response field `{name}` may be null" "who does not expect null cannot read it" "ERR";
"response-property-became-not-nullable" Response Compatible Major raw C Changed
    "response field `{name}` is never null" "it can be read as before; the field's type is no longer an `Option`" "INFO";
"request-property-format-added" Request Breaking Major raw CW Changed
    "request field `{name}` has a format" "values that are not of it are refused" "request-property-type-changed ERR";
"request-property-format-changed" Request Breaking Major raw CW Changed
    "request field `{name}` has another format" "values of the old one are refused" "request-property-type-changed ERR";
"request-property-format-removed" Request Compatible Major raw C Changed
    "request field `{name}` has no format any more" "values of the old one go on; the Rust type is another" "request-property-type-generalized INFO";
"response-property-format-added" Response Compatible Major raw C Changed
    "response field `{name}` has a format" "it can be read as before; the Rust type is another" "response-property-type-specialized INFO";
"response-property-format-changed" Response Breaking Major raw CW Changed
    "response field `{name}` has another format" "it cannot be read as before" "response-property-type-changed ERR";
"response-property-format-removed" Response Breaking Major raw CW Changed
    "response field `{name}` has no format any more" "not all of it can be read as before" "response-property-type-generalized ERR";
"request-property-pattern-added" Request Breaking Minor raw CW Changed
    "request field `{name}` has a pattern" "values that do not match are refused; callers' code compiles" "ERR";
"request-property-pattern-changed" Request Unclear Minor raw CW Changed
    "request field `{name}` has another pattern" "whether it takes what the old one took cannot be told" "WARN";
"request-property-pattern-removed" Request Compatible Minor raw C Changed
    "request field `{name}` has no pattern any more" "more values are taken" "INFO";
"response-property-pattern-added" Response Compatible Minor raw C Changed
    "response field `{name}` has a pattern" "fewer values are sent" "INFO";
"response-property-pattern-changed" Response Unclear Minor raw CW Changed
    "response field `{name}` has another pattern" "a generated type that checks the old one refuses others" "INFO";
"response-property-pattern-removed" Response Breaking Minor raw CW Changed
    "response field `{name}` has no pattern any more" "a generated type that checks the old one refuses others" "INFO";
"request-property-limit-set" Request Unclear Minor raw CW Changed
    "request field `{name}` has a limit" "mostly it tells what was enforced before; if not, values beyond it are refused now" "request-property-max-set and the like WARN";
"request-property-limit-tightened" Request Breaking Minor raw CW Changed
    "a limit of request field `{name}` is tighter" "values beyond it are refused" "request-property-max-decreased and the like ERR";
"request-property-limit-loosened" Request Compatible Minor raw C Changed
    "a limit of request field `{name}` is looser" "more values are taken" "request-property-max-increased and the like INFO";
"response-property-limit-tightened" Response Compatible Minor raw C Changed
    "a limit of response field `{name}` is tighter" "fewer values are sent" "";
"response-property-limit-loosened" Response Breaking Minor raw CW Changed
    "a limit of response field `{name}` is looser" "values come that were ruled out" "response-property-max-increased and the like ERR";
"request-property-became-enum" Request Breaking Major raw CW Changed
    "request field `{name}` takes listed values only" "others are refused" "ERR";
"request-property-enum-value-added" Request Compatible Minor raw C Added
    "request field `{name}` takes one more value" "the old ones go on" "INFO";
"request-property-enum-value-removed" Request Breaking Major raw CW Removed
    "request field `{name}` takes one value less" "who sends it is refused" "ERR";
"request-property-enum-lifted" Request Compatible Major raw C Changed
    "request field `{name}` takes any value" "the listed ones go on; the Rust type is another" "";
"response-property-became-enum" Response Compatible Major raw C Changed
    "response field `{name}` has listed values only" "they can be read as before; the Rust type is another" "";
"response-property-enum-value-added" Response Breaking Major raw CW Added
    "response field `{name}` may have one more value" "the generated enums are exhaustive, and do not read a value that they do not know" "WARN";
"response-property-enum-value-removed" Response Compatible Major raw C Removed
    "response field `{name}` has one value less" "the others can be read as before; the enum has one variant less" "INFO";
"response-property-enum-lifted" Response Breaking Major raw CW Changed
    "response field `{name}` may have any value" "values come that were ruled out" "";
"request-property-default-added" Request Compatible Patch typed CW Changed
    "the default of request field `{name}` is told" "mostly it tells what the server did before" "request-property-default-value-added INFO, request-parameter- ERR";
"request-property-default-changed" Request Breaking Patch typed CW Changed
    "the default of request field `{name}` is another" "a request that leaves it out means something else" "request-property-default-value-changed INFO, request-parameter- ERR";
"request-property-default-removed" Request Unclear Patch typed CW Changed
    "the default of request field `{name}` is no longer told" "a request that leaves it out may mean something else" "request-property-default-value-removed INFO, request-parameter- ERR";
"response-property-default-changed" Response Compatible Patch typed W Unlisted
    "the default of response field `{name}` is another" "the server sends what it sends" "response-property-default-value-added, -changed, -removed INFO";
"request-property-became-read-only" Request Unclear Minor typed CW Changed
    "request field `{name}` is not to be sent any more" "the server may ignore or refuse it" "request-*-property-became-read-only INFO";
"request-property-became-not-read-only" Request Compatible Minor typed CW Changed
    "request field `{name}` may be sent" "requests without it go on" "request-*-property-became-not-read-only INFO";
"request-property-write-only-changed" Request Compatible None typed N Unlisted
    "`writeOnly` of request field `{name}` is another" "it is about answers" "request-*-property-became-write-only INFO";
"response-property-became-write-only" Response Unclear Minor typed CW Changed
    "response field `{name}` is not sent any more" "who reads it may miss it" "response-*-property-became-write-only INFO";
"response-property-became-not-write-only" Response Compatible Minor typed CW Changed
    "response field `{name}` may be sent" "readers ignore what they do not know" "response-*-property-became-not-write-only INFO, WARN";
"response-property-read-only-changed" Response Compatible None typed N Unlisted
    "`readOnly` of response field `{name}` is another" "it is about requests" "response-*-property-became-read-only INFO";
"request-property-deprecated" Request Compatible Minor typed CW Deprecated
    "request field `{name}` is deprecated" "it still works" "INFO";
"request-property-reactivated" Request Compatible Patch typed CW Changed
    "request field `{name}` is no longer deprecated" "it works as before" "INFO";
"response-property-deprecated" Response Compatible Minor typed CW Deprecated
    "response field `{name}` is deprecated" "it is still sent" "INFO";
"response-property-reactivated" Response Compatible Patch typed CW Changed
    "response field `{name}` is no longer deprecated" "it is sent as before" "INFO";
"request-property-additional-tightened" Request Breaking Major raw CW Changed
    "request field `{name}` takes fewer unlisted members" "others are refused" "";
"request-property-additional-loosened" Request Compatible Major raw C Changed
    "request field `{name}` takes more unlisted members" "the old ones go on; the Rust type may be another" "";
"response-property-additional-tightened" Response Compatible Major raw C Changed
    "response field `{name}` has fewer unlisted members" "they can be read as before; the Rust type may be another" "";
"response-property-additional-loosened" Response Breaking Major raw CW Changed
    "response field `{name}` has more unlisted members" "a generated type that refuses or types them cannot read others" "";
"request-exclusive-group-added" Request Breaking Major raw CW Changed
    "exactly one of {name} is to be given" "requests with several of them, or none, are refused" "request-body-wrapped-in-one-of ERR";
"request-exclusive-group-removed" Request Compatible Major raw CW Changed
    "any of {name} may be given" "requests with one of them go on; the enum of the group goes" "request-body-one-of-removed ERR";
"request-exclusive-group-member-added" Request Compatible Minor typed CW Added
    "`{name}` is one more member of the group" "the others go on; the group's enum is `#[non_exhaustive]`" "request-body-one-of-added INFO";
"request-exclusive-group-member-removed" Request Breaking Major raw CW Removed
    "`{name}` is no member of the group any more" "requests that are told by it alone are refused" "request-body-one-of-removed ERR";
"exclusive-group-renamed" Neither Compatible Major typed C Changed
    "the group's type is `{name}`" "the name is not sent; callers name the enum" "";
"hand-written-type-added" Neither Compatible Minor typed C Changed
    "`{name}` is given as a hand-written type" "the type is not sent, and takes what was given before" "";
"hand-written-type-changed" Neither Compatible Major typed C Changed
    "`{name}` is given as another type" "the type is not sent; callers name it" "";
"request-property-alternatives-set" Request Breaking Major raw CW Changed
    "`{name}` has to be one of listed forms" "others are refused" "request-body-wrapped-in-one-of ERR";
"request-property-alternatives-unset" Request Compatible Major raw C Changed
    "`{name}` has not to be one of listed forms any more" "the old forms go on; the Rust type is another" "";
"request-property-alternative-added" Request Compatible Minor raw C Added
    "`{name}` takes one more form" "the old forms go on" "request-property-one-of-added, -any-of-added INFO";
"request-property-alternative-removed" Request Breaking Major raw CW Removed
    "`{name}` takes one form less" "who sends it is refused" "request-property-one-of-removed, -any-of-removed ERR";
"response-property-alternatives-set" Response Compatible Major raw C Changed
    "`{name}` is one of listed forms" "it can be read as before; the Rust type is another" "response-body-wrapped-in-one-of ERR";
"response-property-alternatives-unset" Response Breaking Major raw CW Changed
    "`{name}` is no longer one of listed forms" "others come that were ruled out" "";
"response-property-alternative-added" Response Breaking Major raw CW Added
    "`{name}` may have one more form" "a reader of the old forms cannot read it" "response-property-one-of-added ERR, -any-of-added INFO";
"response-property-alternative-removed" Response Compatible Major raw C Removed
    "`{name}` has one form less" "the others can be read as before; the Rust type is another" "response-property-one-of-removed, -any-of-removed INFO";
"request-property-all-of-added" Request Breaking Major raw CW Changed
    "`{name}` has to satisfy one more schema" "what does not is refused" "ERR";
"request-property-all-of-removed" Request Unclear Major raw CW Changed
    "`{name}` has to satisfy one schema less" "what the schema described may not be known any more" "WARN";
"response-property-all-of-added" Response Compatible Minor raw C Changed
    "`{name}` satisfies one more schema" "more is promised" "INFO";
"response-property-all-of-removed" Response Breaking Major raw CW Changed
    "`{name}` satisfies one schema less" "what the schema promised may be missing" "INFO";
"no-rule" Neither Unclear Patch raw CW Changed
    "`{name}` differs, and there is no rule for it" "look at it: the bump is the least that it needs, since the generated file changes" "";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_the_last_rule_is_the_one_for_the_rest() {
        let mut ids: Vec<_> = RULES.iter().map(|rule| rule.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), RULES.len());
        assert_eq!(RULES.last(), Some(&NO_RULE));
    }

    #[test]
    fn a_bump_for_callers_touches_callers_and_a_break_on_the_wire_touches_the_wire() {
        for rule in RULES {
            assert!(rule.bump < Bump::Minor || rule.touches.callers, "{}", rule.id);
            assert!(rule.verdict != Verdict::Breaking || rule.touches.wire, "{}", rule.id);
        }
    }
}
