//! Pass: the parameters that are given by reference or for a whole path are written out for each operation.

use std::collections::HashMap;

use openapiv3::{OpenAPI, Parameter, ReferenceOr};

use super::schemas;
use crate::document::{Diagnostic, join, pointer};

/// Copies the parameters that are given by reference or for a whole path into each operation. Returns for each operation the
/// pointers of its parameters.
pub(super) fn write_out(document: &mut OpenAPI, diagnostics: &mut Vec<Diagnostic>) -> Vec<Vec<String>> {
    let shared = document.components.as_ref().map(|components| components.parameters.clone()).unwrap_or_default();
    let pointers = pointers(document);
    let mut places = Vec::new();
    for (path, item) in &mut document.paths.paths {
        let ReferenceOr::Item(item) = item else { continue };
        let mut resolved = |parameters: &mut Vec<ReferenceOr<Parameter>>, at: &str| {
            let resolve = |(index, parameter): (usize, _)| {
                let place = join(&join(at, "parameters"), &index.to_string());
                match parameter {
                    ReferenceOr::Item(parameter) => Some((parameter, place)),
                    ReferenceOr::Reference { reference } => {
                        let name = reference.strip_prefix("#/components/parameters/");
                        let found = name.and_then(|name| shared.get(name)?.as_item().cloned());
                        if found.is_none() {
                            let message = format!("the reference `{reference}` does not lead to a parameter");
                            diagnostics.push(Diagnostic::new(&*place, message, "refer to the parameter directly"));
                        }
                        found.map(|parameter| (parameter, place))
                    }
                }
            };
            std::mem::take(parameters).into_iter().enumerate().filter_map(resolve).collect::<Vec<_>>()
        };
        let of_path = resolved(&mut item.parameters, &pointer(&["paths", path]));
        for operation in schemas::operations_of(item) {
            let at = operation.operation_id.as_ref().and_then(|id| pointers.get(id)).map_or("", String::as_str);
            let own = resolved(&mut operation.parameters, at);
            let is_overridden = |inherited: &Parameter| {
                own.iter().any(|(own, _)| {
                    std::mem::discriminant(own) == std::mem::discriminant(inherited)
                        && own.parameter_data_ref().name == inherited.parameter_data_ref().name
                })
            };
            let inherited = of_path.iter().filter(|(inherited, _)| !is_overridden(inherited));
            let (all, here) = inherited.chain(&own).cloned().unzip();
            let all: Vec<Parameter> = all;
            operation.parameters = all.into_iter().map(ReferenceOr::Item).collect();
            places.push(here);
        }
    }
    places
}

/// The JSON pointer of each operation, by its id.
pub(super) fn pointers(document: &OpenAPI) -> HashMap<String, String> {
    let operations = document.operations();
    let pointers = operations.filter_map(|(path, method, operation)| {
        Some((operation.operation_id.clone()?, pointer(&["paths", path, method])))
    });
    pointers.collect()
}
