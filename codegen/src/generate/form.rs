//! The form that a parameter's schema has in a URL or a header, and a schema of that form that progenitor can write a type for.

use openapiv3::{ArrayType, OpenAPI, ReferenceOr, Schema, SchemaData, SchemaKind, StringType, Type};

use super::schemas;

/// The form of a parameter's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A text, a number or a boolean.
    Plain,
    /// A list of plain values.
    List,
    Object,
    /// A list of lists or of objects, for which OpenAPI defines no text.
    Nested,
}

/// A deeper schema is not followed.
const MAX_DEPTH: usize = 16;

/// The schema of any text.
pub(super) fn text() -> Schema {
    let kind = SchemaKind::Type(Type::String(StringType::default()));
    Schema { schema_data: SchemaData::default(), schema_kind: kind }
}

/// Returns the form of a schema. A schema without one type becomes text, or a list of texts.
pub(super) fn simplify(document: &OpenAPI, schema: &mut ReferenceOr<Schema>) -> Form {
    // As NestJS writes a reference with a description.
    while let ReferenceOr::Item(Schema { schema_kind: SchemaKind::AllOf { all_of }, .. }) = schema
        && let [one] = all_of.as_slice()
    {
        *schema = one.clone();
    }
    let form = form_of(document, schema, 0);
    let is_exact = match form {
        Form::Plain => is_scalar(document, schema),
        Form::List => match schemas::resolve(document, schema).map(|schema| &schema.schema_kind) {
            Some(SchemaKind::Type(Type::Array(ArrayType { items: Some(items), .. }))) => {
                is_scalar(document, &items.clone().unbox())
            }
            _ => false,
        },
        Form::Object | Form::Nested => true,
    };
    if !is_exact {
        let data = match schema {
            ReferenceOr::Item(schema) => std::mem::take(&mut schema.schema_data),
            ReferenceOr::Reference { .. } => SchemaData::default(),
        };
        let kind = match form {
            Form::List => SchemaKind::Type(Type::Array(ArrayType {
                items: Some(ReferenceOr::Item(Box::new(text()))),
                min_items: None,
                max_items: None,
                unique_items: false,
            })),
            _ => text().schema_kind,
        };
        *schema = ReferenceOr::Item(Schema { schema_data: data, schema_kind: kind });
    }
    form
}

/// Returns whether it is exactly one scalar type.
fn is_scalar(document: &OpenAPI, schema: &ReferenceOr<Schema>) -> bool {
    let kind = schemas::resolve(document, schema).map(|schema| &schema.schema_kind);
    matches!(kind, Some(SchemaKind::Type(Type::String(_) | Type::Number(_) | Type::Integer(_) | Type::Boolean(_))))
}

fn form_of(document: &OpenAPI, schema: &ReferenceOr<Schema>, depth: usize) -> Form {
    let Some(schema) = schemas::resolve(document, schema).filter(|_| depth < MAX_DEPTH) else { return Form::Nested };
    let list_of = |items: &Option<ReferenceOr<Box<Schema>>>| match items {
        Some(items) if form_of(document, &items.clone().unbox(), depth + 1) != Form::Plain => Form::Nested,
        _ => Form::List,
    };
    let forms =
        |parts: &[ReferenceOr<Schema>]| parts.iter().map(|part| form_of(document, part, depth + 1)).collect::<Vec<_>>();
    // Of alternatives, a text can be each plain one, and a list of texts one of them.
    let one_of = |parts: &[ReferenceOr<Schema>]| {
        let forms = forms(parts);
        [Form::List, Form::Plain, Form::Object].into_iter().find(|form| forms.contains(form)).unwrap_or(Form::Nested)
    };
    let all_of = |parts: &[ReferenceOr<Schema>]| {
        let forms = forms(parts);
        let first = [Form::Nested, Form::Object, Form::List].into_iter().find(|form| forms.contains(form));
        first.unwrap_or(Form::Plain)
    };
    match &schema.schema_kind {
        SchemaKind::Type(Type::Array(array)) => list_of(&array.items),
        SchemaKind::Type(Type::Object(_)) => Form::Object,
        SchemaKind::Type(_) | SchemaKind::Not { .. } => Form::Plain,
        SchemaKind::OneOf { one_of: parts } | SchemaKind::AnyOf { any_of: parts } => one_of(parts),
        SchemaKind::AllOf { all_of: parts } => all_of(parts),
        SchemaKind::Any(any) => match any.typ.as_deref() {
            Some("array") => list_of(&any.items),
            Some("object") => Form::Object,
            Some(_) => Form::Plain,
            None if !any.properties.is_empty() => Form::Object,
            None if any.items.is_some() => list_of(&any.items),
            None if !any.all_of.is_empty() => all_of(&any.all_of),
            None if !any.one_of.is_empty() => one_of(&any.one_of),
            None if !any.any_of.is_empty() => one_of(&any.any_of),
            None => Form::Plain,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::tests::document;

    #[test]
    fn a_schema_without_one_type_becomes_text() {
        let thing = "{ type: string, enum: [a, b] }";
        let cases = [
            ("{}", Form::Plain, r#"{"type":"string"}"#),
            ("{ $ref: '#/components/schemas/Thing' }", Form::Plain, r##"{"$ref":"#/components/schemas/Thing"}"##),
            (
                "{ allOf: [{ $ref: '#/components/schemas/Thing' }] }",
                Form::Plain,
                r##"{"$ref":"#/components/schemas/Thing"}"##,
            ),
            ("{ oneOf: [{ type: string }, { type: integer }] }", Form::Plain, r#"{"type":"string"}"#),
            ("{ enum: [1, a] }", Form::Plain, r#"{"type":"string"}"#),
            (
                "{ oneOf: [{ type: string }, { type: array, items: { type: integer } }] }",
                Form::List,
                r#"{"type":"array","items":{"type":"string"}}"#,
            ),
            ("{ type: array, items: {} }", Form::List, r#"{"type":"array","items":{"type":"string"}}"#),
            ("{ type: array, items: { type: integer } }", Form::List, r#"{"type":"array","items":{"type":"integer"}}"#),
            ("{ type: array, items: { type: object } }", Form::Nested, r#"{"type":"array","items":{"type":"object"}}"#),
            ("{ type: object }", Form::Object, r#"{"type":"object"}"#),
        ];
        let document = document("{}", thing);
        for (schema, form, expected) in cases {
            let mut schema: ReferenceOr<Schema> = serde_saphyr_like(schema);
            assert_eq!(simplify(&document, &mut schema), form, "{expected}");
            assert_eq!(serde_json::to_string(&schema).unwrap(), expected);
        }
    }

    fn serde_saphyr_like(yaml: &str) -> ReferenceOr<Schema> {
        let root = crate::document::parse(&format!("a: {yaml}")).unwrap();
        serde_json::from_value(root.get("a").unwrap().to_json()).unwrap()
    }
}
