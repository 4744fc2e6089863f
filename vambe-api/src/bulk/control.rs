//! The handle that watches and stops a run.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Waker,
};

use super::{OutcomeKind, Waiting};
use crate::Error;

/// A handle to watch and stop a run, for another task or a signal handler. Cheap to clone.
///
/// # Example
///
/// ```
/// # use vambe_api::{Client, bulk::{self, Bulk, End, Update}};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), vambe_api::ConfigError> {
/// # let client = Client::builder().api_key("your_api_key_here").build()?;
/// # let updates = bulk::iter(Vec::<Update<u64>>::new());
/// let mut outcomes = Bulk::new(&client).run(updates);
/// let control = outcomes.control();
/// // In a signal handler:
/// control.stop();
/// // Requests in flight complete, and every update that was taken gets its outcome.
/// while let Some(outcome) = outcomes.next().await {}
/// assert_eq!(control.progress().end, Some(End::Stopped));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Control(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    is_stopped: bool,
    waits_for_outcomes: bool,
    progress: Progress,
    waker: Option<Waker>,
    last_failure: Option<Arc<Error>>,
}

/// The progress of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Updates with the outcome [`Applied`](OutcomeKind::Applied).
    pub applied: u64,
    /// Updates with the outcome [`Rejected`](OutcomeKind::Rejected).
    pub rejected: u64,
    /// Updates with the outcome [`NotSent`](OutcomeKind::NotSent).
    pub not_sent: u64,
    /// Updates with the outcome [`Unknown`](OutcomeKind::Unknown).
    pub unknown: u64,
    /// Retries.
    pub retries: u64,
    /// Updates that were taken from the stream and have no outcome yet.
    pub held: usize,
    /// Requests in flight.
    pub in_flight: usize,
    /// The reason why no request is sent now, if updates are waiting.
    pub wait: Option<Waiting>,
    /// The end of the run, once it has ended.
    pub end: Option<End>,
}

impl Progress {
    pub(super) fn count(&mut self, kind: OutcomeKind) {
        *match kind {
            OutcomeKind::Applied => &mut self.applied,
            OutcomeKind::Rejected => &mut self.rejected,
            OutcomeKind::NotSent => &mut self.not_sent,
            OutcomeKind::Unknown => &mut self.unknown,
        } += 1;
    }
}

/// The reason why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// The run is complete: every update of the stream has its outcome.
    Complete,
    /// [`Control::stop`] was called.
    Stopped,
    /// The client was [drained](crate::Client::drain).
    Drained,
    /// The server rejected the API key: it answered 401, or 403 to every request.
    KeyRefused,
    /// The first responses were all the same rejection: see [`Bulk::stop_if_first_refused`](super::Bulk::stop_if_first_refused).
    AllRefused,
    /// More updates were rejected than [`Bulk::max_rejected`](super::Bulk::max_rejected) allows.
    TooManyRejected,
    /// The server was never reached; [`Control::last_failure`] has the cause.
    Unreachable,
    /// No request succeeded for longer than [`give_up_after`](super::Bulk::give_up_after), the server asked for a wait of more
    /// than a day, or too many updates are pending a resend.
    GaveUp,
}

impl Control {
    pub(super) fn new() -> Self {
        Self(Arc::default())
    }

    /// Stops the run: it sends and takes nothing more, and waits for the requests in flight.
    pub fn stop(&self) {
        let waker = {
            let mut state = self.lock();
            state.is_stopped = true;
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Sets whether the stream gives no more updates until outcomes are taken, for example because its memory is bounded. The run
    /// then decides about refusals by the responses it has, instead of waiting for more.
    pub fn set_waits_for_outcomes(&self, waits: bool) {
        let waker = {
            let mut state = self.lock();
            state.waits_for_outcomes = waits;
            if waits { state.waker.take() } else { None }
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Returns the progress of the run.
    pub fn progress(&self) -> Progress {
        self.lock().progress
    }

    /// Returns the error of the last failed attempt, if none has succeeded since.
    pub fn last_failure(&self) -> Option<Arc<Error>> {
        self.lock().last_failure.clone()
    }

    pub(super) fn waits_for_outcomes(&self) -> bool {
        self.lock().waits_for_outcomes
    }

    /// Registers the waker that a stop wakes. Returns `true` if the run is stopped already.
    pub(super) fn watch(&self, waker: &Waker) -> bool {
        let mut state = self.lock();
        match &mut state.waker {
            Some(known) => known.clone_from(waker),
            none => *none = Some(waker.clone()),
        }
        state.is_stopped
    }

    pub(super) fn record_failure(&self, failure: Option<Arc<Error>>) {
        self.lock().last_failure = failure;
    }

    pub(super) fn report(&self, progress: Progress) {
        self.lock().progress = progress;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code under the lock panics, so the state is consistent.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
