//! The response of the database to a worker that asks for an update.

use std::{fmt, time::Duration};

use tokio_postgres::Row;
use vambe_api::{Metadata, TicketRef};

use super::clock::Time;
use crate::database::seconds;

/// An update to send, or several that are joined.
pub(super) struct Taken {
    pub(super) seq: i64,
    pub(super) lane: Vec<u8>,
    pub(super) lease: i64,
    /// `None` if the database holds something else than `vambe.enqueue` lets in.
    pub(super) update: Option<(TicketRef, Metadata)>,
    pub(super) allow_closed_ticket: bool,
    pub(super) updates: i32,
    pub(super) reference: Option<String>,
    pub(super) traceparent: Option<String>,
    /// The number of this attempt, from 1.
    pub(super) attempt: u32,
    /// The slot of the quota, with a lowest bit as in `quota::grant`.
    pub(super) slot: u64,
    /// The time before the database was asked.
    pub(super) asked_at: Time,
}

/// Hides the identifier and the values.
impl fmt::Debug for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Taken").field("seq", &self.seq).field("lease", &self.lease).finish_non_exhaustive()
    }
}

/// The answer of `vambe.take`.
#[derive(Debug)]
pub(super) enum Answer {
    /// An update, and the seconds since the epoch at which its ticket was due.
    Update(Box<Taken>, f64),
    /// No ticket is due.
    Empty,
    /// A ticket is due. Only a look, which takes nothing, is answered by it.
    Ready,
    /// The queue is paused, or a person has to replace the API key: look again after a while.
    Stopped(&'static str),
    /// The quota grants no slot for this time.
    Wait(Duration),
}

/// The columns of `vambe.take`, of types that need no features of the driver.
pub(super) const COLUMNS: &str = "seq, lease, lane, ticket::text as ticket, metadata::text as metadata, allow_closed_ticket, updates, \
     reference, traceparent, attempts, extract(epoch from due_at)::float8 as due_at, slot, coalesce(troubled, false) as troubled, \
     extract(epoch from wait)::float8 as wait, reason";

impl Answer {
    pub(super) const KEY_REFUSED: Self =
        Self::Stopped("the server rejects the API key: replace it, then resume the quota");

    pub(super) fn from_row(row: &Row, asked_at: Time) -> Self {
        let Some(seq) = row.get("seq") else {
            return match (row.get::<_, Option<f64>>("wait"), row.get("reason")) {
                (Some(wait), _) => Self::Wait(seconds(wait)),
                (None, Some("empty")) => Self::Empty,
                (None, Some("ready")) => Self::Ready,
                (None, Some("paused")) => Self::Stopped("the queue is paused"),
                (None, _) => Self::KEY_REFUSED,
            };
        };
        let (ticket, metadata): (&str, &str) = (row.get("ticket"), row.get("metadata"));
        let update = serde_json::from_str(ticket).and_then(|ticket| Ok((ticket, serde_json::from_str(metadata)?)));
        // Without a slot, the store has one from elsewhere.
        let slot = row.get::<_, Option<i64>>("slot").and_then(|slot| u64::try_from(slot).ok()).unwrap_or(0);
        let taken = Taken {
            seq,
            lane: row.get("lane"),
            lease: row.get("lease"),
            update: update.ok(),
            allow_closed_ticket: row.get("allow_closed_ticket"),
            updates: row.get("updates"),
            reference: row.get("reference"),
            traceparent: row.get("traceparent"),
            attempt: u32::try_from(row.get::<_, i32>("attempts")).unwrap_or(1),
            slot: slot << 1 | u64::from(row.get::<_, bool>("troubled")),
            asked_at,
        };
        Self::Update(Box::new(taken), row.get("due_at"))
    }
}
