//! Many updates: with bounded memory, in order for each ticket, and with an outcome for each.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let vambe = vambe_emulator::Emulator::start()?;
//! # let client = vambe_api::Client::builder().api_key(vambe.api_key()).base_url(vambe.url()).build()?;
//! use vambe_api::{Metadata, TicketRef, bulk::{self, Bulk, OutcomeKind, Update}};
//!
//! let rows = [("+56912345678", "ORD-1"), ("+1 555 0100 200", "ORD-2")];
//! let updates = rows.into_iter().zip(1..).map(|((number, order), row)| {
//!     let ticket = TicketRef::contact_number(number).expect("checked when the rows were read");
//!     Update::new(row, ticket, Metadata::from([("order_id", order)]))
//! });
//!
//! let mut outcomes = Bulk::new(&client).run(bulk::iter(updates));
//! while let Some(outcome) = outcomes.next().await {
//!     match outcome.kind {
//!         OutcomeKind::Applied => println!("row {}: applied", outcome.row),
//!         _ => println!("row {}: {}", outcome.row, outcome.message().unwrap_or_default()),
//!     }
//! }
//! # let progress = outcomes.control().progress();
//! # assert_eq!((progress.applied, progress.rejected), (1, 1));
//! # Ok(())
//! # }
//! ```
//!
//! - **Order.** Two updates of the same identifier are never in flight together, and are applied in the order of the stream;
//!   others run beside each other. (That two identifiers mean the same ticket is not known here.) Once an update has to be sent
//!   again, being [`Unknown`](OutcomeKind::Unknown) or [`NotSent`](OutcomeKind::NotSent), so have the later ones of its identifier:
//!   they are not sent, since it would undo them.
//! - **An outcome for each.** Each update that was taken from the stream has exactly one [`Outcome`], also when the run ends early.
//! - **A `429` pauses the client.** It is about the key, so its `Retry-After` holds for all requests; after it, and after an outage, one
//!   request goes first. A network that is down uses up no update's attempts: the run waits, up to
//!   [`give_up_after`](Bulk::give_up_after). A server that was never reached ends the run after three attempts.
//! - **A rejected key ends it.** After a `401` nothing more is sent. A `403` may be about one update, such as a firewall's: that update is
//!   rejected if the server accepts the key for another one that is sent after it; ten updates in a row end the run.
//!   [`Progress::end`] has the reason.
//! - **Bounded memory.** At most [`max_held`](Bulk::max_held) updates are taken that have no outcome yet, and no more are taken
//!   while nobody takes outcomes.

mod control;
mod decision;
mod in_flight;
mod job;
mod judge;
mod outcome;
mod outcomes;
mod pace;
mod queue;
mod update;
mod withheld;

use std::{
    num::NonZeroUsize,
    pin::Pin,
    task::{Context, Poll},
    time::{Duration, SystemTime},
};

use futures_core::Stream;

pub use control::{Control, End, Progress};
pub use outcome::{Cause, Outcome, OutcomeKind};
pub use outcomes::Outcomes;
pub use pace::{Wait, Waiting};
pub use update::Update;

use crate::{Client, RateLimit, raw};

/// The settings of a run; see [the module](self) for what a run is.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent unless it is run"]
pub struct Bulk {
    client: raw::Client,
    max_in_flight: NonZeroUsize,
    max_held: usize,
    max_attempts: u32,
    rate_limit: Option<RateLimit>,
    already_sent: Vec<SystemTime>,
    stop_if_first_refused: Option<NonZeroUsize>,
    max_rejected: Option<u64>,
    give_up_after: Duration,
    join_rows: bool,
}

impl Bulk {
    /// A run through `client`, with its connections, its backoff and its time limit for an attempt. Its own limits hold as
    /// well, and are shared with its other calls; its number of attempts and its limit for a whole call are not for runs.
    pub fn new(client: &Client) -> Self {
        Self {
            client: client.raw().clone(),
            max_in_flight: const { NonZeroUsize::new(8).unwrap() },
            max_held: 1_000,
            max_attempts: 3,
            rate_limit: None,
            already_sent: Vec::new(),
            stop_if_first_refused: None,
            max_rejected: None,
            give_up_after: Duration::from_secs(10 * 60),
            join_rows: false,
        }
    }

    /// Sets how many requests may be in flight at the same time; 8 by default.
    pub fn max_in_flight(mut self, requests: NonZeroUsize) -> Self {
        self.max_in_flight = requests;
        self
    }

    /// Sets the rate of this run; none by default. Requests that are sent again count as well.
    pub fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate_limit = Some(limit);
        self
    }

    /// Sets the times of requests that were sent before the run and count in its [`rate_limit`](Self::rate_limit); none by
    /// default. A run that continues an earlier one keeps to the limit together with it.
    ///
    /// A time in the future, which a clock that was set back leaves behind, counts as now.
    pub fn already_sent(mut self, times: impl IntoIterator<Item = SystemTime>) -> Self {
        self.already_sent.extend(times);
        self
    }

    /// Ends the run, as [`End::AllRefused`], if its first `answers` are all the same refusal: the same status with the same
    /// message, such as a 404 for a wrong path in the base URL. No update is [`Rejected`](OutcomeKind::Rejected) then; they
    /// are all [`NotSent`](OutcomeKind::NotSent). Off by default.
    pub fn stop_if_first_refused(mut self, answers: NonZeroUsize) -> Self {
        self.stop_if_first_refused = Some(answers);
        self
    }

    /// Ends the run, as [`End::TooManyRejected`], when more than `updates` are rejected; no limit by default.
    pub fn max_rejected(mut self, updates: u64) -> Self {
        self.max_rejected = Some(updates);
        self
    }

    /// Sets how many requests may be sent for an update before it is given up as unknown; 3 by default, and 0 is as 1.
    ///
    /// Those that found no connection, and those that met a `429`, do not count: they say nothing of the update.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// Sets for how long nothing may get through before the run ends; 10 minutes by default.
    ///
    /// Waiting for the rate limit does not count, nor does a `429` that asks for a longer wait than the client's own back-off.
    pub fn give_up_after(mut self, duration: Duration) -> Self {
        self.give_up_after = duration;
        self
    }

    /// Sets how many updates may be taken that have no outcome yet; 1,000 by default, and at least those in flight.
    ///
    /// A larger number lets more updates pass one that waits for its ticket, and joins more.
    pub fn max_held(mut self, updates: usize) -> Self {
        self.max_held = updates;
        self
    }

    /// Whether updates that wait for the same identifier are sent as one request, in which later values come before earlier
    /// ones; by default each is sent on its own. If such a request is refused, they are sent each on its own.
    pub fn join_rows(mut self, join: bool) -> Self {
        self.join_rows = join;
        self
    }

    /// Starts the run. Nothing is sent unless outcomes are taken.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime with timers, as tokio's own do.
    pub fn run<S: Stream<Item = Update<R>>, R>(self, updates: S) -> Outcomes<S, R> {
        Outcomes::new(self, updates)
    }
}

/// A stream of what an iterator gives, for [`Bulk::run`].
///
/// The iterator is called within the run, so it must not block: rows that are read from a file come from a channel.
pub fn iter<I: IntoIterator>(updates: I) -> Iter<I::IntoIter> {
    Iter(updates.into_iter())
}

/// See [`iter`].
#[derive(Clone, Debug)]
pub struct Iter<I>(I);

impl<I: Iterator> Stream for Iter<I>
where
    I: Unpin,
{
    type Item = I::Item;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.next())
    }
}
