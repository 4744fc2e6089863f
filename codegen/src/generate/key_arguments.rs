//! Pass: the keys of an operation that the transport does not write become parameters.
//!
//! Headers that the HTTP client or the transport writes, which some documents list as parameters, are removed: `Accept`,
//! `Content-Type`, `Authorization` (as OpenAPI requires) and the API key.

use openapiv3::{
    APIKeyLocation, OpenAPI, Parameter, ParameterData, ParameterSchemaOrContent, QueryStyle, ReferenceOr,
    SecurityScheme,
};

use super::{form, schemas, shared_parameters::pointers};
use crate::document::{Access, KeyArgument};

/// Removes the headers that are not the caller's to set, and adds the keys that are, each as a required text. `places` has the
/// pointers of the parameters, which are written out for each operation already.
pub(super) fn add(document: &mut OpenAPI, access: &Access, places: &mut [Vec<String>]) {
    let (key_headers, pointers) = (key_headers(document), pointers(document));
    for (operation, places) in schemas::operations_mut(document).zip(places) {
        let id = operation.operation_id.clone().unwrap_or_default();
        let keys = access.keys.get(&id);
        let arguments = keys.map(|keys| keys.arguments.as_slice()).unwrap_or_default();
        let written = std::mem::take(&mut operation.parameters).into_iter().zip(std::mem::take(places));
        for (parameter, place) in written {
            let is_replaced = parameter.as_item().is_some_and(|parameter| {
                is_of_transport(parameter, &key_headers) || arguments.iter().any(|key| is_for(parameter, key))
            });
            if !is_replaced {
                operation.parameters.push(parameter);
                places.push(place);
            }
        }
        for key in arguments {
            operation.parameters.push(ReferenceOr::Item(parameter(key)));
            places.push(pointers.get(&id).cloned().unwrap_or_default());
        }
    }
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

/// Returns whether it is a header that the HTTP client or the transport writes.
fn is_of_transport(parameter: &Parameter, key_headers: &[String]) -> bool {
    match parameter {
        Parameter::Header { parameter_data, .. } => {
            let name = parameter_data.name.to_ascii_lowercase();
            ["accept", "content-type", "authorization"].contains(&name.as_str()) || key_headers.contains(&name)
        }
        _ => false,
    }
}

fn is_for(parameter: &Parameter, key: &KeyArgument) -> bool {
    match (parameter, key) {
        (Parameter::Query { parameter_data, .. }, KeyArgument::Query(name)) => parameter_data.name == *name,
        _ => false,
    }
}

fn parameter(key: &KeyArgument) -> Parameter {
    let (KeyArgument::Header(name) | KeyArgument::Query(name)) = key;
    let parameter_data = ParameterData {
        name: name.clone(),
        description: Some("A key that the server needs besides, or instead of, that of the client.".to_owned()),
        required: true,
        deprecated: None,
        format: ParameterSchemaOrContent::Schema(ReferenceOr::Item(form::text())),
        example: None,
        examples: Default::default(),
        explode: None,
        extensions: Default::default(),
    };
    match key {
        KeyArgument::Header(_) => Parameter::Header { parameter_data, style: Default::default() },
        KeyArgument::Query(_) => {
            Parameter::Query { parameter_data, allow_reserved: false, style: QueryStyle::Form, allow_empty_value: None }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{document::keys::Keys, generate::tests::read};

    fn parameters(arguments: Vec<KeyArgument>) -> Vec<String> {
        let mut document = read(
            "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: { /a: { get: { operationId: a, responses: {}, parameters: [
               { name: k, in: query, schema: {type: string} }, { name: x-api-key, in: header, schema: {type: string} },
               { name: Accept, in: header, schema: {type: string} }, { name: x-trace, in: header, schema: {type: string} }] } } }
components: { securitySchemes: { key: { type: apiKey, in: header, name: X-Api-Key } } }",
        );
        let keys = [("a".to_owned(), Keys { arguments, ..Keys::default() })].into();
        let mut places = vec![["/0", "/1", "/2", "/3"].map(str::to_owned).to_vec()];
        add(&mut document, &Access { server: None, keys }, &mut places);
        let (_, _, operation) = document.operations().next().unwrap();
        let names = operation.parameters.iter().zip(&places[0]).map(|(parameter, place)| {
            let data = parameter.as_item().unwrap().parameter_data_ref();
            format!("{} {} {place}", data.name, data.required)
        });
        names.collect()
    }

    #[test]
    fn headers_of_the_transport_go_and_other_keys_are_required_arguments() {
        assert_eq!(parameters(vec![]), ["k false /0", "x-trace false /3"]);
        let keys = vec![KeyArgument::Header("x-api-key".into()), KeyArgument::Query("k".into())];
        assert_eq!(parameters(keys), ["x-trace false /3", "x-api-key true /paths/~1a/get", "k true /paths/~1a/get"]);
    }
}
