//! What is read from the OpenAPI document, and the passes that run over it before progenitor sees it.

mod bodies;
mod defaults;
mod exclusive_group;
mod hoist;
mod limits;
mod operation;
mod parameters;
mod pointer;
mod read_only;
mod responses;
mod schemas;

pub(crate) use exclusive_group::{Group, Rule, SumType};
pub(crate) use operation::{Operation, operations};

use openapiv3::OpenAPI;

use crate::{Error, Settings};

/// Reads the text, YAML or JSON (which is YAML too), into a document of a version we can generate from.
pub(crate) fn read(text: &str) -> Result<OpenAPI, Error> {
    // OpenAPI asks for YAML 1.2, where `no` and `on` are strings.
    let options = serde_saphyr::options! { strict_booleans: true };
    let document: OpenAPI = serde_saphyr::from_str_with_options(text, options)
        .map_err(|error| Error::NotADocument { message: error.to_string() })?;
    if document.openapi.starts_with("3.0.") { Ok(document) } else { Err(Error::Version { found: document.openapi }) }
}

/// Runs every pass, and gives back what a pass took out and the generated code has to say in another way.
pub(crate) fn prepare(document: &mut OpenAPI, settings: &Settings) -> Result<Vec<Group>, Error> {
    parameters::prepare(document)?;
    bodies::keep_json_requests(document)?;
    responses::unify_successes(document)?;
    hoist::hoist(document)?;
    let groups = exclusive_group::take_out(document, settings)?;
    read_only::make_optional(document);
    defaults::take_out(document);
    limits::take_out(document);
    responses::take_out_errors(document);
    Ok(groups)
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
    fn text_that_is_not_openapi_3_0_is_refused_with_the_reason() {
        let cases = [
            ("", "not an OpenAPI 3.0 document"),
            ("openapi: [3", "not an OpenAPI 3.0 document"),
            ("\u{0}\u{1}", "not an OpenAPI 3.0 document"),
            ("openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}", "`openapi: 3.1.0`"),
            ("openapi: 3.0.3\npaths: {}", "missing field `info`"),
        ];
        for (text, expected) in cases {
            let message = read(text).unwrap_err().to_string();
            assert!(message.contains(expected), "{text:?}: {message}");
        }
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
