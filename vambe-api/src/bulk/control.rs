//! Watching and stopping a run from elsewhere.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::Waker,
};

use super::{OutcomeKind, Waiting};
use crate::Error;

/// A handle on a run, for another task or a signal handler. Cheap to clone.
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
/// // What is in flight is waited for, and every update that was taken has its outcome.
/// while let Some(outcome) = outcomes.next().await {}
/// assert_eq!(control.progress().end, Some(End::Stopped));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Control(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    stopped: AtomicBool,
    waits_for_outcomes: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    progress: Progress,
    waker: Option<Waker>,
    last_failure: Option<Arc<Error>>,
}

/// How far a run is.
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
    /// Requests that were sent again.
    pub retries: u64,
    /// Updates that were taken and have no outcome yet.
    pub held: usize,
    /// Requests that are in flight.
    pub in_flight: usize,
    /// Why no request is sent for now, if there is something to send.
    pub wait: Option<Waiting>,
    /// How the run ended, once it has.
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

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// Every update of the stream has its outcome.
    Complete,
    /// [`Control::stop`] was called.
    Stopped,
    /// The server rejected the API key: it answered 401, or 403 to every request.
    KeyRefused,
    /// The first answers were all the same refusal: see [`Bulk::stop_if_first_refused`](super::Bulk::stop_if_first_refused).
    AllRefused,
    /// More updates were rejected than [`Bulk::max_rejected`](super::Bulk::max_rejected) allows.
    TooManyRejected,
    /// No connection could be made to begin with; [`Control::last_failure`] has the cause.
    Unreachable,
    /// Nothing got through for longer than [`give_up_after`](super::Bulk::give_up_after), the server asked to wait for more
    /// than a day, or too many updates have to be sent again.
    GaveUp,
}

impl Control {
    pub(super) fn new() -> Self {
        Self(Arc::default())
    }

    /// Lets the run end: nothing more is sent or taken, and what is in flight is waited for.
    pub fn stop(&self) {
        // Set before the waker is taken and read after one is given, under the same lock, so that none of the two is missed.
        self.0.stopped.store(true, Ordering::Relaxed);
        let waker = self.lock().waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Sets whether the stream of the run gives no more updates before outcomes are taken, for example since their memory is
    /// bounded. While it does, the run decides about refusals by the answers that it has, and does not wait for more of them.
    pub fn set_waits_for_outcomes(&self, waits: bool) {
        self.0.waits_for_outcomes.store(waits, Ordering::Relaxed);
        let waker = if waits { self.lock().waker.take() } else { None };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// How far the run is.
    pub fn progress(&self) -> Progress {
        self.lock().progress
    }

    /// Returns the error of the last attempt that failed, if no attempt has succeeded since.
    pub fn last_failure(&self) -> Option<Arc<Error>> {
        self.lock().last_failure.clone()
    }

    pub(super) fn waits_for_outcomes(&self) -> bool {
        self.0.waits_for_outcomes.load(Ordering::Relaxed)
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.0.stopped.load(Ordering::Relaxed)
    }

    /// Who is to be woken by a stop.
    pub(super) fn watch(&self, waker: &Waker) {
        match &mut self.lock().waker {
            Some(known) => known.clone_from(waker),
            none => *none = Some(waker.clone()),
        }
    }

    pub(super) fn record_failure(&self, failure: Option<Arc<Error>>) {
        self.lock().last_failure = failure;
    }

    pub(super) fn report(&self, progress: Progress) {
        self.lock().progress = progress;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing that is done under the lock leaves it half done.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
