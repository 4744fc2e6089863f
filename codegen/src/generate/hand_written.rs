//! Pass: `x-hand-written` names the hand-written type that the typed layer takes for a property.
//!
//! The wire type keeps the type of the schema, and the typed layer converts into it, so the extension changes nothing on the
//! wire.

use openapiv3::{AnySchema, ObjectType, OpenAPI, ReferenceOr, SchemaKind, Type};

use crate::{
    Settings,
    document::{Diagnostic, pointer},
};

const EXTENSION: &str = "x-hand-written";

/// A property for which the typed layer takes a hand-written type.
#[derive(Debug, PartialEq)]
pub(crate) struct HandWritten {
    /// The schema under `components/schemas` that has the property.
    pub(crate) schema: String,
    /// The name of the property.
    pub(crate) property: String,
    /// The type, in the root of the crate that the generated code is part of.
    pub(crate) ty: String,
}

/// Removes the extension from every property of the components, and returns the properties that had it.
///
/// # Errors
///
/// The extension names an unknown type, or is on a schema that gets a generated type of its own.
pub(super) fn strip_hand_written(document: &mut OpenAPI, settings: &Settings) -> Result<Vec<HandWritten>, Diagnostic> {
    let mut found = Vec::new();
    for (schema, item) in document.components.iter_mut().flat_map(|components| &mut components.schemas) {
        let ReferenceOr::Item(item) = item else { continue };
        if item.schema_data.extensions.contains_key(EXTENSION) {
            let pointer = pointer(&["components", "schemas", schema, EXTENSION]);
            let message = format!("`{EXTENSION}` on a schema that is not a property's own");
            let help = "write it on the property, whose schema has to be inline and without `properties`";
            return Err(Diagnostic::new(pointer, message, help));
        }
        let (SchemaKind::Type(Type::Object(ObjectType { properties, .. }))
        | SchemaKind::Any(AnySchema { properties, .. })) = &mut item.schema_kind
        else {
            continue;
        };
        for (property, item) in properties {
            let ReferenceOr::Item(item) = item else { continue };
            let Some(named) = item.schema_data.extensions.shift_remove(EXTENSION) else { continue };
            let known = settings.value_types.iter().find(|known| named.as_str() == Some(known));
            let Some(ty) = known.cloned() else {
                let known: Vec<_> = settings.value_types.iter().map(|known| format!("`{known}`")).collect();
                let pointer = pointer(&["components", "schemas", schema, "properties", property, EXTENSION]);
                let message = format!("`{EXTENSION}: {named}` names no hand-written type");
                let help = format!("write {}, or remove the extension", known.join(" or "));
                return Err(Diagnostic::new(pointer, message, help));
            };
            found.push(HandWritten { schema: schema.clone(), property: property.clone(), ty });
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::tests::document;

    #[test]
    fn strips_the_extension_from_a_property() {
        let mut document = document("{}", "{ properties: { a: { type: string, x-hand-written: Metadata } } }");
        let expected = HandWritten { schema: "Thing".into(), property: "a".into(), ty: "Metadata".into() };
        assert_eq!(strip_hand_written(&mut document, &Settings::default()).unwrap(), [expected]);
        assert_eq!(strip_hand_written(&mut document, &Settings::default()).unwrap(), []);
    }

    #[test]
    fn rejects_an_unknown_type_and_a_schema_with_its_own() {
        for (schema, expected) in [
            (
                "{ properties: { a: { type: string, x-hand-written: Other } } }",
                "/components/schemas/Thing/properties/a/x-hand-written: `x-hand-written: \"Other\"` names no \
                 hand-written type: write `Metadata`, or remove the extension",
            ),
            (
                "{ type: object, x-hand-written: Metadata }",
                "/components/schemas/Thing/x-hand-written: `x-hand-written` on a schema",
            ),
        ] {
            let message =
                strip_hand_written(&mut document("{}", schema), &Settings::default()).unwrap_err().to_string();
            assert!(message.starts_with(expected), "{message}");
        }
    }
}
