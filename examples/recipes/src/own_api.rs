//! An API of one's own that names tickets as Vambe does, and its JSON Schema (feature `schemars`).

use schemars::{JsonSchema, schema_for};
use serde::Deserialize;
use serde_json::Value;
use vambe_api::{TicketMetadata, TicketRef};

/// The body of a request to a service: `{"contact_number": "+56912345678", "order": {"order_id": 12345}}`.
#[derive(Deserialize, JsonSchema)]
#[cfg_attr(not(test), expect(dead_code, reason = "only the schema is shown"))]
struct OrderUpdate {
    /// Exactly one of `ticket_id`, `ai_contact_id` and `contact_number`, next to the other fields.
    #[serde(flatten)]
    ticket: TicketRef,
    order: Order,
}

/// One type for the API and for the metadata of the ticket.
#[derive(Deserialize, JsonSchema, TicketMetadata)]
struct Order {
    order_id: u64,
    refund_reason: Option<String>,
}

/// Returns the schema to publish.
pub(crate) fn schema() -> Value {
    schema_for!(OrderUpdate).to_value()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use vambe_emulator::{Emulator, placeholders};

    use super::{OrderUpdate, schema};

    #[test]
    fn a_body_with_one_identifier_is_read() {
        let order = json!({ "order_id": 12345 });
        let cases = [
            (json!({ "contact_number": "+56 9 1234 5678", "order": order }), true),
            (json!({ "ticket_id": placeholders::TICKET_ID, "order": order }), true),
            (json!({ "order": order }), false),
            (json!({ "contact_number": "+56912345678", "ticket_id": placeholders::TICKET_ID, "order": order }), false),
        ];
        for (body, valid) in cases {
            assert_eq!(serde_json::from_value::<OrderUpdate>(body.clone()).is_ok(), valid, "{body}");
        }
    }

    #[test]
    fn the_schema_has_the_three_identifiers() {
        let schema = schema();
        assert_eq!(schema["required"], json!(["order"]));
        let alternatives = schema["oneOf"].as_array().unwrap();
        let required: Vec<&Value> = alternatives.iter().map(|schema| &schema["required"][0]).collect();
        assert_eq!(required, ["ticket_id", "ai_contact_id", "contact_number"]);
    }

    #[tokio::test]
    async fn the_order_is_set_on_its_ticket() {
        let vambe = Emulator::start().unwrap();
        let client = vambe_api::Client::builder().api_key(vambe.api_key()).base_url(vambe.url()).build().unwrap();
        let body = json!({ "ticket_id": placeholders::TICKET_ID, "order": { "order_id": 12345 } });
        let OrderUpdate { ticket, order } = serde_json::from_value(body).unwrap();
        client.update_ticket_metadata(ticket, order).await.unwrap();
        assert_eq!(vambe.ticket(placeholders::TICKET_ID).unwrap().metadata()["order_id"], "12345");
    }
}
