//! Pass: the properties that the typed layer takes as a hand-written type, by `x-hand-written`.
//!
//! The wire type keeps the type that the schema says; the typed layer converts into it. So the extension changes nothing on
//! the wire, and the document says which values have a type of their own.

use openapiv3::{AnySchema, ObjectType, OpenAPI, ReferenceOr, SchemaKind, Type};

use super::pointer::pointer;
use crate::{Settings, error::Refusal as Error};

const EXTENSION: &str = "x-hand-written";

/// A property that is given as a hand-written type.
#[derive(Debug, PartialEq)]
pub(crate) struct HandWritten {
    /// The schema under `components/schemas` that has the property.
    pub(crate) schema: String,
    /// The name of the property.
    pub(crate) property: String,
    /// The type, in the root of the crate that the generated code is part of.
    pub(crate) ty: String,
}

/// Takes the extension out of every property of the components.
///
/// # Errors
///
/// [`Error::Unsupported`] for a type that nobody has written, and for a schema that gets a generated type of its own.
pub(super) fn take_out(document: &mut OpenAPI, settings: &Settings) -> Result<Vec<HandWritten>, Error> {
    let mut found = Vec::new();
    for (schema, item) in document.components.iter_mut().flat_map(|components| &mut components.schemas) {
        let ReferenceOr::Item(item) = item else { continue };
        if item.schema_data.extensions.contains_key(EXTENSION) {
            return Err(Error::Unsupported {
                pointer: pointer(&["components", "schemas", schema, EXTENSION]),
                what: format!("`{EXTENSION}` on a schema that is not a property's own"),
                help: "write it on the property, and the schema of the property in place, without `properties`".into(),
            });
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
                return Err(Error::Unsupported {
                    pointer: pointer(&["components", "schemas", schema, "properties", property, EXTENSION]),
                    what: format!("`{EXTENSION}: {named}`, which is no hand-written type"),
                    help: format!("name {}, or leave the extension out", known.join(" or ")),
                });
            };
            found.push(HandWritten { schema: schema.clone(), property: property.clone(), ty });
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::tests::document;

    #[test]
    fn takes_the_extension_out_of_a_property() {
        let mut document = document("{}", "{ properties: { a: { type: string, x-hand-written: Metadata } } }");
        let expected = HandWritten { schema: "Thing".into(), property: "a".into(), ty: "Metadata".into() };
        assert_eq!(take_out(&mut document, &Settings::default()).unwrap(), [expected]);
        assert_eq!(take_out(&mut document, &Settings::default()).unwrap(), []);
    }

    #[test]
    fn refuses_an_unknown_type_and_a_schema_with_its_own() {
        for (schema, expected) in [
            (
                "{ properties: { a: { type: string, x-hand-written: Other } } }",
                "/components/schemas/Thing/properties/a/x-hand-written: `x-hand-written: \"Other\"`, which is no \
                 hand-written type: name `Metadata`, or leave the extension out",
            ),
            (
                "{ type: object, x-hand-written: Metadata }",
                "/components/schemas/Thing/x-hand-written: `x-hand-written` on a schema",
            ),
        ] {
            let message = take_out(&mut document("{}", schema), &Settings::default()).unwrap_err().to_string();
            assert!(message.starts_with(expected), "{message}");
        }
    }
}
