//! An update to enqueue, as the SQL function `vambe.enqueue` takes it. It needs no driver.

use std::{fmt, time::Duration};

use serde_json::{Map, Value};
use vambe_api::{EmptyMetadata, IntoMetadata, Metadata, TicketRef};

/// An update of a ticket's metadata, to enqueue in a transaction of the service.
///
/// Bind [`json`](Self::json) to the parameter of [`SQL`](Self::SQL) with any driver. The update is enqueued if the transaction
/// commits, and only then; a worker sends it. Other languages call `vambe.enqueue` with the same JSON.
///
/// Enqueue as the last statement: transactions that enqueue for the same ticket wait for each other's end. A transaction may fail
/// with `40P01` (deadlock) or, if it is not READ COMMITTED, with `40001`; start it again then.
///
/// # Example
///
/// ```no_run
/// use vambe_api::TicketRef;
/// use vambe_queue::Enqueue;
///
/// # async fn example(client: &mut tokio_postgres::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let ticket = TicketRef::contact_number("+56 9 1234 5678")?;
/// let update = Enqueue::new(ticket, [("order_id", "ORD-1")])?.reference("order/1/placed");
///
/// let transaction = client.transaction().await?;
/// transaction.execute("insert into orders (id) values (1)", &[]).await?;
/// transaction.execute(Enqueue::SQL, &[&update.json()]).await?;
/// transaction.commit().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Enqueue(Map<String, Value>);

impl Enqueue {
    /// The statement that enqueues. Its one parameter is [`json`](Self::json), and its result the number of the update.
    pub const SQL: &str = "select vambe.enqueue($1::text::jsonb)";

    /// Creates an update.
    ///
    /// # Errors
    ///
    /// [`InvalidUpdate`] if the metadata is empty, or has a NUL character, which PostgreSQL cannot store.
    pub fn new(ticket: TicketRef, metadata: impl IntoMetadata) -> Result<Self, InvalidUpdate> {
        let metadata = metadata.into_metadata().map_err(InvalidUpdate::EmptyMetadata)?;
        if metadata.iter().any(|(key, value)| key.contains('\0') || value.contains('\0')) {
            return Err(InvalidUpdate::Nul);
        }
        Self::of(&ticket, &metadata).map(Self).map_err(InvalidUpdate::Json)
    }

    fn of(ticket: &TicketRef, metadata: &Metadata) -> serde_json::Result<Map<String, Value>> {
        let mut update: Map<_, _> = serde_json::from_value(serde_json::to_value(ticket)?)?;
        update.insert("metadata".to_owned(), serde_json::to_value(metadata)?);
        Ok(update)
    }

    fn set(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.0.insert(member.to_owned(), value.into());
        self
    }

    /// Updates the contact's latest closed ticket if none is active; not by default.
    #[must_use]
    pub fn allow_closed_ticket(self) -> Self {
        self.set("allow_closed_ticket", true)
    }

    /// Allows a worker to send this update in one request with the next ones of its ticket that allow it too, up to 16; not by
    /// default. The later value of a key counts. If the server rejects the request, they are sent one by one.
    #[must_use]
    pub fn may_join(self) -> Self {
        self.set("may_join", true)
    }

    /// Names the update, e.g. `order/1/placed`. An update whose reference is known is not enqueued again, so that a service may
    /// repeat a transaction. A NUL character is removed.
    ///
    /// References are shown by `vambe queue list`, so they should have no private values.
    #[must_use]
    pub fn reference(self, reference: impl Into<String>) -> Self {
        self.set("reference", without_nul(reference.into()))
    }

    /// Names the service, for the status of the queue. A NUL character is removed.
    #[must_use]
    pub fn source(self, source: impl Into<String>) -> Self {
        self.set("source", without_nul(source.into()))
    }

    /// Sets the W3C trace context of the service's span, which the worker's span names. A NUL character is removed.
    #[must_use]
    pub fn traceparent(self, traceparent: impl Into<String>) -> Self {
        self.set("traceparent", without_nul(traceparent.into()))
    }

    /// Sets the time after which the update is not sent any more and becomes a dead letter; 72 hours by default.
    #[must_use]
    pub fn expires_in(self, lifetime: Duration) -> Self {
        self.set("expires_in", lifetime.as_secs_f64())
    }

    /// Returns the parameter of [`SQL`](Self::SQL). It holds the contact number and the values, so it should not be logged.
    pub fn json(&self) -> String {
        Value::Object(self.0.clone()).to_string()
    }
}

fn without_nul(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "") } else { text }
}

/// Hides the identifier and the values.
impl fmt::Debug for Enqueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Enqueue").field("reference", &self.0.get("reference")).finish_non_exhaustive()
    }
}

/// The error of an update that cannot be enqueued.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidUpdate {
    /// The metadata has no pair.
    #[error("the update has no metadata")]
    EmptyMetadata(#[source] EmptyMetadata),
    /// A key or a value has a NUL character.
    #[error("the metadata has a NUL character, which PostgreSQL cannot store: remove it")]
    Nul,
    /// The update has no form in JSON.
    #[error("the update cannot be written as JSON")]
    Json(#[source] serde_json::Error),
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn value(update: &Enqueue) -> Value {
        serde_json::from_str(&update.json()).unwrap()
    }

    #[test]
    fn has_only_the_members_that_are_set() {
        let ticket = TicketRef::contact_number("+56 9 1234 5678").unwrap();
        let update = Enqueue::new(ticket, [("a", "1")]).unwrap();
        assert_eq!(value(&update), json!({ "contact_number": "+56912345678", "metadata": { "a": "1" } }));
        let update = update.allow_closed_ticket().may_join().reference("r\0").source("s").traceparent("t");
        let update = update.expires_in(Duration::from_millis(1500));
        let expected = json!({
            "contact_number": "+56912345678", "metadata": { "a": "1" }, "allow_closed_ticket": true, "may_join": true,
            "reference": "r", "source": "s", "traceparent": "t", "expires_in": 1.5,
        });
        assert_eq!(value(&update), expected);
        assert!(!format!("{update:?}").contains("5691"), "{update:?}");
    }

    #[test]
    fn rejects_what_the_database_cannot_store() {
        let ticket = TicketRef::contact_number("+56912345678").unwrap();
        for pairs in [[("a\0", "1")], [("a", "\0")]] {
            assert!(matches!(Enqueue::new(ticket.clone(), pairs), Err(InvalidUpdate::Nul)));
        }
        let none: Vec<(String, String)> = Vec::new();
        assert!(matches!(Enqueue::new(ticket, none), Err(InvalidUpdate::EmptyMetadata(_))));
    }
}
