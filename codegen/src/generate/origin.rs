//! From a part of the document that a pass has added to the part that it was made of.

use openapiv3::OpenAPI;
use serde_json::Value;

use crate::document::{is_within, join, pointer, tokens};

/// Returns where a part was before the passes: an inline schema that became a component is where its reference is now.
pub(crate) fn origin(document: &OpenAPI, is_written: impl Fn(&str) -> bool, path: &str) -> String {
    let mut path = path.to_owned();
    let mut seen = Vec::new();
    while let Some(component) = component(&path)
        && !is_written(&component)
        && !seen.contains(&component)
    {
        // Without its text, the document has no better place.
        let Ok(text) = serde_json::to_value(document) else { break };
        let Some(found) = referrer(&text, "", &format!("#{component}"), &component) else { break };
        path = found + path.strip_prefix(&component).unwrap_or_default();
        seen.push(component);
    }
    path
}

fn component(path: &str) -> Option<String> {
    let mut tokens = tokens(path);
    let component = [tokens.next()?, tokens.next()?, tokens.next()?];
    (component.first()? == "components").then(|| pointer(&component.each_ref().map(String::as_str)))
}

/// Finds the first part outside the component that refers to it.
fn referrer(part: &Value, path: &str, reference: &str, component: &str) -> Option<String> {
    match part {
        Value::Object(object) if !is_within(path, component) => {
            if object.get("$ref").and_then(Value::as_str) == Some(reference) {
                return Some(path.strip_suffix("/allOf/0").unwrap_or(path).to_owned());
            }
            object.iter().find_map(|(key, part)| referrer(part, &join(path, key), reference, component))
        }
        Value::Array(parts) => {
            let mut parts = parts.iter().enumerate();
            parts.find_map(|(index, part)| referrer(part, &join(path, &index.to_string()), reference, component))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::{hoist, tests::document};

    #[test]
    fn a_component_that_a_pass_made_leads_to_the_inline_schema() {
        let mut document = document(
            r#"{ "200": { description: a, content: { application/json: { schema: { type: object, properties: { b: {type: string} } } } } } }"#,
            "{ type: object, properties: { a: { type: object, nullable: true, properties: { b: { type: object, properties: { c: {type: string} } } } } } }",
        );
        hoist::hoist(&mut document).unwrap();
        let cases = [
            (
                "/components/schemas/ThingAB/properties/c",
                "/components/schemas/Thing/properties/a/properties/b/properties/c",
            ),
            (
                "/components/schemas/SetThingResponse",
                "/paths/~1thing/post/responses/200/content/application~1json/schema",
            ),
            ("/components/schemas/Thing/type", "/components/schemas/Thing/type"),
            ("/components/schemas/Nope", "/components/schemas/Nope"),
            ("/paths/~1thing", "/paths/~1thing"),
            ("", ""),
        ];
        for (path, expected) in cases {
            assert_eq!(origin(&document, |component| component.ends_with("/Thing"), path), expected);
        }
    }
}
