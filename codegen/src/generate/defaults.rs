//! Pass: a default is the server's to apply, so it is taken out.
//!
//! With `default: false` progenitor would write a plain `bool` that always goes on the wire. Without it the property
//! becomes an `Option` that is sent when the caller says so. A default that stands on a schema of its own has the same
//! effect on each property that refers to it.

use openapiv3::OpenAPI;

use super::schemas;

/// Takes the default out of every schema.
pub(super) fn take_out(document: &mut OpenAPI) {
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
        take_out(&mut document);
        assert!(!serde_json::to_string(&document).unwrap().contains("default"));
    }
}
