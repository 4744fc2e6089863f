//! Pass: progenitor is told of the success only; every other answer is the transport's.
//!
//! progenitor panics where two error statuses have different schemas, turns a documented error with an undocumented body
//! into one without status and headers, and hands over an undocumented status unread. The generated method of ours gives
//! the whole answer to the hand-written transport instead (see `rust/method.rs`), whatever its status and its body.

use openapiv3::{MediaType, OpenAPI, ReferenceOr, Response, Responses, Schema, StatusCode};

use super::{pointer::pointer, schemas};
use crate::error::Refusal as Error;

/// Takes every answer but the successful ones out of every operation.
///
/// # Errors
///
/// [`Error::Unsupported`] for an operation whose successes have different bodies, or one that is not JSON.
pub(super) fn take_out_errors(document: &mut OpenAPI) -> Result<(), Error> {
    for (path, method, operation) in document.operations() {
        check_successes(document, &operation.responses, &pointer(&["paths", path, method]))?;
    }
    for operation in schemas::operations_mut(document) {
        operation.responses.default = None;
        operation.responses.responses.retain(|status, _| is_success(status));
    }
    Ok(())
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
            if media_type.split(';').next().map(str::trim) != Some("application/json") {
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

fn resolve<'a>(document: &'a OpenAPI, response: &'a ReferenceOr<Response>) -> Option<&'a Response> {
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
        take_out_errors(&mut document).unwrap();
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
            let error = take_out_errors(&mut document(&format!("{{ {OK}, {response} }}"), "{}")).unwrap_err();
            let message = error.to_string();
            assert!(message.contains(expected), "{message}");
            assert!(message.starts_with("/paths/~1thing/post/responses/201/content: "), "{message}");
        }
    }
}
