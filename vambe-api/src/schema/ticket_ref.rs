//! The schema of a ticket reference, alone or flattened into a struct.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::named;
use crate::{ContactNumber, TicketRef};

/// An object with exactly one of the three identifiers; other fields are allowed.
impl JsonSchema for TicketRef {
    named!("TicketRef");

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "The ticket, named by exactly one identifier.",
            "type": "object",
            "properties": {
                "ticket_id": { "description": "The ticket itself, by its id.", "type": "string", "format": "uuid" },
                "ai_contact_id": { "description": "The ticket of the contact with this id.", "type": "string", "format": "uuid" },
                "contact_number": generator.subschema_for::<ContactNumber>(),
            },
            "oneOf": [
                { "required": ["ticket_id"] },
                { "required": ["ai_contact_id"] },
                { "required": ["contact_number"] },
            ],
        })
    }
}
