//! The delivery of a failed call: whether its request may have been applied.

use reqwest::StatusCode;

/// The delivery of a failed call: whether its request may have been applied.
///
/// It covers all attempts: if one of them may have been applied, the call is [`Unknown`](Self::Unknown) regardless of later ones.
///
/// # Example
///
/// ```
/// # use vambe_api::{Client, Delivery, Metadata, TicketRef};
/// # async fn example(client: Client, ticket: TicketRef, metadata: Metadata) {
/// if let Err(error) = client.update_ticket_metadata(ticket, metadata).await {
///     match error.delivery() {
///         Delivery::NotSent => println!("send it later"),
///         Delivery::Rejected => println!("fix it: {error}"),
///         Delivery::Unknown => println!("it may have been applied; sending it again is safe"),
///     }
/// }
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
// Exhaustive, so that callers can match without a wildcard.
#[allow(clippy::exhaustive_enums)]
pub enum Delivery {
    /// The request was not sent, for example because connecting failed. It was not applied.
    NotSent,
    /// The server rejected the request. It was not applied.
    Rejected,
    /// The request may have been applied: it timed out, the connection was lost, or the server failed.
    Unknown,
}

impl Delivery {
    /// Returns the delivery of a request that was answered with a status other than 2xx.
    ///
    /// On a 4xx the server did not apply the request. The same holds for 307 and 308, which ask to resend it elsewhere, but not
    /// for other redirects: 302 and 303 are also sent after the work is done. A 5xx leaves it open.
    pub(crate) fn from_status(status: StatusCode) -> Self {
        match status.as_u16() {
            307 | 308 | 400..=499 => Self::Rejected,
            _ => Self::Unknown,
        }
    }
}
