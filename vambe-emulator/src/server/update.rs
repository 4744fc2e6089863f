//! Parsing the body of an update, with all problems reported at once.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use uuid::Uuid;

use super::response::ErrorResponse;
use crate::world::Target;

/// A valid body: one ticket, and the metadata to merge into it.
pub(crate) struct Update {
    pub(crate) target: Target,
    pub(crate) allow_closed_ticket: bool,
    pub(crate) metadata: BTreeMap<String, String>,
}

impl Update {
    /// Parses a body. The order of the checks is JSON, the types of all fields, the number of
    /// identifiers.
    pub(crate) fn from_json(body: &[u8]) -> Result<Self, ErrorResponse> {
        let body: Value = serde_json::from_slice(body)
            .map_err(|error| ErrorResponse::malformed_json(error.line(), error.column()))?;
        let Value::Object(body) = body else {
            return Err(ErrorResponse::invalid_body(vec!["request body must be an object"]));
        };

        let mut fields = Fields { body, problems: Vec::new() };
        let ticket_id = fields.uuid("ticket_id", "ticket_id must be a UUID");
        let ai_contact_id = fields.uuid("ai_contact_id", "ai_contact_id must be a UUID");
        let contact_number = fields.contact_number();
        let metadata = fields.metadata();
        let allow_closed_ticket = fields.allow_closed_ticket();
        if !fields.problems.is_empty() {
            return Err(ErrorResponse::invalid_body(fields.problems));
        }

        let target = match (ticket_id, ai_contact_id, contact_number) {
            (Some(id), None, None) => Target::Ticket(id),
            (None, Some(id), None) => Target::AiContact(id),
            (None, None, Some(number)) => Target::ContactNumber(number),
            (None, None, None) => return Err(ErrorResponse::no_identifier()),
            _ => return Err(ErrorResponse::several_identifiers()),
        };
        Ok(Self { target, allow_closed_ticket, metadata })
    }
}

/// Takes the known fields out of a body and collects their problems; other fields are ignored.
///
/// `null` is a value of the wrong type, not an absent field.
struct Fields {
    body: Map<String, Value>,
    problems: Vec<&'static str>,
}

impl Fields {
    fn uuid(&mut self, name: &str, problem: &'static str) -> Option<Uuid> {
        let uuid = match self.body.remove(name)? {
            Value::String(text) => hyphenated_uuid(&text),
            _ => None,
        };
        if uuid.is_none() {
            self.problems.push(problem);
        }
        uuid
    }

    fn contact_number(&mut self) -> Option<String> {
        match self.body.remove("contact_number")? {
            Value::String(number) => Some(number),
            _ => {
                self.problems.push("contact_number must be a string");
                None
            }
        }
    }

    fn metadata(&mut self) -> BTreeMap<String, String> {
        let mut metadata = BTreeMap::new();
        let Some(Value::Object(pairs)) = self.body.remove("metadata") else {
            self.problems.push("metadata must be an object");
            return metadata;
        };
        let count = pairs.len();
        metadata.extend(pairs.into_iter().filter_map(|(key, value)| match value {
            Value::String(value) => Some((key, value)),
            _ => None,
        }));
        if metadata.len() < count {
            self.problems.push("each value in metadata must be a string");
        }
        metadata
    }

    fn allow_closed_ticket(&mut self) -> bool {
        match self.body.remove("allow_closed_ticket") {
            None => false,
            Some(Value::Bool(allow)) => allow,
            Some(_) => {
                self.problems.push("allow_closed_ticket must be a boolean");
                false
            }
        }
    }
}

/// Parses only the form with hyphens; `uuid` alone would also accept `{…}`, `urn:uuid:…` and the
/// form without hyphens.
fn hyphenated_uuid(text: &str) -> Option<Uuid> {
    const LENGTH: usize = uuid::fmt::Hyphenated::LENGTH;
    (text.len() == LENGTH).then(|| Uuid::try_parse(text).ok()).flatten()
}
