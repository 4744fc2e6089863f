//! What became of an update whose call failed.

use reqwest::StatusCode;

/// What became of the request of a failed call.
///
/// It is decided from all attempts: one that may have been applied makes the whole call [`Unknown`](Self::Unknown),
/// whatever came after it.
///
/// # Example
///
/// ```
/// # use vambe_api::{Client, Delivery, Metadata, TicketRef};
/// # async fn example(client: Client, ticket: TicketRef, metadata: Metadata) {
/// if let Err(error) = client.update_ticket_metadata(ticket, metadata).await {
///     match error.delivery() {
///         Delivery::NotSent => println!("send it later"),
///         Delivery::Rejected => println!("mend it: {error}"),
///         Delivery::Unknown => println!("it may have been applied; look, or send it again: that does no harm"),
///     }
/// }
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
// Exhaustive: these three are all that there is, and callers have to be able to rely on it.
#[allow(clippy::exhaustive_enums)]
pub enum Delivery {
    /// Nothing was sent, for example because there was no connection: it was not applied.
    NotSent,
    /// The server answered that it did not do it: it was not applied.
    Rejected,
    /// It may have been applied: the time ran out after sending, the connection broke, or the server failed.
    Unknown,
}

impl Delivery {
    /// What an answer that is not a success says.
    ///
    /// A 4xx says that the server did not do it. So do 307 and 308, since they ask to send the same request elsewhere; the
    /// other redirects do not, as 302 and 303 are also given after the work is done. A 5xx says nothing.
    pub(crate) fn from_status(status: StatusCode) -> Self {
        match status.as_u16() {
            307 | 308 | 400..=499 => Self::Rejected,
            _ => Self::Unknown,
        }
    }
}
