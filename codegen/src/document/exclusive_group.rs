//! Pass: an exclusive group, `oneOf: [{required: [a]}, {required: [b]}]`, is taken out of its schema and kept beside it.
//!
//! From such a `oneOf` progenitor would write an untagged enum with variants named `Variant0`, `Variant1`, …, each of which
//! repeats every shared field. Without it the wire type is the flat struct of the page, and the exclusivity is said by
//! the glue (`emit/glue.rs`) between that struct and a hand-written sum type, which `x-exclusive-group` names. The name
//! stands in the document so that the group stays the same one when a member is added.

use openapiv3::{AnySchema, ObjectType, OpenAPI, ReferenceOr, Schema, SchemaKind, Type};

use super::pointer::pointer;
use crate::error::Refusal as Error;

const EXTENSION: &str = "x-exclusive-group";

/// Exactly one of the members has to be given.
#[derive(Debug, PartialEq)]
pub(crate) struct ExclusiveGroup {
    /// The schema under `components/schemas` that the group stands in, which is also the name of its Rust type.
    pub(crate) schema: String,
    /// The hand-written enum with one variant for each member.
    pub(crate) sum_type: String,
    /// The properties, in the order of the `oneOf`.
    pub(crate) members: Vec<String>,
}

/// Takes the groups out of the schemas of the components.
///
/// # Errors
///
/// [`Error::ExclusiveGroup`] for a group that names no sum type, or whose members are not optional properties beside it.
pub(super) fn take_out(document: &mut OpenAPI) -> Result<Vec<ExclusiveGroup>, Error> {
    let mut groups = Vec::new();
    let Some(components) = &mut document.components else { return Ok(groups) };
    for (name, schema) in &mut components.schemas {
        let ReferenceOr::Item(schema) = schema else { continue };
        if let Some((sum_type, members)) = take_out_of(name, schema)? {
            groups.push(ExclusiveGroup { schema: name.clone(), sum_type, members });
        }
    }
    Ok(groups)
}

fn take_out_of(name: &str, schema: &mut Schema) -> Result<Option<(String, Vec<String>)>, Error> {
    let refused = |what: String, help: &str| Error::ExclusiveGroup {
        pointer: pointer(&["components", "schemas", name]),
        what,
        help: help.into(),
    };
    let named = schema.schema_data.extensions.get(EXTENSION);
    let any = match &schema.schema_kind {
        SchemaKind::Any(any) => Some(any),
        _ => None,
    };
    let Some((any, members)) = any.and_then(|any| Some((any, required_alone(any)?))) else {
        return match named {
            None => Ok(None),
            Some(_) => Err(refused(
                format!("`{EXTENSION}` stands without a group"),
                "write `oneOf: [{required: [a]}, {required: [b]}]` beside it, one property in each",
            )),
        };
    };
    let sum_type = match named.and_then(|name| name.as_str()) {
        Some(name) if syn::parse_str::<syn::Ident>(name).is_ok() => name.to_owned(),
        _ => {
            return Err(refused(
                format!("it names no sum type for {}", members.join(", ")),
                "write `x-exclusive-group: Name` beside the `oneOf`, with the name of a hand-written enum in the client",
            ));
        }
    };
    for (index, member) in members.iter().enumerate() {
        if !any.properties.contains_key(member) {
            return Err(refused(format!("`{member}` is not among the properties"), "add the property"));
        }
        if any.required.contains(member) {
            return Err(refused(format!("`{member}` is also required"), "take it out of `required`"));
        }
        if members.iter().take(index).any(|earlier| earlier == member) {
            return Err(refused(format!("`{member}` stands in it twice"), "name each member once"));
        }
    }
    schema.schema_kind = SchemaKind::Type(Type::Object(ObjectType {
        properties: any.properties.clone(),
        required: any.required.clone(),
        additional_properties: any.additional_properties.clone(),
        min_properties: any.min_properties,
        max_properties: any.max_properties,
    }));
    Ok(Some((sum_type, members)))
}

/// The members, if the schema is an object whose `oneOf` says nothing but which single property is required.
fn required_alone(any: &AnySchema) -> Option<Vec<String>> {
    let beside = AnySchema {
        typ: any.typ.clone().filter(|typ| typ == "object"),
        properties: any.properties.clone(),
        required: any.required.clone(),
        additional_properties: any.additional_properties.clone(),
        min_properties: any.min_properties,
        max_properties: any.max_properties,
        one_of: any.one_of.clone(),
        ..AnySchema::default()
    };
    if *any != beside || any.one_of.len() < 2 {
        return None;
    }
    any.one_of
        .iter()
        .map(|part| match part {
            ReferenceOr::Item(Schema { schema_kind: SchemaKind::Any(part), .. }) => {
                let alone = AnySchema { required: part.required.clone(), ..AnySchema::default() };
                match part.required.as_slice() {
                    [member] if *part == alone => Some(member.clone()),
                    _ => None,
                }
            }
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::tests::document;

    const PROPERTIES: &str = "type: object, properties: { a: { type: string }, b: { type: string } }";

    #[test]
    fn a_group_is_taken_out_and_leaves_the_flat_object() {
        let mut document = document(
            "{}",
            &format!("{{ {PROPERTIES}, x-exclusive-group: AOrB, oneOf: [{{required: [a]}}, {{required: [b]}}] }}"),
        );
        let groups = take_out(&mut document).unwrap();
        assert_eq!(
            groups,
            [ExclusiveGroup { schema: "Thing".into(), sum_type: "AOrB".into(), members: vec!["a".into(), "b".into()] }]
        );
        let schemas = document.components.unwrap().schemas;
        let kind = &schemas["Thing"].as_item().unwrap().schema_kind;
        assert!(matches!(kind, SchemaKind::Type(Type::Object(object)) if object.properties.len() == 2), "{kind:?}");
    }

    #[test]
    fn a_one_of_that_says_more_is_left_as_it_is() {
        for one_of in
            ["[{required: [a, b]}, {required: [b]}]", "[{required: [a]}, {type: object}]", "[{required: [a]}]"]
        {
            let mut document = document("{}", &format!("{{ {PROPERTIES}, oneOf: {one_of} }}"));
            let before = document.clone();
            assert_eq!(take_out(&mut document).unwrap(), []);
            assert_eq!(document, before);
        }
    }

    #[test]
    fn a_group_that_cannot_be_glued_is_refused_with_the_reason() {
        let cases = [
            ("oneOf: [{required: [a]}, {required: [b]}]", "it names no sum type for a, b"),
            ("x-exclusive-group: 'A B', oneOf: [{required: [a]}, {required: [b]}]", "it names no sum type for a, b"),
            ("x-exclusive-group: AOrB", "`x-exclusive-group` stands without a group"),
            ("x-exclusive-group: AOrB, oneOf: [{required: [a]}, {required: [c]}]", "`c` is not among the properties"),
            ("x-exclusive-group: AOrB, oneOf: [{required: [a]}, {required: [a]}]", "`a` stands in it twice"),
            (
                "required: [a], x-exclusive-group: AOrB, oneOf: [{required: [a]}, {required: [b]}]",
                "`a` is also required",
            ),
        ];
        for (group, expected) in cases {
            let message =
                take_out(&mut document("{}", &format!("{{ {PROPERTIES}, {group} }}"))).unwrap_err().to_string();
            assert!(message.starts_with("/components/schemas/Thing: not an exclusive group: "), "{message}");
            assert!(message.contains(expected), "{message}");
        }
    }
}
