//! Pass: one media type is left where a body has several: JSON, or else a form or the first.
//!
//! progenitor panics on a request that can be written in several ways.

use openapiv3::{Content, MediaType, OpenAPI, ReferenceOr, Schema, SchemaKind, Type};

use super::schemas;
use crate::document::{is_form, is_json, is_like_json};

const JSON: &str = "application/json";

/// Leaves one media type in every request body.
pub(super) fn keep_one_request(document: &mut OpenAPI) {
    for body in schemas::request_bodies_mut(document) {
        if !keep_json(&mut body.content)
            && let Some(form) = body.content.keys().position(|media_type| is_form(media_type))
        {
            body.content.swap_indices(0, form);
            body.content.truncate(1);
        }
    }
}

/// Removes the other media types where there is JSON, whose name is then the usual one. Returns whether there is.
pub(super) fn keep_json(content: &mut Content) -> bool {
    let found = content.keys().position(|media_type| is_json(media_type));
    let found = found.or_else(|| content.iter().position(|(media_type, body)| is_json_by_schema(media_type, body)));
    let Some((_, body)) = found.and_then(|index| content.swap_remove_index(index)) else { return false };
    content.clear();
    content.insert(JSON.to_owned(), body);
    true
}

/// Returns whether it is JSON by another name, or any media type with the schema of JSON.
fn is_json_by_schema(media_type: &str, body: &MediaType) -> bool {
    let is_string = matches!(
        &body.schema,
        None | Some(ReferenceOr::Item(Schema { schema_kind: SchemaKind::Type(Type::String(_)), .. }))
    );
    is_like_json(media_type) || media_type == "*/*" && !is_string
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
        keep_one_request(&mut document);
        let document = serde_json::to_value(&document).unwrap();
        assert_eq!(
            document["paths"]["/a"]["put"]["requestBody"]["content"].to_string(),
            r#"{"application/json":{"schema":{"type":"string"}}}"#
        );
    }
}
