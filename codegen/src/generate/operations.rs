//! The operations of a document, as the generated operation table lists them.

use openapiv3::{
    OpenAPI, Parameter, ReferenceOr, RequestBody, Response, Responses, Schema, SchemaKind, StringType, Type,
    VariantOrUnknownOrEmpty,
};

use super::schemas::{resolve, resolve_response};
use crate::{
    document::{Diagnostic, is_json, named_by_path, pointer},
    names::normal,
};

/// Names that the generated module and the methods of the clients use already.
const RESERVED: [&str; 9] = ["all", "builder", "call", "client", "from_env", "new", "raw", "transport", "with_options"];

/// One operation, named as in OpenAPI.
#[derive(Debug, PartialEq)]
pub(crate) struct Operation {
    /// The name of the generated method: `operationId` in snake_case.
    pub(crate) id: String,
    /// The HTTP method, upper-case.
    pub(crate) method: String,
    /// The path template.
    pub(crate) path: String,
    /// `x-idempotent`: sending it twice has the effect of sending it once.
    pub(crate) idempotent: bool,
    /// `deprecated`: the method is deprecated too.
    pub(crate) deprecated: bool,
    /// The parameters that are deprecated, by their names in normal form.
    pub(crate) deprecated_parameters: Vec<String>,
    /// The documented statuses as written in the document: `200`, `4XX`, `default`.
    pub(crate) statuses: Vec<String>,
    /// Those of them whose body is [`ERROR_SCHEMA`].
    pub(crate) error_statuses: Vec<String>,
    /// The top-level fields of the JSON request body that hold a UUID: identifiers are not secret.
    pub(crate) id_fields: Vec<String>,
}

/// The schema of error bodies that the hand-written layer knows.
const ERROR_SCHEMA: &str = "#/components/schemas/ErrorResponse";

/// Reads the operations, in the order of the document.
///
/// # Errors
///
/// Every operation whose id or extension the generated code cannot use.
pub(crate) fn operations(document: &OpenAPI) -> Result<Vec<Operation>, Vec<Diagnostic>> {
    let (mut operations, mut diagnostics) = (Vec::new(), Vec::new());
    for (path, method, operation) in document.operations() {
        // The checks report an operation without an id.
        let Some(id) = operation.operation_id.as_deref() else { continue };
        let at = |key| pointer(&["paths", path, method, key]);
        if RESERVED.contains(&id) || syn::parse_str::<syn::Ident>(id).is_err() {
            let help = "choose another id: it names a method, and the generated code or Rust itself uses this name";
            let fix = named_by_path(&pointer(&["paths", path, method]), &format!("{} {path}", method.to_uppercase()));
            let diagnostic = Diagnostic::new(at("operationId"), format!("reserved operationId `{id}`"), help);
            diagnostics.push(diagnostic.with_fix(fix));
        }
        let idempotent = operation.extensions.get("x-idempotent").map(|value| (value, value.as_bool()));
        if let Some((value, None)) = idempotent {
            let message = format!("invalid value `{value}` of `x-idempotent`");
            diagnostics.push(Diagnostic::new(at("x-idempotent"), message, "write `true` or `false`"));
        }
        operations.push(Operation {
            id: id.to_owned(),
            method: method.to_uppercase(),
            path: path.to_owned(),
            idempotent: idempotent.and_then(|(_, flag)| flag).unwrap_or(false),
            deprecated: operation.deprecated,
            deprecated_parameters: Vec::new(),
            statuses: statuses(&operation.responses, |_| true),
            error_statuses: statuses(&operation.responses, |response| is_error(document, response)),
            id_fields: operation.request_body.as_ref().map_or_else(Vec::new, |body| id_fields(document, body)),
        });
    }
    if diagnostics.is_empty() { Ok(operations) } else { Err(diagnostics) }
}

/// Adds the deprecated parameters of the document in which [`prepare`](super::prepare) has renamed and written out all of them.
pub(crate) fn add_deprecated_parameters(operations: &mut [Operation], prepared: &OpenAPI) {
    for (operation, (_, _, prepared)) in operations.iter_mut().zip(prepared.operations()) {
        let parameters = prepared.parameters.iter().filter_map(ReferenceOr::as_item).map(Parameter::parameter_data_ref);
        let deprecated = parameters.filter(|data| data.deprecated == Some(true));
        operation.deprecated_parameters = deprecated.map(|data| normal(&data.name)).collect();
    }
}

fn statuses(responses: &Responses, wanted: impl Fn(&ReferenceOr<Response>) -> bool) -> Vec<String> {
    let named = responses.responses.iter().map(|(status, response)| (status.to_string(), response));
    let default = responses.default.iter().map(|response| ("default".to_owned(), response));
    named.chain(default).filter(|(_, response)| wanted(response)).map(|(status, _)| status).collect()
}

fn is_error(document: &OpenAPI, response: &ReferenceOr<Response>) -> bool {
    resolve_response(document, response).is_some_and(|response| {
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
    let schema = json.and_then(|(_, json)| resolve(document, json.schema.as_ref()?));
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
                found.and_then(|schema| resolve(document, schema))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::tests::read;

    fn paths(yaml: &str) -> Result<Vec<Operation>, Vec<Diagnostic>> {
        operations(&read(&format!("openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths: {yaml}")))
    }

    #[test]
    fn operations_are_read_in_the_order_of_the_document() {
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
    fn a_deprecated_parameter_is_a_deprecated_setter_also_if_it_is_renamed() {
        let spec = "openapi: 3.0.3
info: { title: t, version: '1' }
paths: { /a: { parameters: [{ $ref: '#/components/parameters/B' }], get: { operationId: a, responses: {}, parameters: [
  { name: body, in: query, deprecated: true, schema: { type: string } }, { name: c, in: query, schema: { type: string } }] } } }
components: { parameters: { B: { name: b, in: query, deprecated: true, schema: { type: string } } } }
";
        let code = crate::generate(spec, "a.yaml").unwrap();
        for (setter, expected) in [("query_body", true), ("b", true), ("c", false)] {
            let (before, _) = code.split_once(&format!("pub fn {setter}(self")).unwrap();
            assert_eq!(before.trim_end().ends_with("marks this as deprecated\"]"), expected, "{setter}: {code}");
        }
    }

    #[test]
    fn reserved_ids_and_invalid_extensions_are_errors() {
        let yaml = "{ /a: { get: { operationId: fn, x-idempotent: 'yes', responses: {} },
                           put: { operationId: transport, responses: {} } } }";
        let messages: Vec<_> =
            paths(yaml).unwrap_err().iter().map(|d| format!("{}: {}", d.pointer, d.message)).collect();
        assert_eq!(
            messages,
            [
                "/paths/~1a/get/operationId: reserved operationId `fn`",
                "/paths/~1a/get/x-idempotent: invalid value `\"yes\"` of `x-idempotent`",
                "/paths/~1a/put/operationId: reserved operationId `transport`",
            ]
        );
    }
}
