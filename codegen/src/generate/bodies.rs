//! Pass: keeps JSON alone where a body has several media types.
//!
//! progenitor panics on a request that can be written in several ways. The checks have made sure that the rest is JSON too.

use openapiv3::{Content, OpenAPI};

use super::schemas;
use crate::document::is_json;

/// Leaves one media type in every request body.
pub(super) fn keep_json_requests(document: &mut OpenAPI) {
    for body in schemas::request_bodies_mut(document) {
        keep_json(&mut body.content);
    }
}

/// Removes the other media types where there is JSON.
pub(super) fn keep_json(content: &mut Content) {
    if content.keys().any(|media_type| is_json(media_type)) {
        content.retain(|media_type, _| is_json(media_type));
        content.truncate(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::tests::read;

    #[test]
    fn json_is_kept_and_the_other_media_types_are_removed() {
        let mut document = read(
            "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: { /a: { put: { operationId: a, responses: {},
             requestBody: { content: { text/csv: {}, application/json: { schema: {type: string} } } } } } }",
        );
        keep_json_requests(&mut document);
        let document = serde_json::to_value(&document).unwrap();
        assert_eq!(
            document["paths"]["/a"]["put"]["requestBody"]["content"].to_string(),
            r#"{"application/json":{"schema":{"type":"string"}}}"#
        );
    }
}
