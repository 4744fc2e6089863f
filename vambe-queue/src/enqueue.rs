//! An update to enqueue, as the SQL function `vambe.enqueue` takes it. It needs no driver.

use std::{fmt, time::Duration};

use serde::Serialize;
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
#[derive(Clone, Serialize)]
pub struct Enqueue {
    #[serde(flatten)]
    ticket: TicketRef,
    metadata: Metadata,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    allow_closed_ticket: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    may_join: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    traceparent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in: Option<f64>,
}

impl Enqueue {
    /// The statement that enqueues. Its one parameter is [`json`](Self::json), and its result the number of the update.
    pub const SQL: &str = "select vambe.enqueue($1::text::jsonb)";

    /// Creates an update.
    ///
    /// # Errors
    ///
    /// [`InvalidUpdate`] if the metadata is empty, or a text has a NUL character, which PostgreSQL cannot store.
    pub fn new(ticket: TicketRef, metadata: impl IntoMetadata) -> Result<Self, InvalidUpdate> {
        let metadata = metadata.into_metadata().map_err(InvalidUpdate::EmptyMetadata)?;
        if metadata.iter().any(|(key, value)| key.contains('\0') || value.contains('\0')) {
            return Err(InvalidUpdate::Nul);
        }
        Ok(Self {
            ticket,
            metadata,
            allow_closed_ticket: false,
            may_join: false,
            reference: None,
            source: None,
            traceparent: None,
            expires_in: None,
        })
    }

    /// Updates the contact's latest closed ticket if none is active; not by default.
    #[must_use]
    pub fn allow_closed_ticket(mut self) -> Self {
        self.allow_closed_ticket = true;
        self
    }

    /// Allows a worker to send this update in one request with the next ones of its ticket that allow it too, up to 16; not by
    /// default. The later value of a key counts. If the server rejects the request, they are sent one by one.
    #[must_use]
    pub fn may_join(mut self) -> Self {
        self.may_join = true;
        self
    }

    /// Names the update, e.g. `order/1/placed`. An update whose reference is known is not enqueued again, so that a service may
    /// repeat a transaction. A NUL character is removed.
    ///
    /// References are shown by `vambe queue list`, so they should have no private values.
    #[must_use]
    pub fn reference(mut self, reference: impl Into<String>) -> Self {
        self.reference = Some(without_nul(reference.into()));
        self
    }

    /// Names the service, for the status of the queue. A NUL character is removed.
    #[must_use]
    pub fn source(mut self, source: impl Into<String>) -> Self {
        self.source = Some(without_nul(source.into()));
        self
    }

    /// Sets the W3C trace context of the service's span, which the worker's span names. A NUL character is removed.
    #[must_use]
    pub fn traceparent(mut self, traceparent: impl Into<String>) -> Self {
        self.traceparent = Some(without_nul(traceparent.into()));
        self
    }

    /// Sets the time after which the update is not sent any more and becomes a dead letter; 72 hours by default.
    #[must_use]
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.expires_in = Some(lifetime.as_secs_f64());
        self
    }

    /// Returns the parameter of [`SQL`](Self::SQL). It holds the contact number and the values, so it should not be logged.
    pub fn json(&self) -> String {
        // Maps with text as keys, texts, booleans and a finite number can always be serialized.
        serde_json::to_string(self).expect("an update is valid JSON")
    }
}

fn without_nul(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "") } else { text }
}

/// Hides the identifier and the values.
impl fmt::Debug for Enqueue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Enqueue")
            .field("ticket", &self.ticket)
            .field("metadata", &self.metadata)
            .field("reference", &self.reference)
            .finish_non_exhaustive()
    }
}

/// The error of an update that cannot be enqueued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidUpdate {
    /// The metadata has no pair.
    #[error("the update has no metadata")]
    EmptyMetadata(#[source] EmptyMetadata),
    /// A key or a value has a NUL character.
    #[error("the metadata has a NUL character, which PostgreSQL cannot store: remove it")]
    Nul,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

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
            assert_eq!(Enqueue::new(ticket.clone(), pairs).unwrap_err(), InvalidUpdate::Nul);
        }
        let none: Vec<(String, String)> = Vec::new();
        assert!(matches!(Enqueue::new(ticket, none), Err(InvalidUpdate::EmptyMetadata(_))));
    }
}
