//! Runs of many updates: bounded memory, in order per ticket, and an outcome for each update. Available with feature `bulk`.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let vambe = vambe_emulator::Emulator::start()?;
//! # let client = vambe_api::Client::builder().api_key(vambe.api_key()).base_url(vambe.url()).build()?;
//! use vambe_api::{TicketRef, bulk::{self, Bulk, OutcomeKind, Update}};
//!
//! let rows = [("+56912345678", "ORD-1"), ("+1 555 0100 200", "ORD-2")];
//! let updates = rows.into_iter().zip(1..).map(|((number, order), row)| {
//!     let ticket = TicketRef::contact_number(number).expect("checked when the rows were read");
//!     Update::new(row, ticket, [("order_id", order)])
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
//! - **Order.** Updates of the same identifier are applied in the order of the stream, never concurrently; other updates are
//!   sent concurrently. A run does not know whether two identifiers mean the same ticket. Once an update is
//!   [`Unknown`](OutcomeKind::Unknown) or [`NotSent`](OutcomeKind::NotSent), later updates of its identifier are not sent
//!   either, since resending it would undo them.
//! - **An outcome for each.** Each update that was taken from the stream gets exactly one [`Outcome`], even if the run ends
//!   early.
//! - **A `429` pauses the client.** It concerns the API key, so its `Retry-After` holds for all requests. After a pause or an
//!   outage, a single request is sent first.
//! - **An outage uses up no attempts.** The run waits up to [`give_up_after`](Bulk::give_up_after). It ends after three
//!   attempts if the server was never reached.
//! - **A rejected key ends the run.** Nothing is sent after a `401`. A `403` may concern a single update, for example in a
//!   firewall: that update is rejected if the server accepts the key for a later one; ten in a row end the run.
//!   [`Progress::end`] has the reason.
//! - **Bounded memory.** The run holds at most [`max_held`](Bulk::max_held) updates without an outcome, and takes no more while
//!   outcomes are not taken.

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
mod workers;

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

/// The settings of a run. [The module](self) describes runs.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent until `run` is called"]
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
    /// Creates a run through `client`, with its connections, back-off and attempt time-out. The client's limits apply too,
    /// shared with its other calls; its number of attempts and its call time-out do not apply to runs.
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

    /// Sets the maximum number of concurrent requests; 8 by default.
    pub fn max_in_flight(mut self, requests: NonZeroUsize) -> Self {
        self.max_in_flight = requests;
        self
    }

    /// Sets the maximum request rate of this run, including retries; unlimited by default.
    pub fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate_limit = Some(limit);
        self
    }

    /// Adds the times of earlier requests that count in the [`rate_limit`](Self::rate_limit); none by default. A run that
    /// resumes an earlier one thus keeps to the limit together with it.
    ///
    /// A time in the future, as after a clock was set back, counts as now.
    pub fn already_sent(mut self, times: impl IntoIterator<Item = SystemTime>) -> Self {
        self.already_sent.extend(times);
        self
    }

    /// Ends the run with [`End::AllRefused`] if its first `responses` are the same rejection, with the same status and message,
    /// such as a 404 for a wrong path in the base URL; off by default. The updates are then [`NotSent`](OutcomeKind::NotSent),
    /// not [`Rejected`](OutcomeKind::Rejected).
    pub fn stop_if_first_refused(mut self, responses: NonZeroUsize) -> Self {
        self.stop_if_first_refused = Some(responses);
        self
    }

    /// Ends the run with [`End::TooManyRejected`] if more than `updates` are rejected; unlimited by default.
    pub fn max_rejected(mut self, updates: u64) -> Self {
        self.max_rejected = Some(updates);
        self
    }

    /// Sets the maximum number of attempts per update; 3 by default. 0 means 1.
    ///
    /// Attempts that could not connect or got a `429` do not count, since they do not concern the update.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts;
        self
    }

    /// Sets the time without a successful request after which the run ends; 10 minutes by default.
    ///
    /// Waits for the rate limit do not count, nor does a `429` that asks for a longer wait than the client's own back-off.
    pub fn give_up_after(mut self, duration: Duration) -> Self {
        self.give_up_after = duration;
        self
    }

    /// Sets the maximum number of updates without an outcome that the run holds; 1,000 by default, and at least `max_in_flight`.
    ///
    /// A larger number lets more updates overtake one that waits for its ticket, and joins more.
    pub fn max_held(mut self, updates: usize) -> Self {
        self.max_held = updates;
        self
    }

    /// Joins updates that wait for the same identifier into one request, in which later values replace earlier ones; off by
    /// default. If the request is rejected, each update is sent on its own.
    pub fn join_rows(mut self, join: bool) -> Self {
        self.join_rows = join;
        self
    }

    /// Starts the run. Nothing is sent until outcomes are taken.
    ///
    /// # Panics
    ///
    /// Panics outside a tokio runtime with timers.
    pub fn run<S: Stream<Item = Update<R>>, R>(self, updates: S) -> Outcomes<S, R> {
        Outcomes::new(self, updates)
    }
}

/// Returns a stream of the items of an iterator, for [`Bulk::run`].
///
/// The run calls the iterator, so it must not block. To read rows from a file, use a thread and a channel.
pub fn iter<I: IntoIterator>(updates: I) -> Iter<I::IntoIter> {
    Iter(updates.into_iter())
}

/// The stream that [`iter`] returns.
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
