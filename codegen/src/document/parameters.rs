//! Pass: parameters in the path, the query and the headers, as far as they can be sent; the others are refused.
//!
//! progenitor panics on a parameter that is not in the path, keeps one of two that have the same name, and writes code that
//! does not compile for an array in a path. A header that the HTTP client or the transport writes, which some documents
//! list as a parameter too, is taken out: `Accept`, `Content-Type`, `Authorization` (as OpenAPI says), and the API key.

use std::collections::HashSet;

use openapiv3::{
    APIKeyLocation, ArrayType, HeaderStyle, OpenAPI, Parameter, ParameterData, ParameterSchemaOrContent, PathStyle,
    QueryStyle, ReferenceOr, Schema, SchemaKind, SecurityScheme, Type,
};

use super::{pointer::pointer, schemas};
use crate::{error::Refusal as Error, names::normal};

/// Names that the generated method has for something else.
const RESERVED: [&str; 3] = ["body", "headermap", "self"];

/// Takes out the headers that are not the caller's to set, and makes every parameter's schema one that is not null.
///
/// # Errors
///
/// [`Error::Unsupported`] for a parameter that cannot be sent.
pub(super) fn prepare(document: &mut OpenAPI) -> Result<(), Error> {
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
        check(document, path, &operation.parameters, &at)?;
    }
    Ok(())
}

/// Writes what is given by reference, and what is given for a whole path, out in each operation.
fn write_out(document: &mut OpenAPI) -> Result<(), Error> {
    let shared = document.components.as_ref().map(|components| components.parameters.clone()).unwrap_or_default();
    for (path, item) in &mut document.paths.paths {
        let ReferenceOr::Item(item) = item else { continue };
        let written_out = |parameters: &[ReferenceOr<Parameter>]| {
            let found = parameters.iter().map(|parameter| match parameter {
                ReferenceOr::Item(parameter) => Ok(parameter.clone()),
                ReferenceOr::Reference { reference } => {
                    let named = reference.strip_prefix("#/components/parameters/").and_then(|name| shared.get(name));
                    named.and_then(ReferenceOr::as_item).cloned().ok_or_else(|| Error::Unsupported {
                        pointer: pointer(&["paths", path]),
                        what: format!("the parameter `{reference}`, which is not there"),
                        help: "describe it in `components/parameters`".into(),
                    })
                }
            });
            found.collect::<Result<Vec<_>, _>>()
        };
        let of_path = written_out(&std::mem::take(&mut item.parameters))?;
        for operation in schemas::operations_of(item) {
            let own = written_out(&operation.parameters)?;
            let inherited = of_path.iter().filter(|inherited| {
                !own.iter().any(|own| own.parameter_data_ref().name == inherited.parameter_data_ref().name)
            });
            let all: Vec<_> = inherited.cloned().chain(own.iter().cloned()).map(ReferenceOr::Item).collect();
            operation.parameters = all;
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

fn check(document: &OpenAPI, path: &str, parameters: &[ReferenceOr<Parameter>], at: &str) -> Result<(), Error> {
    let refused = |what: String, help: &str| Err(Error::Unsupported { pointer: at.into(), what, help: help.into() });
    let mut names = HashSet::new();
    let mut in_path = HashSet::new();
    for parameter in parameters.iter().filter_map(ReferenceOr::as_item) {
        let data = parameter.parameter_data_ref();
        let name = &data.name;
        let ParameterSchemaOrContent::Schema(schema) = &data.format else {
            return refused(format!("the parameter `{name}` with `content`"), "describe it by a `schema`");
        };
        if !names.insert(normal(name)) || RESERVED.contains(&normal(name).as_str()) {
            return refused(
                format!("the parameter `{name}`, of a name that is taken in the generated method"),
                "name parameters so that they differ, and none of them `body`",
            );
        }
        let scalar = is_scalar(document, schema);
        match parameter {
            Parameter::Path { style, .. } => {
                in_path.insert(name.as_str());
                if !data.required {
                    return refused(
                        format!("`{name}` in the path without `required: true`"),
                        "add it, as OpenAPI asks",
                    );
                }
                if !path.contains(&format!("{{{name}}}")) {
                    return refused(format!("`{name}`, which is not in the path"), "write it in braces into the path");
                }
                if !scalar || *style != PathStyle::Simple {
                    return refused(
                        format!("`{name}` in the path"),
                        "give it the type of one plain value, and no `style`",
                    );
                }
            }
            Parameter::Query { style, .. } => {
                let is_list = is_list(document, schema) && data.explode != Some(false);
                if *style != QueryStyle::Form || !scalar && !is_list {
                    let help = "give it the type of one plain value or of a list of them, which is sent as `a=1&a=2`, \
                                and leave `style` and `explode` out";
                    return refused(format!("the query parameter `{name}`"), help);
                }
            }
            Parameter::Header { style, .. } => {
                let is_token = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b));
                if !scalar || *style != HeaderStyle::Simple || !is_token || name.is_empty() {
                    let help = "give it the name of a header, the type of one plain value, and no `style`";
                    return refused(format!("the header `{name}`"), help);
                }
            }
            Parameter::Cookie { .. } => {
                return refused(format!("the cookie `{name}`"), "leave it out: the client keeps no cookies");
            }
        }
    }
    let missing =
        path.split('{').skip(1).filter_map(|part| part.split('}').next()).find(|name| !in_path.contains(name));
    match missing {
        Some(name) => {
            refused(format!("`{{{name}}}` in the path without its parameter"), "describe it, with `in: path`")
        }
        None => Ok(()),
    }
}

/// Whether it is one plain value, and not a list or an object.
fn is_scalar(document: &OpenAPI, schema: &ReferenceOr<Schema>) -> bool {
    let kind = resolve(document, schema).map(|schema| &schema.schema_kind);
    matches!(kind, Some(SchemaKind::Type(Type::String(_) | Type::Number(_) | Type::Integer(_) | Type::Boolean(_))))
}

/// Whether it is a list of plain values.
fn is_list(document: &OpenAPI, schema: &ReferenceOr<Schema>) -> bool {
    match resolve(document, schema).map(|schema| &schema.schema_kind) {
        Some(SchemaKind::Type(Type::Array(ArrayType { items: Some(items), .. }))) => {
            is_scalar(document, &items.clone().unbox())
        }
        _ => false,
    }
}

pub(super) fn resolve<'a>(document: &'a OpenAPI, schema: &'a ReferenceOr<Schema>) -> Option<&'a Schema> {
    let mut schema = schema;
    // A chain of references that leads nowhere or in a circle ends too.
    for _ in 0..16 {
        match schema {
            ReferenceOr::Item(schema) => return Some(schema),
            ReferenceOr::Reference { reference } => {
                let name = reference.strip_prefix("#/components/schemas/")?;
                schema = document.components.as_ref()?.schemas.get(name)?;
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::read;

    fn prepared(parameters: &str) -> Result<OpenAPI, Error> {
        let mut document = read(&format!(
            "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths: {{ '/a/{{id}}': {{
               parameters: [{{ name: id, in: path, required: true, schema: {{type: string}} }}],
               get: {{ operationId: a, responses: {{}}, parameters: {parameters} }} }} }}
components:
  parameters: {{ limit: {{ name: limit, in: query, schema: {{type: integer}} }} }}
  securitySchemes: {{ key: {{ type: apiKey, in: header, name: X-Api-Key }} }}"
        ))
        .unwrap();
        prepare(&mut document)?;
        Ok(document)
    }

    #[test]
    fn shared_parameters_are_written_out_and_headers_of_the_transport_are_not() {
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
    fn a_parameter_that_cannot_be_sent_is_refused_with_its_pointer() {
        let cases = [
            ("{ name: c, in: cookie, schema: {type: string} }", "the cookie `c`"),
            ("{ name: c, in: query, content: { application/json: {} } }", "the parameter `c` with `content`"),
            ("{ name: c, in: query, style: deepObject, schema: {type: object} }", "the query parameter `c`"),
            ("{ name: c, in: query, explode: false, schema: {type: array, items: {}} }", "the query parameter `c`"),
            ("{ name: c, in: query, schema: {type: object} }", "the query parameter `c`"),
            ("{ name: c, in: path, required: true, schema: {type: string} }", "`c`, which is not in the path"),
            ("{ name: id, in: path, schema: {type: string} }", "`id` in the path without `required: true`"),
            ("{ name: id, in: path, required: true, schema: {type: array, items: {}} }", "`id` in the path"),
            ("{ name: id, in: query, schema: {type: string} }", "`{id}` in the path without its parameter"),
            ("{ name: c d, in: header, schema: {type: string} }", "the header `c d`"),
            ("{ name: body, in: query, schema: {type: string} }", "of a name that is taken"),
            ("{ name: I-d, in: query, schema: {type: string} }", "of a name that is taken"),
        ];
        for (parameter, expected) in cases {
            let message = prepared(&format!("[{parameter}]")).unwrap_err().to_string();
            assert!(message.starts_with("/paths/~1a~1{id}/get/parameters: "), "{message}");
            assert!(message.contains(expected), "{message}");
        }
        let message = prepared("[{ $ref: '#/x' }]").unwrap_err().to_string();
        assert!(message.contains("the parameter `#/x`, which is not there"), "{message}");
    }
}
