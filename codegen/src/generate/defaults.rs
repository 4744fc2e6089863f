//! Pass: defaults are removed, since the server applies them.
//!
//! With `default: false` progenitor would write a plain `bool` that is always sent. Without it the property becomes an
//! `Option` that is sent if the caller sets it. A default of a schema of its own affects each property that refers to it.

use openapiv3::OpenAPI;

use super::schemas;

/// Removes the default of every schema.
pub(super) fn strip_defaults(document: &mut OpenAPI) {
    schemas::for_each_mut(document, &mut |schema| schema.schema_data.default = None);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::tests::document;

    #[test]
    fn no_default_is_left_on_a_property_also_where_objects_nest() {
        let mut document = document(
            "{}",
            "{ type: object, default: {}, properties: { a: { type: boolean, default: false },
               b: { type: object, properties: { c: { type: integer, default: 3 } } },
               d: { type: array, items: { type: object, properties: { e: { type: string, default: x } } } } } }",
        );
        strip_defaults(&mut document);
        assert!(!serde_json::to_string(&document).unwrap().contains("default"));
    }
}
