//! Pass: parameters in path, query and headers are written out per operation; unsupported ones are rejected.
//!
//! progenitor panics on a parameter that is not in the path, keeps one of two that have the same name, and writes code that
//! does not compile for an array in a path. Headers that the HTTP client or the transport writes, which some documents list
//! as parameters, are removed: `Accept`, `Content-Type`, `Authorization` (as OpenAPI requires) and the API key.

use std::collections::HashSet;

use openapiv3::{
    APIKeyLocation, ArrayType, OpenAPI, Parameter, ParameterData, ParameterSchemaOrContent, ReferenceOr, Schema,
    SchemaKind, SecurityScheme, Type,
};

use super::schemas;
use crate::{
    document::{Diagnostic, pointer},
    names::normal,
};

/// Names that the generated method uses itself.
const RESERVED: [&str; 3] = ["body", "headermap", "self"];

/// Removes the headers that are not the caller's to set, and makes the schemas of all parameters non-null.
///
/// # Errors
///
/// A parameter that cannot be sent, or whose name the generated method cannot use.
pub(super) fn prepare(document: &mut OpenAPI) -> Result<(), Diagnostic> {
    write_out(document)?;
    let key_headers = key_headers(document);
    for operation in schemas::operations_mut(document) {
        operation.parameters.retain(|parameter| match parameter {
            ReferenceOr::Item(Parameter::Header { parameter_data, .. }) => {
                let name = parameter_data.name.to_ascii_lowercase();
                !["accept", "content-type", "authorization"].contains(&name.as_str()) && !key_headers.contains(&name)
            }
            _ => true,
        });
        for parameter in operation.parameters.iter_mut().filter_map(schemas::item_mut) {
            if let ParameterSchemaOrContent::Schema(ReferenceOr::Item(schema)) = &mut data_mut(parameter).format {
                // There is no `null` in a URL or a header.
                schema.schema_data.nullable = false;
            }
        }
    }
    for (path, method, operation) in document.operations() {
        let at = pointer(&["paths", path, method, "parameters"]);
        check(document, &operation.parameters, &at)?;
    }
    Ok(())
}

/// Copies the parameters that are given by reference or for a whole path into each operation.
fn write_out(document: &mut OpenAPI) -> Result<(), Diagnostic> {
    let shared = document.components.as_ref().map(|components| components.parameters.clone()).unwrap_or_default();
    for (path, item) in &mut document.paths.paths {
        let ReferenceOr::Item(item) = item else { continue };
        let resolve = |parameter| match parameter {
            ReferenceOr::Item(parameter) => Ok(parameter),
            ReferenceOr::Reference { reference } => {
                let name = reference.strip_prefix("#/components/parameters/");
                let parameter = name.and_then(|name| shared.get(name)?.as_item().cloned());
                parameter.ok_or_else(|| {
                    let message = format!("the reference `{reference}` does not lead to a parameter");
                    Diagnostic::new(pointer(&["paths", path]), message, "refer to the parameter directly")
                })
            }
        };
        let resolved = |parameters: &mut Vec<ReferenceOr<Parameter>>| {
            std::mem::take(parameters).into_iter().map(resolve).collect::<Result<Vec<_>, _>>()
        };
        let of_path = resolved(&mut item.parameters)?;
        for operation in schemas::operations_of(item) {
            let own = resolved(&mut operation.parameters)?;
            let inherited = of_path.iter().filter(|inherited| {
                !own.iter().any(|own| own.parameter_data_ref().name == inherited.parameter_data_ref().name)
            });
            operation.parameters = inherited.chain(&own).cloned().map(ReferenceOr::Item).collect();
        }
    }
    Ok(())
}

fn key_headers(document: &OpenAPI) -> Vec<String> {
    let schemes = document.components.iter().flat_map(|components| components.security_schemes.values());
    schemes
        .filter_map(|scheme| match scheme {
            ReferenceOr::Item(SecurityScheme::APIKey { location: APIKeyLocation::Header, name, .. }) => {
                Some(name.to_ascii_lowercase())
            }
            _ => None,
        })
        .collect()
}

fn data_mut(parameter: &mut Parameter) -> &mut ParameterData {
    match parameter {
        Parameter::Query { parameter_data, .. }
        | Parameter::Header { parameter_data, .. }
        | Parameter::Path { parameter_data, .. }
        | Parameter::Cookie { parameter_data, .. } => parameter_data,
    }
}

/// Rejects names and types that the generated method cannot have; the checks have dealt with the rest.
fn check(document: &OpenAPI, parameters: &[ReferenceOr<Parameter>], at: &str) -> Result<(), Diagnostic> {
    let mut names = HashSet::new();
    for parameter in parameters.iter().filter_map(ReferenceOr::as_item) {
        let data = parameter.parameter_data_ref();
        let name = &data.name;
        let ParameterSchemaOrContent::Schema(schema) = &data.format else { continue };
        if !names.insert(normal(name)) || RESERVED.contains(&normal(name).as_str()) {
            let message = format!("the parameter `{name}` has a name that is taken in the generated method");
            return Err(Diagnostic::new(at, message, "give each parameter a name of its own, other than `body`"));
        }
        let is_token = || name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b));
        let scalar = is_scalar(document, schema);
        let (supported, location, help) = match parameter {
            Parameter::Path { .. } => (scalar, "path", "give it a scalar type"),
            Parameter::Query { .. } => (
                scalar || is_list(document, schema) && data.explode != Some(false),
                "query",
                "give it a scalar type or a list of scalars, which is sent as `a=1&a=2`, and omit `explode`",
            ),
            Parameter::Header { .. } => (
                scalar && is_token() && !name.is_empty(),
                "header",
                "give it a scalar type and a valid name of a header",
            ),
            Parameter::Cookie { .. } => continue,
        };
        if !supported {
            return Err(Diagnostic::new(at, format!("the {location} parameter `{name}` is not supported"), help));
        }
    }
    Ok(())
}

/// Returns whether it is a scalar, not a list or an object.
fn is_scalar(document: &OpenAPI, schema: &ReferenceOr<Schema>) -> bool {
    let kind = schemas::resolve(document, schema).map(|schema| &schema.schema_kind);
    matches!(kind, Some(SchemaKind::Type(Type::String(_) | Type::Number(_) | Type::Integer(_) | Type::Boolean(_))))
}

/// Returns whether it is a list of scalars.
fn is_list(document: &OpenAPI, schema: &ReferenceOr<Schema>) -> bool {
    match schemas::resolve(document, schema).map(|schema| &schema.schema_kind) {
        Some(SchemaKind::Type(Type::Array(ArrayType { items: Some(items), .. }))) => {
            is_scalar(document, &items.clone().unbox())
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::tests::read;

    fn prepared(parameters: &str) -> Result<OpenAPI, Diagnostic> {
        let mut document = read(&format!(
            "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths: {{ '/a/{{id}}': {{
               parameters: [{{ name: id, in: path, required: true, schema: {{type: string}} }}],
               get: {{ operationId: a, responses: {{}}, parameters: {parameters} }} }} }}
components:
  parameters: {{ limit: {{ name: limit, in: query, schema: {{type: integer}} }}, again: {{ $ref: '#/components/parameters/limit' }} }}
  securitySchemes: {{ key: {{ type: apiKey, in: header, name: X-Api-Key }} }}"
        ));
        prepare(&mut document)?;
        Ok(document)
    }

    #[test]
    fn writes_out_shared_parameters_and_drops_transport_headers() {
        let document = prepared(
            "[{ $ref: '#/components/parameters/limit' }, { name: x-api-key, in: header, schema: {type: string} },
              { name: Accept, in: header, schema: {type: string} }, { name: x-trace, in: header, schema: {type: string} }]",
        );
        let document = document.unwrap();
        let (_, _, operation) = document.operations().next().unwrap();
        let names =
            operation.parameters.iter().map(|parameter| &parameter.as_item().unwrap().parameter_data_ref().name);
        assert_eq!(names.collect::<Vec<_>>(), ["id", "limit", "x-trace"]);
    }

    #[test]
    fn parameters_that_cannot_be_sent_are_errors_with_a_pointer() {
        let cases = [
            ("{ name: c, in: query, explode: false, schema: {type: array, items: {}} }", "the query parameter `c`"),
            ("{ name: c, in: query, schema: {type: object} }", "the query parameter `c`"),
            ("{ name: id, in: path, required: true, schema: {type: array, items: {}} }", "the path parameter `id`"),
            ("{ name: c d, in: header, schema: {type: string} }", "the header parameter `c d`"),
            ("{ name: body, in: query, schema: {type: string} }", "`body` has a name that is taken"),
            ("{ name: I-d, in: query, schema: {type: string} }", "`I-d` has a name that is taken"),
        ];
        for (parameter, expected) in cases {
            let diagnostic = prepared(&format!("[{parameter}]")).unwrap_err();
            assert_eq!(diagnostic.pointer, "/paths/~1a~1{id}/get/parameters");
            assert!(diagnostic.message.contains(expected), "{diagnostic}");
        }
        let diagnostic = prepared("[{ $ref: '#/components/parameters/again' }]").unwrap_err();
        assert_eq!(diagnostic.message, "the reference `#/components/parameters/again` does not lead to a parameter");
    }
}
