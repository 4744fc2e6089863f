//! What is read from the OpenAPI document, and the passes that run over it before progenitor sees it.

mod bodies;
mod defaults;
mod exclusive_group;
mod hand_written;
mod hoist;
mod json_schema;
mod limits;
mod operation;
mod parameters;
mod pointer;
mod read_only;
mod responses;
mod schemas;

pub(crate) use exclusive_group::{Group, Rule, SumType};
pub(crate) use hand_written::HandWritten;
pub(crate) use json_schema::Described;
pub(crate) use operation::{Operation, operations};
pub(crate) use pointer::pointer;

use openapiv3::OpenAPI;

use crate::{Settings, error::Refusal as Error};

/// Reads a text that is known to be good into a document, without the checks.
#[cfg(test)]
pub(crate) fn read(text: &str) -> Result<OpenAPI, crate::Error> {
    let source = crate::source::Source::read(text)?;
    source.document().map_err(|refusal| crate::Error::located(vec![refusal.into()], &source))
}

/// The parts of a document that progenitor has no word for.
pub(crate) struct Extracted {
    pub(crate) groups: Vec<Group>,
    pub(crate) hand_written: Vec<HandWritten>,
    pub(crate) described: Vec<Described>,
}

/// Runs every pass, and returns the parts that the generated code has to express in another way.
pub(crate) fn prepare(document: &mut OpenAPI, settings: &Settings) -> Result<Extracted, Error> {
    parameters::prepare(document)?;
    bodies::keep_json_requests(document)?;
    responses::unify_successes(document)?;
    hoist::hoist(document)?;
    read_only::make_optional(document);
    // Before the passes that change what a schema says for the sake of its Rust type.
    let described = json_schema::describe(document);
    let groups = exclusive_group::take_out(document, settings)?;
    let hand_written = hand_written::take_out(document, settings)?;
    defaults::take_out(document);
    limits::take_out(document);
    responses::take_out_errors(document);
    Ok(Extracted { groups, hand_written, described })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

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
        read(&text).unwrap()
    }

    #[test]
    fn a_bare_no_is_a_string() {
        let text = "openapi: 3.0.3\ninfo: {title: no, version: '1'}\npaths: {}";
        assert_eq!(read(text).unwrap().info.title, "no");
    }

    #[test]
    fn json_is_read_like_yaml() {
        let json = r#"{"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": {}}"#;
        assert_eq!(read(json).unwrap().info.title, "t");
    }
}
