//! Pass: parameters in path, query and headers are written out per operation; unsupported ones are rejected.
//!
//! progenitor panics on a parameter that is not in the path, and keeps one of two that have the same name. The keys of
//! an operation that are arguments are added before.

use std::collections::{HashMap, HashSet};

use openapiv3::{OpenAPI, Parameter, ParameterData, ParameterSchemaOrContent, QueryStyle, ReferenceOr};

use super::{
    form::{self, Form},
    key_arguments, schemas,
    shared_parameters::write_out,
};
use crate::{
    document::{Access, Diagnostic, Fix, is_json},
    names::normal,
};

/// Names that the generated method uses itself.
const RESERVED: [&str; 3] = ["body", "headermap", "self"];

/// The way in which a parameter is written into a request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sent {
    /// The name in the request.
    pub(crate) name: String,
    pub(crate) style: Style,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Style {
    /// One pair for each value: `a=1&a=2`, and `b=1&c=2` for an object.
    Form,
    /// One pair for all values, with this between them: `a=1,2`.
    Joined(&'static str),
    /// `a[b]=1&a[c]=2`.
    Deep,
    /// `a={"b":1}`.
    Json,
}

/// The parameters that are not sent as progenitor assumes, by operation and by the name that the document has now.
pub(crate) type Parameters = HashMap<(String, String), Sent>;

/// Gives all parameters schemas and names that progenitor accepts.
///
/// # Errors
///
/// Every parameter that cannot be sent, or whose name the generated method cannot use.
pub(super) fn prepare(document: &mut OpenAPI, access: &Access) -> Result<Parameters, Vec<Diagnostic>> {
    let mut diagnostics = Vec::new();
    let mut places = write_out(document, &mut diagnostics);
    key_arguments::add(document, access, &mut places);
    let original = document.clone();
    let mut sent = Parameters::new();
    let mut places = places.into_iter();
    for operation in schemas::operations_mut(document) {
        let id = operation.operation_id.clone().unwrap_or_default();
        let mut names = HashSet::new();
        let parameters = std::mem::take(&mut operation.parameters).into_iter().zip(places.next().unwrap_or_default());
        // Those in the path keep their names, which are in the path too.
        let (in_path, others): (Vec<_>, Vec<_>) =
            parameters.partition(|(parameter, _)| matches!(parameter, ReferenceOr::Item(Parameter::Path { .. })));
        for (mut parameter, place) in in_path.into_iter().chain(others) {
            let Some(item) = schemas::item_mut(&mut parameter) else { continue };
            match one(&original, item, &mut names) {
                Ok(how) => {
                    if let Some(how) = how {
                        sent.insert((id.clone(), item.parameter_data_ref().name.clone()), how);
                    }
                    operation.parameters.push(parameter);
                }
                Err((message, help)) => {
                    let fix = (!item.parameter_data_ref().required).then(|| Fix::ignore(&place));
                    diagnostics.push(Diagnostic { fix, ..Diagnostic::new(place, message, help) });
                }
            }
        }
    }
    if diagnostics.is_empty() { Ok(sent) } else { Err(diagnostics) }
}

fn data_mut(parameter: &mut Parameter) -> &mut ParameterData {
    match parameter {
        Parameter::Query { parameter_data, .. }
        | Parameter::Header { parameter_data, .. }
        | Parameter::Path { parameter_data, .. }
        | Parameter::Cookie { parameter_data, .. } => parameter_data,
    }
}

/// Gives a parameter a schema and a name that progenitor accepts, and returns how it is sent if that differs.
fn one(
    document: &OpenAPI,
    parameter: &mut Parameter,
    names: &mut HashSet<String>,
) -> Result<Option<Sent>, (String, &'static str)> {
    let name = parameter.parameter_data_ref().name.clone();
    let explode = parameter.parameter_data_ref().explode;
    let (location, style) = match parameter {
        Parameter::Path { .. } => ("path", None),
        Parameter::Header { .. } => ("header", None),
        Parameter::Query { style, .. } => ("query", Some(std::mem::take(style))),
        Parameter::Cookie { .. } => return Ok(None),
    };
    let data = data_mut(parameter);
    let is_json = match &mut data.format {
        ParameterSchemaOrContent::Schema(_) => false,
        ParameterSchemaOrContent::Content(content) => {
            let is_json = content.keys().any(|media_type| is_json(media_type));
            let first = content.shift_remove_index(0).and_then(|(_, media_type)| media_type.schema);
            data.format = ParameterSchemaOrContent::Schema(match first {
                Some(schema) if is_json => schema,
                _ => ReferenceOr::Item(form::text()),
            });
            is_json
        }
    };
    let ParameterSchemaOrContent::Schema(schema) = &mut data.format else { return Ok(None) };
    let form = if is_json { Form::Plain } else { form::simplify(document, schema) };
    if let ReferenceOr::Item(schema) = schema {
        // There is no `null` in a URL or a header.
        schema.schema_data.nullable = false;
    }
    let is_token =
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b));
    let (supported, help) = match location {
        "query" => (form != Form::Nested, "give it a scalar type, a list of scalars, or an object of scalars"),
        "header" => (
            matches!(form, Form::Plain | Form::List) && is_token && !is_json,
            "give it a scalar type or a list of scalars, and a valid name of a header",
        ),
        _ => (matches!(form, Form::Plain | Form::List) && !is_json, "give it a scalar type or a list of scalars"),
    };
    if !supported {
        return Err((format!("the {location} parameter `{name}` is not supported"), help));
    }
    let style = match (style, form) {
        _ if is_json => Style::Json,
        (Some(QueryStyle::DeepObject), Form::Object) => Style::Deep,
        (Some(QueryStyle::SpaceDelimited), Form::List) => Style::Joined(" "),
        (Some(QueryStyle::PipeDelimited), Form::List) => Style::Joined("|"),
        (Some(QueryStyle::Form), Form::List | Form::Object) if explode == Some(false) => Style::Joined(","),
        _ => Style::Form,
    };
    let free = |name: &str| !RESERVED.contains(&normal(name).as_str()) && !names.contains(&normal(name));
    let own = match location {
        _ if free(&name) => name.clone(),
        "path" => String::new(),
        _ => [format!("{location}_{name}"), format!("{location}_parameter_{name}")]
            .into_iter()
            .find(|name| free(name))
            .unwrap_or_default(),
    };
    if own.is_empty() {
        let message = format!("the parameter `{name}` has a name that is taken in the generated method");
        return Err((message, "give each parameter a name of its own, other than `body`"));
    }
    names.insert(normal(&own));
    let is_other = own != name || style != Style::Form;
    data.name = own;
    Ok(is_other.then_some(Sent { name, style }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::tests::read;

    fn document(parameters: &str) -> OpenAPI {
        read(&format!(
            "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths: {{ '/a/{{id}}': {{
               parameters: [{{ name: id, in: path, required: true, schema: {{type: string}} }}],
               get: {{ operationId: a, responses: {{}}, parameters: {parameters} }} }} }}
components:
  parameters: {{ limit: {{ name: limit, in: query, schema: {{type: integer}} }}, again: {{ $ref: '#/components/parameters/limit' }} }}"
        ))
    }

    fn access() -> Access {
        Access { server: None, keys: Default::default() }
    }

    fn prepared(parameters: &str) -> Result<OpenAPI, Vec<Diagnostic>> {
        let mut document = document(parameters);
        prepare(&mut document, &access())?;
        Ok(document)
    }

    #[test]
    fn each_parameter_that_cannot_be_sent_is_an_error_at_its_place() {
        let cases = [
            ("{ name: c, in: query, schema: {type: array, items: {type: object}} }", "the query parameter `c`"),
            ("{ name: c, in: header, schema: {type: object} }", "the header parameter `c`"),
            ("{ name: c d, in: header, schema: {type: string} }", "the header parameter `c d`"),
            (
                "{ $ref: '#/components/parameters/again' }",
                "`#/components/parameters/again` does not lead to a parameter",
            ),
        ];
        for (parameter, expected) in cases {
            let diagnostics = prepared(&format!("[{{ name: a, in: query, schema: {{}} }}, {parameter}]")).unwrap_err();
            assert_eq!(diagnostics[0].pointer, "/paths/~1a~1{id}/get/parameters/1");
            assert!(diagnostics[0].message.contains(expected), "{diagnostics:?}");
        }
        let diagnostics = prepared(&format!("[{}, {}]", cases[0].0, cases[1].0)).unwrap_err();
        assert_eq!(diagnostics.len(), 2);
    }

    #[test]
    fn a_parameter_that_progenitor_would_send_otherwise_is_known() {
        let cases = [
            ("{ name: c, in: query, schema: {type: array, items: {}} }", "c", None),
            (
                "{ name: c, in: query, explode: false, schema: {type: array, items: {}} }",
                "c",
                Some(("c", Style::Joined(","))),
            ),
            (
                "{ name: c, in: query, style: pipeDelimited, schema: {type: array, items: {}} }",
                "c",
                Some(("c", Style::Joined("|"))),
            ),
            ("{ name: c, in: query, style: deepObject, schema: {type: object} }", "c", Some(("c", Style::Deep))),
            (
                "{ name: c, in: query, content: { application/json: { schema: {type: object} } } }",
                "c",
                Some(("c", Style::Json)),
            ),
            ("{ name: body, in: query, schema: {type: string} }", "query_body", Some(("body", Style::Form))),
            ("{ name: I-d, in: header, schema: {type: string} }", "header_I-d", Some(("I-d", Style::Form))),
        ];
        for (parameter, name, expected) in cases {
            let mut document = document(&format!("[{parameter}]"));
            let sent = prepare(&mut document, &access()).unwrap();
            let (_, _, operation) = document.operations().next().unwrap();
            assert_eq!(operation.parameters.last().unwrap().as_item().unwrap().parameter_data_ref().name, name);
            let expected = expected.map(|(name, style)| Sent { name: name.into(), style });
            assert_eq!(sent.get(&("a".into(), name.into())), expected.as_ref(), "{parameter}");
        }
    }
}
