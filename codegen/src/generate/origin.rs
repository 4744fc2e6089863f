//! From a part of the document that a pass has added to the part that it was made of.

use std::collections::{HashMap, HashSet};

use openapiv3::OpenAPI;
use serde_json::Value;

use crate::document::{is_within, join, pointer, tokens};

/// The first part that refers to each component, by the reference.
pub(crate) struct Origins(HashMap<String, String>);

impl Origins {
    pub(crate) fn of(document: &OpenAPI) -> Self {
        let mut referrers = HashMap::new();
        // Without its text, the document has no better places.
        if let Ok(text) = serde_json::to_value(document) {
            collect(&text, "", &mut referrers);
        }
        Self(referrers)
    }

    /// Returns where a part was before the passes: an inline schema that became a component is where its reference is now.
    pub(crate) fn origin(&self, is_written: impl Fn(&str) -> bool, path: &str) -> String {
        let mut path = path.to_owned();
        let mut seen = HashSet::new();
        while let Some(component) = component(&path)
            && !is_written(&component)
            && let Some(found) = self.0.get(&format!("#{component}"))
            && seen.insert(component.clone())
        {
            path = found.clone() + path.strip_prefix(&component).unwrap_or_default();
        }
        path
    }
}

fn component(path: &str) -> Option<String> {
    let mut tokens = tokens(path);
    let component = [tokens.next()?, tokens.next()?, tokens.next()?];
    (component.first()? == "components").then(|| pointer(&component.each_ref().map(String::as_str)))
}

/// Collects the first part outside each component that refers to it.
fn collect(part: &Value, path: &str, referrers: &mut HashMap<String, String>) {
    match part {
        Value::Object(object) => {
            if let Some(reference) = object.get("$ref").and_then(Value::as_str)
                && !reference.strip_prefix('#').is_some_and(|component| is_within(path, component))
            {
                let place = path.strip_suffix("/allOf/0").unwrap_or(path);
                referrers.entry(reference.to_owned()).or_insert_with(|| place.to_owned());
            }
            object.iter().for_each(|(key, part)| collect(part, &join(path, key), referrers));
        }
        Value::Array(parts) => {
            parts
                .iter()
                .enumerate()
                .for_each(|(index, part)| collect(part, &join(path, &index.to_string()), referrers));
        }
        _ => {}
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
        hoist::hoist(&mut document);
        let origins = Origins::of(&document);
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
            assert_eq!(origins.origin(|component| component.ends_with("/Thing"), path), expected);
        }
    }
}
