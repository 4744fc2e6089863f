//! Parsing the body of an update, with all problems reported at once.

use std::collections::BTreeMap;

use http::StatusCode;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::response::ErrorResponse;
use crate::world::Target;

/// A valid body: one ticket, and the metadata to merge into it.
pub(super) struct Update {
    pub(super) target: Target,
    pub(super) allow_closed_ticket: bool,
    pub(super) metadata: BTreeMap<String, String>,
}

impl Update {
    /// Parses a body. The order of the checks is JSON, the types of all fields, the number of
    /// identifiers.
    pub(super) fn from_json(body: &[u8]) -> Result<Self, ErrorResponse> {
        let body: Value = serde_json::from_slice(body).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            invalid(format!("request body is not valid JSON at line {line} column {column}"))
        })?;
        let Value::Object(body) = body else {
            return Err(ErrorResponse::list(StatusCode::BAD_REQUEST, vec!["request body must be an object"]));
        };

        let mut fields = Fields { body, problems: Vec::new() };
        let ticket_id = fields.take("ticket_id", "ticket_id must be a UUID", parse_uuid);
        let ai_contact_id = fields.take("ai_contact_id", "ai_contact_id must be a UUID", parse_uuid);
        let contact_number =
            fields.take("contact_number", "contact_number must be a string", |value| value.as_str().map(str::to_owned));
        let metadata = fields.metadata();
        let allow_closed_ticket =
            fields.take("allow_closed_ticket", "allow_closed_ticket must be a boolean", Value::as_bool);
        if !fields.problems.is_empty() {
            return Err(ErrorResponse::list(StatusCode::BAD_REQUEST, fields.problems));
        }

        let target = match (ticket_id, ai_contact_id, contact_number) {
            (Some(id), None, None) => Target::Ticket(id),
            (None, Some(id), None) => Target::AiContact(id),
            (None, None, Some(number)) => Target::ContactNumber(number),
            (None, None, None) => return Err(invalid("You must provide ticket_id, ai_contact_id, or contact_number")),
            _ => return Err(invalid("You must provide exactly one of ticket_id, ai_contact_id, or contact_number")),
        };
        Ok(Self { target, allow_closed_ticket: allow_closed_ticket.unwrap_or_default(), metadata })
    }
}

/// Returns the first field of a body that identifies a ticket, without its value.
#[cfg(feature = "page")]
pub(crate) fn identifier(body: &[u8]) -> Option<&'static str> {
    let body: Value = serde_json::from_slice(body).ok()?;
    ["ticket_id", "ai_contact_id", "contact_number"].into_iter().find(|field| body.get(field).is_some())
}

fn invalid(message: impl Into<std::borrow::Cow<'static, str>>) -> ErrorResponse {
    ErrorResponse::new(StatusCode::BAD_REQUEST, message)
}

/// Takes the known fields out of a body and collects their problems; other fields are ignored.
struct Fields {
    body: Map<String, Value>,
    problems: Vec<&'static str>,
}

impl Fields {
    /// Takes an optional field. A value that `read` does not accept, such as `null`, is a problem.
    fn take<T>(&mut self, name: &str, problem: &'static str, read: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        let value = read(&self.body.remove(name)?);
        if value.is_none() {
            self.problems.push(problem);
        }
        value
    }

    fn metadata(&mut self) -> BTreeMap<String, String> {
        let problem = match self.body.remove("metadata") {
            Some(metadata @ Value::Object(_)) => match serde_json::from_value(metadata) {
                Ok(metadata) => return metadata,
                Err(_) => "each value in metadata must be a string",
            },
            _ => "metadata must be an object",
        };
        self.problems.push(problem);
        BTreeMap::new()
    }
}

/// Parses only the form with hyphens; `uuid` alone would also accept `{…}`, `urn:uuid:…` and the
/// form without hyphens.
fn parse_uuid(value: &Value) -> Option<Uuid> {
    let text = value.as_str()?;
    (text.len() == uuid::fmt::Hyphenated::LENGTH).then(|| Uuid::try_parse(text).ok()).flatten()
}
