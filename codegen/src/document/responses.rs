//! Pass: progenitor is told of the success only; every other answer is the transport's.
//!
//! progenitor panics where two error statuses have different schemas, turns a documented error with an undocumented body
//! into one without status and headers, and hands over an undocumented status unread. The generated method of ours gives
//! the whole answer to the hand-written transport instead (see `rust/method.rs`), whatever its status and its body.

use openapiv3::{MediaType, OpenAPI, ReferenceOr, Response, Responses, Schema, StatusCode};

use super::{
    bodies::{is_json, keep_json},
    pointer::pointer,
    schemas,
};
use crate::error::Refusal as Error;

/// Leaves one success in every operation: progenitor panics where two of them have different bodies, one of which may be
/// none, and without any writes a type that we do not have. An operation that documents nothing but `default` is taken
/// to answer with that.
///
/// # Errors
///
/// [`Error::Unsupported`] for an operation whose successes have different bodies, or one that is not JSON.
pub(super) fn unify_successes(document: &mut OpenAPI) -> Result<(), Error> {
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
    for (path, method, operation) in document.operations() {
        check_successes(document, &operation.responses, &pointer(&["paths", path, method]))?;
    }
    let original = document.clone();
    for operation in schemas::operations_mut(document) {
        let responses = &mut operation.responses.responses;
        let has_body = |response| resolve(&original, response).is_some_and(|response| !response.content.is_empty());
        let mut successes = responses.iter().filter(|(status, _)| is_success(status));
        let first = successes.clone().find(|(_, response)| has_body(response)).or_else(|| successes.next());
        let kept = first.map(|(status, _)| status.clone());
        responses.retain(|status, _| !is_success(status) || Some(status) == kept.as_ref());
    }
    Ok(())
}

/// Takes every answer but the successful one out of every operation.
pub(super) fn take_out_errors(document: &mut OpenAPI) {
    for operation in schemas::operations_mut(document) {
        operation.responses.default = None;
        operation.responses.responses.retain(|status, _| is_success(status));
    }
}

fn is_success(status: &StatusCode) -> bool {
    matches!(status, StatusCode::Code(200..=299) | StatusCode::Range(2))
}

fn check_successes(document: &OpenAPI, responses: &Responses, operation: &str) -> Result<(), Error> {
    let mut seen: Option<&ReferenceOr<Schema>> = None;
    for (status, response) in responses.responses.iter().filter(|(status, _)| is_success(status)) {
        let at = format!("{operation}{}", pointer(&["responses", &status.to_string(), "content"]));
        let Some(response) = resolve(document, response) else { continue };
        for (media_type, MediaType { schema, .. }) in &response.content {
            if !is_json(media_type) {
                return Err(Error::Unsupported {
                    pointer: at,
                    what: format!("an answer of the media type `{media_type}`"),
                    help: "describe the answer as `application/json`, or leave `content` out".into(),
                });
            }
            let Some(schema) = schema else {
                return Err(Error::Unsupported {
                    pointer: at,
                    what: "an answer without a schema".into(),
                    help: "add the `schema` of the answer, or leave `content` out".into(),
                });
            };
            if seen.is_some_and(|seen| seen != schema) {
                return Err(Error::Unsupported {
                    pointer: at,
                    what: "a second schema for a successful answer".into(),
                    help: "give all 2xx answers of the operation the same schema".into(),
                });
            }
            seen = Some(schema);
        }
    }
    Ok(())
}

pub(super) fn resolve<'a>(document: &'a OpenAPI, response: &'a ReferenceOr<Response>) -> Option<&'a Response> {
    match response {
        ReferenceOr::Item(response) => Some(response),
        ReferenceOr::Reference { reference } => {
            let name = reference.strip_prefix("#/components/responses/")?;
            document.components.as_ref()?.responses.get(name)?.as_item()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::tests::document;

    const OK: &str = r#""200": { description: done, content: { application/json: { schema: { type: string } } } }"#;

    #[test]
    fn only_successes_are_left_also_where_two_errors_have_different_bodies() {
        let mut document = document(
            &format!(
                r#"{{ {OK}, default: {{ description: else }},
                "400": {{ description: no, content: {{ application/json: {{ schema: {{ type: integer }} }} }} }},
                "404": {{ description: no, content: {{ text/html: {{}} }} }} }}"#
            ),
            "{}",
        );
        unify_successes(&mut document).unwrap();
        take_out_errors(&mut document);
        let responses = &document.operations().next().unwrap().2.responses;
        assert!(responses.default.is_none());
        assert_eq!(responses.responses.keys().map(ToString::to_string).collect::<Vec<_>>(), ["200"]);
    }

    #[test]
    fn a_success_that_cannot_be_typed_is_refused_with_its_pointer() {
        let cases = [
            (
                r#""201": { description: x, content: { application/json: { schema: { type: integer } } } }"#,
                "second schema",
            ),
            (r#""201": { description: x, content: { text/csv: {} } }"#, "media type `text/csv`"),
            (r#""201": { description: x, content: { application/json: {} } }"#, "without a schema"),
        ];
        for (response, expected) in cases {
            let error = unify_successes(&mut document(&format!("{{ {OK}, {response} }}"), "{}")).unwrap_err();
            let message = error.to_string();
            assert!(message.contains(expected), "{message}");
            assert!(message.starts_with("/paths/~1thing/post/responses/201/content: "), "{message}");
        }
    }

    #[test]
    fn one_success_is_left_and_it_is_one_with_a_body_if_there_is_any() {
        let cases = [
            ("{ '204': {description: a}, OK }", "200"),
            ("{ '201': {description: a}, '204': {description: b} }", "201"),
            ("{}", "200"),
            ("{ '404': {description: a} }", "200"),
            ("{ default: {description: a} }", "200"),
        ];
        for (responses, expected) in cases {
            let mut document = document(&responses.replace("OK", OK), "{}");
            unify_successes(&mut document).unwrap();
            take_out_errors(&mut document);
            let responses = &document.operations().next().unwrap().2.responses;
            let left: Vec<_> = responses.responses.keys().map(ToString::to_string).collect();
            assert_eq!(left, [expected], "{responses:?}");
        }
    }
}
