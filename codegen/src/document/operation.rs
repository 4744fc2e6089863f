//! The operations of a document: what the generated operation table tells of each.

use std::collections::HashSet;

use openapiv3::{
    OpenAPI, ReferenceOr, RequestBody, Response, Responses, Schema, SchemaKind, StringType, Type,
    VariantOrUnknownOrEmpty,
};

use super::{bodies::is_json, parameters, pointer::pointer, responses::resolve};
use crate::error::Refusal as Error;

/// Names of the generated module and methods of the clients, which an operation's would be a second of.
const RESERVED: [&str; 9] = ["all", "builder", "call", "client", "from_env", "new", "raw", "transport", "with_options"];

/// One operation, named as in OpenAPI.
#[derive(Debug, PartialEq)]
pub(crate) struct Operation {
    /// `operationId`, which is also the name of the generated method.
    pub(crate) id: String,
    /// The HTTP method, upper-case.
    pub(crate) method: String,
    /// The path template.
    pub(crate) path: String,
    /// Whether the operation is marked `x-idempotent: true`: sending it twice leaves the server as sending it once.
    pub(crate) idempotent: bool,
    /// The statuses that are documented, as the document writes them: `200`, `4XX`, `default`.
    pub(crate) statuses: Vec<String>,
    /// Those of them whose body is [`ERROR_SCHEMA`].
    pub(crate) error_statuses: Vec<String>,
    /// The fields of the JSON request body, at its top level, that hold a UUID: identifiers, which are no secret.
    pub(crate) id_fields: Vec<String>,
}

/// The schema that the hand-written layer takes the body of an error for, if the document says that it is one.
const ERROR_SCHEMA: &str = "#/components/schemas/ErrorResponse";

/// Reads the operations, in the order of the document.
///
/// # Errors
///
/// [`Error::Unsupported`] for an operation that progenitor would refuse or panic on, or that we have no rule for.
pub(crate) fn operations(document: &OpenAPI) -> Result<Vec<Operation>, Error> {
    let mut operations = Vec::new();
    let mut ids = HashSet::new();
    for (path, item) in &document.paths.paths {
        let unsupported = |tokens: &[&str], what: &str, help: &str| Error::Unsupported {
            pointer: pointer(&["paths", path]) + &pointer(tokens),
            what: what.into(),
            help: help.into(),
        };
        let ReferenceOr::Item(item) = item else {
            return Err(unsupported(&[], "a path given by `$ref`", "write the path item out in place"));
        };
        for (method, operation) in item.iter() {
            let Some(id) = operation.operation_id.as_deref() else {
                return Err(unsupported(
                    &[method],
                    "an operation without `operationId`",
                    "give it a unique `operationId`",
                ));
            };
            if !is_snake_case(id) {
                let help = "write it in snake_case: it names the generated method";
                return Err(unsupported(&[method, "operationId"], &format!("the operationId `{id}`"), help));
            }
            if RESERVED.contains(&id) {
                let help = "name it in another way: the generated code has that name for something else";
                return Err(unsupported(&[method, "operationId"], &format!("the operationId `{id}`"), help));
            }
            if !ids.insert(id) {
                let help = "give each operation an id of its own";
                return Err(unsupported(&[method, "operationId"], &format!("`{id}` a second time"), help));
            }
            let idempotent = match operation.extensions.get("x-idempotent") {
                None => false,
                Some(serde_json::Value::Bool(idempotent)) => *idempotent,
                Some(other) => {
                    return Err(unsupported(
                        &[method, "x-idempotent"],
                        &format!("the value `{other}`"),
                        "write `true` or `false`",
                    ));
                }
            };
            operations.push(Operation {
                id: id.to_owned(),
                method: method.to_uppercase(),
                path: path.clone(),
                idempotent,
                statuses: statuses(&operation.responses, |_| true),
                error_statuses: statuses(&operation.responses, |response| is_error(document, response)),
                id_fields: operation.request_body.as_ref().map_or_else(Vec::new, |body| id_fields(document, body)),
            });
        }
    }
    Ok(operations)
}

fn statuses(responses: &Responses, wanted: impl Fn(&ReferenceOr<Response>) -> bool) -> Vec<String> {
    let named = responses.responses.iter().map(|(status, response)| (status.to_string(), response));
    let default = responses.default.iter().map(|response| ("default".to_owned(), response));
    named.chain(default).filter(|(_, response)| wanted(response)).map(|(status, _)| status).collect()
}

fn is_error(document: &OpenAPI, response: &ReferenceOr<Response>) -> bool {
    resolve(document, response).is_some_and(|response| {
        let schema = response.content.iter().find(|(media_type, _)| is_json(media_type));
        matches!(schema.and_then(|(_, json)| json.schema.as_ref()), Some(ReferenceOr::Reference { reference }) if reference == ERROR_SCHEMA)
    })
}

fn id_fields(document: &OpenAPI, body: &ReferenceOr<RequestBody>) -> Vec<String> {
    let body = match body {
        ReferenceOr::Item(body) => Some(body),
        ReferenceOr::Reference { reference } => reference
            .strip_prefix("#/components/requestBodies/")
            .and_then(|name| document.components.as_ref()?.request_bodies.get(name)?.as_item()),
    };
    let json = body.and_then(|body| body.content.iter().find(|(media_type, _)| is_json(media_type)));
    let schema = json.and_then(|(_, json)| parameters::resolve(document, json.schema.as_ref()?));
    let properties = schema.and_then(|schema| match &schema.schema_kind {
        SchemaKind::Type(Type::Object(object)) => Some(&object.properties),
        SchemaKind::Any(any) => Some(&any.properties),
        _ => None,
    });
    let holds_id = |property: &ReferenceOr<Box<Schema>>| {
        let schema = match property {
            ReferenceOr::Item(schema) => Some(&**schema),
            ReferenceOr::Reference { reference } => {
                let name = reference.strip_prefix("#/components/schemas/");
                let found = name.and_then(|name| document.components.as_ref()?.schemas.get(name));
                found.and_then(|schema| parameters::resolve(document, schema))
            }
        };
        matches!(
            schema.map(|schema| &schema.schema_kind),
            Some(SchemaKind::Type(Type::String(StringType { format: VariantOrUnknownOrEmpty::Unknown(format), .. })))
                if format == "uuid"
        )
    };
    let properties = properties.into_iter().flatten();
    properties.filter(|(_, property)| holds_id(property)).map(|(name, _)| name.clone()).collect()
}

/// Only such an id stays the same as a method's name, as a constant's name in upper case, and in log fields.
fn is_snake_case(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && syn::parse_str::<syn::Ident>(id).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read;

    fn paths(yaml: &str) -> Result<Vec<Operation>, Error> {
        operations(&read(&format!("openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths: {yaml}")).unwrap())
    }

    #[test]
    fn id_method_path_and_idempotency_are_read_in_the_order_of_the_document() {
        let found = paths(
            "{ /b: { put: { operationId: put_b, x-idempotent: true, responses: { '200': {description: a}, 4XX: {description: b}, default: {description: c} } } },
               /a: { get: { operationId: get_a, responses: {} } } }",
        );
        let found = found.unwrap();
        let rows: Vec<_> =
            found.iter().map(|o| (&*o.id, &*o.method, &*o.path, o.idempotent, o.statuses.join(" "))).collect();
        assert_eq!(
            rows,
            [("put_b", "PUT", "/b", true, "200 4XX default".into()), ("get_a", "GET", "/a", false, String::new())]
        );
    }

    #[test]
    fn the_uuids_at_the_top_of_a_body_are_its_id_fields() {
        let put = |schema: &str| {
            format!(
                "{{ /a: {{ put: {{ operationId: a, responses: {{}}, requestBody: {{ content: {{ application/json:
                 {{ schema: {schema} }} }} }} }} }} }}"
            )
        };
        let object = "{ type: object, properties: { b: { type: string, format: uuid }, c: { type: string },
                      a: { type: string, format: uuid }, d: { type: object, properties: { e: { type: string, format: uuid } } } } }";
        let untyped = "{ properties: { a: { type: string, format: uuid } }, oneOf: [{ required: [a] }] }";
        for (schema, expected) in
            [(object, vec!["b", "a"]), (untyped, vec!["a"]), ("{ type: string, format: uuid }", vec![])]
        {
            assert_eq!(paths(&put(schema)).unwrap()[0].id_fields, expected, "{schema}");
        }
        assert!(paths("{ /a: { get: { operationId: a, responses: {} } } }").unwrap()[0].id_fields.is_empty());
    }

    #[test]
    fn an_operation_that_cannot_be_generated_is_refused_with_its_pointer() {
        let cases = [
            ("{ /a: { get: { responses: {} } } }", "/paths/~1a/get: an operation without `operationId`"),
            (
                "{ /a: { get: { operationId: getA, responses: {} } } }",
                "/paths/~1a/get/operationId: the operationId `getA`",
            ),
            ("{ /a: { get: { operationId: fn, responses: {} } } }", "/paths/~1a/get/operationId: the operationId `fn`"),
            (
                "{ /a: { get: { operationId: transport, responses: {} } } }",
                "/paths/~1a/get/operationId: the operationId `transport`: name it in another way",
            ),
            ("{ /a: { $ref: '#/x' } }", "/paths/~1a: a path given by `$ref`"),
            (
                "{ /a: { get: { operationId: a, responses: {} }, put: { operationId: a, responses: {} } } }",
                "/paths/~1a/put/operationId: `a` a second time",
            ),
            (
                "{ /a: { get: { operationId: a, x-idempotent: 'yes', responses: {} } } }",
                "/paths/~1a/get/x-idempotent: the value `\"yes\"`",
            ),
        ];
        for (yaml, expected) in cases {
            let message = paths(yaml).unwrap_err().to_string();
            assert!(message.starts_with(expected), "{message}");
        }
    }
}
