//! The keywords of JSON Schema 2020-12 that OpenAPI 3.0 cannot express.

use crate::document::{diagnostic::Diagnostic, fix::Fix, pointer::join, tree::Node};

/// Each keyword with its replacement.
const UNSUPPORTED: &[(&str, &str)] = &[
    ("prefixItems", "write `items` with one schema for all items, or an object with a property for each"),
    ("contains", "remove it, and explain it in `description`"),
    ("minContains", "remove it, and explain it in `description`"),
    ("maxContains", "remove it, and explain it in `description`"),
    ("if", "write the alternatives as `oneOf`"),
    ("then", "write the alternatives as `oneOf`"),
    ("else", "write the alternatives as `oneOf`"),
    ("dependentRequired", "write the alternatives as `oneOf`"),
    ("dependentSchemas", "write the alternatives as `oneOf`"),
    ("patternProperties", "write `additionalProperties` with one schema for all"),
    ("propertyNames", "remove it, and explain it in `description`"),
    ("unevaluatedProperties", "write `additionalProperties: false` where all properties are listed"),
    ("unevaluatedItems", "write `items`"),
    ("contentEncoding", "write `format: byte` for base64"),
    ("contentMediaType", "write `format: binary`, or explain it in `description`"),
    ("contentSchema", "remove it, and explain it in `description`"),
    ("$defs", "put the schemas under `components/schemas`"),
    ("$id", "refer with `#/components/schemas/…`"),
    ("$anchor", "refer with `#/components/schemas/…`"),
    ("$dynamicRef", "refer with `$ref: '#/components/schemas/…'`"),
    ("$dynamicAnchor", "refer with `$ref: '#/components/schemas/…'`"),
    ("$vocabulary", "remove it"),
];

pub(super) fn find(node: &mut Node, path: &str, diagnostics: &mut Vec<Diagnostic>) {
    for (keyword, help) in UNSUPPORTED {
        // Removed, so that no later check reports it again.
        if node.take(keyword).is_some() {
            let message = format!("OpenAPI 3.0 cannot express `{keyword}`");
            diagnostics.push(Diagnostic::new(join(path, keyword), message, *help).with_fix(Fix::new("ignored")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tests::upgraded, *};

    #[test]
    fn rejects_each_keyword_at_its_pointer() {
        for (keyword, _) in UNSUPPORTED {
            let found = upgraded(&format!("{{ properties: {{ b: {{ {keyword}: {{}} }} }} }}"));
            assert_eq!(found, format!("/properties/b/{keyword}: OpenAPI 3.0 cannot express `{keyword}`"));
        }
    }
}
