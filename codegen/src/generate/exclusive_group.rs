//! Pass: a group of properties, one of them required, is removed from its schema and kept next to it.
//!
//! `oneOf: [{required: [a]}, {required: [b]}]` requires exactly one, `anyOf` at least one. From either progenitor would
//! write an untagged enum with variants named `Variant0`, `Variant1`, …, and repeat every shared field in each. Without
//! it the wire type is the flat struct of the page, and the glue (`emit/glue.rs`) converts between that struct and a sum type:
//! the hand-written one that `x-exclusive-group` names, or a generated one. The extension has a name so that the group keeps
//! its identity when a member is added.

use openapiv3::{AnySchema, ObjectType, OpenAPI, ReferenceOr, Schema, SchemaKind, Type};

use crate::{
    Settings,
    document::{Diagnostic, pointer},
    names::pascal,
};

const EXTENSION: &str = "x-exclusive-group";

/// A group of properties, one of them required.
#[derive(Debug, PartialEq)]
pub(crate) struct Group {
    /// The component that contains the group, which is also the name of its Rust type.
    pub(crate) schema: String,
    /// The number of members that may be given.
    pub(crate) cardinality: Cardinality,
    /// The enum with one variant for each member.
    pub(crate) sum_type: SumType,
    /// The properties, in the order of the document.
    pub(crate) members: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cardinality {
    ExactlyOne,
    AtLeastOne,
}

#[derive(Debug, PartialEq)]
pub(crate) enum SumType {
    /// In the root of the crate that the generated code is part of.
    HandWritten(String),
    /// In `types`, and generated along.
    Generated(String),
}

/// Removes the groups from the components.
///
/// # Errors
///
/// A group names an unknown sum type, or its members are not optional properties of the schema.
pub(super) fn strip_groups(document: &mut OpenAPI, settings: &Settings) -> Result<Vec<Group>, Diagnostic> {
    let mut groups = Vec::new();
    let Some(components) = &mut document.components else { return Ok(groups) };
    let names: Vec<String> = components.schemas.keys().map(|name| pascal(name)).collect();
    for (name, schema) in &mut components.schemas {
        let ReferenceOr::Item(schema) = schema else { continue };
        let Some(group) = strip_group(name, schema, settings)? else { continue };
        if let SumType::Generated(sum_type) = &group.sum_type
            && names.contains(sum_type)
        {
            let problem = format!("its enum would be `{sum_type}`, which is the name of another schema");
            return Err(invalid(name, &problem, "rename that schema"));
        }
        groups.push(group);
    }
    Ok(groups)
}

fn invalid(schema: &str, problem: &str, help: &str) -> Diagnostic {
    Diagnostic::new(pointer(&["components", "schemas", schema]), format!("invalid exclusive group: {problem}"), help)
}

fn strip_group(name: &str, schema: &mut Schema, settings: &Settings) -> Result<Option<Group>, Diagnostic> {
    let error = |problem: String, help: &str| invalid(name, &problem, help);
    let named = schema.schema_data.extensions.get(EXTENSION);
    let any = match &schema.schema_kind {
        SchemaKind::Any(any) => Some(any),
        _ => None,
    };
    let found = any.and_then(|any| {
        let (cardinality, members) = group_of(any)?;
        Some((any, cardinality, members))
    });
    let Some((any, cardinality, members)) =
        found.filter(|(_, cardinality, _)| named.is_none() || *cardinality == Cardinality::ExactlyOne)
    else {
        return match named {
            None => Ok(None),
            Some(_) => Err(error(
                format!("`{EXTENSION}` has no group"),
                "write `oneOf: [{required: [a]}, {required: [b]}]` next to it, with one property in each",
            )),
        };
    };
    let sum_type = match named {
        None => SumType::Generated(format!("{}Choice", pascal(name))),
        Some(named) => match named.as_str() {
            Some(named) if settings.sum_types.iter().any(|known| known == named) => {
                SumType::HandWritten(named.to_owned())
            }
            _ => {
                let known = settings.sum_types.iter().map(|known| format!("`{known}`")).collect::<Vec<_>>().join(", ");
                return Err(error(
                    format!("`{EXTENSION}: {named}` does not name a hand-written enum"),
                    &format!(
                        "use one of {known}, or remove the extension to generate the enum `{}Choice`",
                        pascal(name)
                    ),
                ));
            }
        },
    };
    for (index, member) in members.iter().enumerate() {
        if !any.properties.contains_key(member) {
            return Err(error(format!("`{member}` is not a property"), "add the property"));
        }
        if any.required.contains(member) {
            return Err(error(format!("`{member}` is also required"), "remove it from `required`"));
        }
        if members.iter().take(index).any(|earlier| earlier == member) {
            return Err(error(format!("`{member}` is listed twice"), "list each member once"));
        }
    }
    schema.schema_kind = SchemaKind::Type(Type::Object(ObjectType {
        properties: any.properties.clone(),
        required: any.required.clone(),
        additional_properties: any.additional_properties.clone(),
        min_properties: any.min_properties,
        max_properties: any.max_properties,
    }));
    Ok(Some(Group { schema: name.to_owned(), cardinality, sum_type, members }))
}

/// Returns cardinality and members, if the alternatives of an object only differ in the one property that they require.
fn group_of(any: &AnySchema) -> Option<(Cardinality, Vec<String>)> {
    let plain = AnySchema {
        typ: any.typ.clone().filter(|typ| typ == "object"),
        properties: any.properties.clone(),
        required: any.required.clone(),
        additional_properties: any.additional_properties.clone(),
        min_properties: any.min_properties,
        max_properties: any.max_properties,
        one_of: any.one_of.clone(),
        any_of: any.any_of.clone(),
        ..AnySchema::default()
    };
    let (cardinality, parts) = match (any.one_of.as_slice(), any.any_of.as_slice()) {
        (parts, []) => (Cardinality::ExactlyOne, parts),
        ([], parts) => (Cardinality::AtLeastOne, parts),
        _ => return None,
    };
    if *any != plain || parts.len() < 2 {
        return None;
    }
    let members: Option<Vec<String>> = parts
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
        .collect();
    Some((cardinality, members?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::tests::document;

    const PROPERTIES: &str = "type: object, properties: { a: { type: string }, b: { type: string } }";

    fn stripped(document: &mut OpenAPI) -> Result<Vec<Group>, Diagnostic> {
        strip_groups(document, &Settings { sum_types: vec!["AOrB".into(), "TicketRef".into()], ..Settings::default() })
    }

    #[test]
    fn a_group_is_removed_and_leaves_the_flat_object() {
        let cases = [
            (
                "x-exclusive-group: AOrB, oneOf: [{required: [a]}, {required: [b]}]",
                Cardinality::ExactlyOne,
                SumType::HandWritten("AOrB".into()),
            ),
            (
                "oneOf: [{required: [a]}, {required: [b]}]",
                Cardinality::ExactlyOne,
                SumType::Generated("ThingChoice".into()),
            ),
            (
                "anyOf: [{required: [a]}, {required: [b]}]",
                Cardinality::AtLeastOne,
                SumType::Generated("ThingChoice".into()),
            ),
        ];
        for (group, cardinality, sum_type) in cases {
            let mut document = document("{}", &format!("{{ {PROPERTIES}, {group} }}"));
            let groups = stripped(&mut document).unwrap();
            let members = vec!["a".into(), "b".into()];
            assert_eq!(groups, [Group { schema: "Thing".into(), cardinality, sum_type, members }]);
            let schemas = document.components.unwrap().schemas;
            let kind = &schemas["Thing"].as_item().unwrap().schema_kind;
            assert!(matches!(kind, SchemaKind::Type(Type::Object(object)) if object.properties.len() == 2), "{kind:?}");
        }
    }

    #[test]
    fn other_alternatives_are_left_unchanged() {
        for one_of in
            ["[{required: [a, b]}, {required: [b]}]", "[{required: [a]}, {type: object}]", "[{required: [a]}]"]
        {
            for keyword in ["oneOf", "anyOf"] {
                let mut document = document("{}", &format!("{{ {PROPERTIES}, {keyword}: {one_of} }}"));
                let before = document.clone();
                assert_eq!(stripped(&mut document).unwrap(), []);
                assert_eq!(document, before);
            }
        }
    }

    #[test]
    fn rejects_invalid_groups() {
        let cases = [
            (
                "x-exclusive-group: 'A B', oneOf: [{required: [a]}, {required: [b]}]",
                "`x-exclusive-group: \"A B\"` does not name a hand-written enum: use one of `AOrB`, `TicketRef`, or \
                 remove the extension to generate the enum `ThingChoice`",
            ),
            ("x-exclusive-group: AOrB", "`x-exclusive-group` has no group"),
            ("x-exclusive-group: AOrB, anyOf: [{required: [a]}, {required: [b]}]", "`x-exclusive-group` has no group"),
            ("x-exclusive-group: AOrB, oneOf: [{required: [a]}, {required: [c]}]", "`c` is not a property"),
            ("oneOf: [{required: [a]}, {required: [a]}]", "`a` is listed twice"),
            ("required: [a], oneOf: [{required: [a]}, {required: [b]}]", "`a` is also required"),
        ];
        for (group, expected) in cases {
            let message =
                stripped(&mut document("{}", &format!("{{ {PROPERTIES}, {group} }}"))).unwrap_err().to_string();
            assert!(message.starts_with("/components/schemas/Thing: invalid exclusive group: "), "{message}");
            assert!(message.contains(expected), "{message}");
        }
    }
}
