//! Pass: of several media types of a body, JSON is the one.
//!
//! progenitor panics where a request may be written in several ways. What is left has to be JSON: the transport repeats a
//! body that is in memory, and hides what it reads in it.

use openapiv3::{Content, OpenAPI, ReferenceOr, RequestBody};

use super::{pointer::pointer, schemas};
use crate::error::Refusal as Error;

/// Leaves one media type in every request body.
///
/// # Errors
///
/// [`Error::Unsupported`] for a request body that cannot be JSON, or that has no schema.
pub(super) fn keep_json_requests(document: &mut OpenAPI) -> Result<(), Error> {
    for body in schemas::request_bodies_mut(document) {
        keep_json(&mut body.content);
    }
    if let Some(components) = &document.components {
        for (name, body) in &components.request_bodies {
            check(body, &pointer(&["components", "requestBodies", name]))?;
        }
    }
    for (path, method, operation) in document.operations() {
        if let Some(body) = &operation.request_body {
            check(body, &pointer(&["paths", path, method, "requestBody"]))?;
        }
    }
    Ok(())
}

/// Takes out what stands beside JSON.
pub(super) fn keep_json(content: &mut Content) {
    if content.keys().any(|media_type| is_json(media_type)) {
        content.retain(|media_type, _| is_json(media_type));
        content.truncate(1);
    }
}

pub(super) fn is_json(media_type: &str) -> bool {
    media_type.split(';').next().map(str::trim) == Some("application/json")
}

fn check(body: &ReferenceOr<RequestBody>, at: &str) -> Result<(), Error> {
    let ReferenceOr::Item(body) = body else { return Ok(()) };
    let unsupported = |what: String, help: &str| {
        Err(Error::Unsupported { pointer: format!("{at}/content"), what, help: help.into() })
    };
    for (media_type, content) in &body.content {
        if !is_json(media_type) {
            return unsupported(
                format!("a request of the media type `{media_type}`"),
                "describe the body as `application/json`; another one has to be sent by hand, through `Transport::send`",
            );
        }
        if content.schema.is_none() {
            return unsupported("a request without a schema".into(), "add the `schema` of the body");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read;

    fn kept(content: &str) -> Result<String, Error> {
        let mut document = read(&format!(
            "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths: {{ /a: {{ put: {{ operationId: a, responses: {{}},
             requestBody: {{ content: {content} }} }} }} }}"
        ))
        .unwrap();
        keep_json_requests(&mut document)?;
        Ok(serde_json::to_value(&document).unwrap()["paths"]["/a"]["put"]["requestBody"]["content"].to_string())
    }

    #[test]
    fn json_is_kept_and_what_stands_beside_it_is_not() {
        assert_eq!(
            kept("{ text/csv: {}, application/json: { schema: {type: string} } }").unwrap(),
            r#"{"application/json":{"schema":{"type":"string"}}}"#
        );
    }

    #[test]
    fn a_body_that_cannot_be_json_is_refused_with_its_pointer() {
        for (content, expected) in [
            ("{ text/plain: { schema: {type: string} } }", "media type `text/plain`"),
            ("{ application/json: {} }", "without a schema"),
        ] {
            let message = kept(content).unwrap_err().to_string();
            assert!(
                message.starts_with("/paths/~1a/put/requestBody/content: ") && message.contains(expected),
                "{message}"
            );
        }
    }
}
