//! The passes over a document before progenitor reads it, and what the generated code needs to know of it.
//!
//! # What panics in progenitor-impl 0.15.1 and typify-impl 0.8.0, and what keeps a document away from it
//!
//! | Where | Panics on | Prevented by |
//! |---|---|---|
//! | `lib.rs` `as_item().unwrap()` | a path by `$ref` | `form` |
//! | `lib.rs` `unimplemented!` | separate tags | settings: they are merged |
//! | `method.rs` `operation_id.unwrap()` | no operationId | `naming`: each operation gets one |
//! | `method.rs` `assert!(parameter_data.required)` | an optional path parameter | `parameters` |
//! | `method.rs` `{} missing from path`, `template.rs` `missing path name mapping` | path and parameters that differ | `parameters` |
//! | `method.rs` `unsupported style`, `cookie`, `schema()` (errors) | styles, cookies, `content` of a parameter | `parameters`, `generate::parameters` |
//! | `method.rs` `assert!(code < 1000)`, `range < 10` | other statuses | `responses`, and openapiv3 reads none |
//! | `method.rs` `assert!(encoding.is_empty())`, `todo!` | `encoding` | `media_types` |
//! | `method.rs` `todo!("… no schema")` | a JSON response without schema | `media_types` |
//! | `method.rs` `todo!("more media types …")` | a request body of two media types | `generate::bodies` keeps JSON or a form, `media_types` rejects the rest |
//! | `method.rs` `assert!(response_types.len() <= 1)` | two bodies of success; those of errors are removed before | `responses` |
//! | `method.rs` `todo!("non-default error response …")` | an error with status 101 | `generate::responses` removes it |
//! | `method.rs` `should only be one body`, `unreachable!` | nothing: an operation has one body, whose kinds are matched before | openapiv3's types |
//! | `util.rs` `unwrap()`, `key {} is missing` | a `$ref` elsewhere, or that leads nowhere | `references` |
//! | `util.rs` recursion (stack) | a parameter, body or response that is a `$ref` to itself | `cycles` |
//! | `to_schema.rs` `exclusive_minimum set without minimum` | that | `schemas` |
//! | `to_schema.rs` `invalid type` | a type that is not one of the six | `schemas` |
//! | `to_schema.rs` `from_f64().unwrap()` | a number that is not finite | `parse`: there is none |
//! | `cli.rs`, `httpmock.rs` | nothing: neither is generated | not called |
//! | typify `convert.rs` recursion (stack) | a schema that contains itself by `allOf` and the like, or by a long chain | `cycles` |
//! | typify `merge.rs` recursion (stack) | properties that merge with each other without end | `merges` |
//! | typify `Failed to make unique variant names` | values of an `enum` such as `<` and `>` | `generate::limits`: they become text |
//! | typify: the rest, some hundred | `not`, `default`, `enum` in unexpected combinations | caught, and reported as a bug of progenitor |

mod bodies;
mod defaults;
mod exclusive_group;
mod form;
mod hand_written;
mod hoist;
mod json_schema;
mod key_arguments;
mod limits;
mod operations;
mod origin;
mod parameters;
mod read_only;
mod responses;
mod schemas;
mod shared_parameters;
mod titles;

pub(crate) use exclusive_group::{Cardinality, Group, SumType};
pub(crate) use hand_written::HandWritten;
pub(crate) use json_schema::ComponentSchema;
pub(crate) use operations::{Operation, add_deprecated_parameters, operations};
pub(crate) use origin::Origins;
pub(crate) use parameters::{Parameters, Sent, Style};
pub(crate) use responses::{Answer, AnswerKind, Answers};

use openapiv3::OpenAPI;

use crate::{
    Settings,
    document::{Access, Diagnostic},
};

/// The parts of a document that progenitor does not know.
pub(crate) struct Extracted {
    pub(crate) groups: Vec<Group>,
    pub(crate) hand_written: Vec<HandWritten>,
    pub(crate) schemas: Vec<ComponentSchema>,
    pub(crate) wire: Wire,
}

/// The parts of a request and its response that are not as progenitor assumes.
#[derive(Default)]
pub(crate) struct Wire {
    pub(crate) parameters: Parameters,
    pub(crate) answers: Answers,
}

/// Runs every pass, and returns the parts that the generated code expresses in another way.
pub(crate) fn prepare(
    document: &mut OpenAPI,
    access: &Access,
    settings: &Settings,
) -> Result<Extracted, Vec<Diagnostic>> {
    let one = |diagnostic| vec![diagnostic];
    let parameters = parameters::prepare(document, access)?;
    bodies::keep_one_request(document);
    let answers = responses::unify_successes(document);
    hoist::hoist(document);
    read_only::make_optional(document);
    // Before the passes that change a schema for the sake of its Rust type.
    let schemas = json_schema::describe(document);
    let groups = exclusive_group::strip_groups(document, settings).map_err(one)?;
    let hand_written = hand_written::strip_hand_written(document, settings).map_err(one)?;
    defaults::strip_defaults(document);
    titles::strip_titles(document);
    limits::strip_limits(document);
    responses::strip_errors(document);
    Ok(Extracted { groups, hand_written, schemas, wire: Wire { parameters, answers } })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::document::Draft;

    /// Reads a text that is known to be valid, without the checks.
    pub(crate) fn read(text: &str) -> OpenAPI {
        Draft::read(&crate::Input::new("spec.yaml", text)).unwrap().document().unwrap().openapi().unwrap()
    }

    /// A document with one operation, whose body and components the caller writes in YAML flow style.
    pub(crate) fn document(responses: &str, schema: &str) -> OpenAPI {
        let text = format!(
            r##"
openapi: 3.0.3
info: {{ title: Test, version: "1" }}
paths:
  /thing:
    post:
      operationId: set_thing
      requestBody:
        content:
          application/json:
            schema: {{ $ref: "#/components/schemas/Thing" }}
      responses: {responses}
components:
  schemas:
    Thing: {schema}
"##
        );
        read(&text)
    }

    #[test]
    fn a_bare_no_is_a_string() {
        let text = "openapi: 3.0.3\ninfo: {title: no, version: '1'}\npaths: {}";
        assert_eq!(read(text).info.title, "no");
    }

    #[test]
    fn json_is_read_like_yaml() {
        let json = r#"{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {}}"#;
        assert_eq!(read(json).info.title, "t");
    }
}
