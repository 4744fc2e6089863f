//! The schema of metadata.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::named;
use crate::Metadata;

/// An object of strings with at least one pair. This is narrower than the OpenAPI document, which allows an empty update.
impl JsonSchema for Metadata {
    named!("Metadata");

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "The key-value pairs to set on a ticket, at least one; merged with the ones the ticket already has.",
            "type": "object",
            "additionalProperties": { "type": "string" },
            "minProperties": 1,
        })
    }
}
