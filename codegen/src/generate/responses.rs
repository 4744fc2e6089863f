//! Pass: progenitor sees only the success of an operation; the transport handles every other response.
//!
//! progenitor panics where two error statuses have different schemas, turns a documented error with an undocumented body
//! into one without status and headers, and returns an undocumented status unread. The generated method passes the whole
//! response to the hand-written transport instead (see `rust/method.rs`), for any status and body.

use openapiv3::{OpenAPI, ReferenceOr, Response, Responses, StatusCode};

use super::{bodies::keep_json, schemas};
use crate::document;

/// Leaves one success in every operation: progenitor panics on two with different bodies, even if one has none, and
/// without a success writes a type that we do not have. If only `default` is documented, that is the success.
pub(super) fn unify_successes(document: &mut OpenAPI) {
    for operation in schemas::operations_mut(document) {
        let Responses { default, responses, .. } = &mut operation.responses;
        if !responses.keys().any(is_success) {
            let success = default.take().unwrap_or_else(|| ReferenceOr::Item(Response::default()));
            responses.insert(StatusCode::Code(200), success);
        }
    }
    for response in schemas::responses_mut(document) {
        keep_json(&mut response.content);
    }
    let original = document.clone();
    for operation in schemas::operations_mut(document) {
        let responses = &mut operation.responses.responses;
        let has_body = |response| {
            schemas::resolve_response(&original, response).is_some_and(|response| !response.content.is_empty())
        };
        let mut successes = responses.iter().filter(|(status, _)| is_success(status));
        let first = successes.clone().find(|(_, response)| has_body(response)).or_else(|| successes.next());
        let kept = first.map(|(status, _)| status.clone());
        responses.retain(|status, _| !is_success(status) || Some(status) == kept.as_ref());
    }
}

/// Removes every response but the successful one from every operation.
pub(super) fn strip_errors(document: &mut OpenAPI) {
    for operation in schemas::operations_mut(document) {
        operation.responses.default = None;
        operation.responses.responses.retain(|status, _| is_success(status));
    }
}

fn is_success(status: &StatusCode) -> bool {
    document::is_success(&status.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::tests::document;

    const OK: &str = r#""200": { description: done, content: { application/json: { schema: { type: string } } } }"#;

    #[test]
    fn only_successes_are_left() {
        let mut document = document(
            &format!(
                r#"{{ {OK}, default: {{ description: else }},
                "400": {{ description: no, content: {{ application/json: {{ schema: {{ type: integer }} }} }} }},
                "404": {{ description: no, content: {{ text/html: {{}} }} }} }}"#
            ),
            "{}",
        );
        unify_successes(&mut document);
        strip_errors(&mut document);
        let responses = &document.operations().next().unwrap().2.responses;
        assert!(responses.default.is_none());
        assert_eq!(responses.responses.keys().map(ToString::to_string).collect::<Vec<_>>(), ["200"]);
    }

    #[test]
    fn one_success_is_left_and_one_with_a_body_is_preferred() {
        let cases = [
            ("{ '204': {description: a}, OK }", "200"),
            ("{ '201': {description: a}, '204': {description: b} }", "201"),
            ("{}", "200"),
            ("{ '404': {description: a} }", "200"),
            ("{ default: {description: a} }", "200"),
        ];
        for (responses, expected) in cases {
            let mut document = document(&responses.replace("OK", OK), "{}");
            unify_successes(&mut document);
            strip_errors(&mut document);
            let responses = &document.operations().next().unwrap().2.responses;
            let left: Vec<_> = responses.responses.keys().map(ToString::to_string).collect();
            assert_eq!(left, [expected], "{responses:?}");
        }
    }
}
