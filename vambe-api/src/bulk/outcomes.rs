//! A run as a state machine that is polled for outcomes.

use std::{
    collections::{BTreeMap, HashSet, VecDeque},
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::Stream;
use tokio::time::{Instant, Sleep, sleep_until};

use super::{
    Bulk, Cause, Control, End, Outcome, OutcomeKind, Progress, Update, Waiting,
    in_flight::{InFlight, Sent},
    job::Job,
    pace::Pace,
    queue::Queue,
    withheld::{FirstRefusals, Forbidden},
};
use crate::{
    TicketRef,
    call::{Blocked, Limit},
};

/// The outcomes of a run, in the order in which they become known. The run makes progress only while they are taken, except for
/// requests in flight.
///
/// It must be polled within a tokio runtime, and panics elsewhere. Dropping it cancels the requests in flight, which may have
/// been applied; to get every outcome, [stop](Control::stop) the run and take the rest.
#[must_use = "nothing is sent until outcomes are taken"]
pub struct Outcomes<S, R> {
    pub(super) max_held: usize,
    pub(super) max_attempts: u32,
    pub(super) max_rejected: u64,
    updates: Pin<Box<S>>,
    pub(super) exhausted: bool,
    pub(super) queue: Queue<R>,
    pub(super) pace: Pace,
    timer: Pin<Box<Sleep>>,
    pub(super) in_flight: InFlight<R>,
    /// The number of requests sent.
    pub(super) sent: u64,
    /// The requests to retry, by due time. The number distinguishes requests with the same time.
    pub(super) retry_queue: BTreeMap<(Instant, u64), Job<R>>,
    pub(super) retry_seq: u64,
    pub(super) forbidden: Forbidden<R>,
    pub(super) first_refusals: FirstRefusals<R>,
    pub(super) rejected: u64,
    /// True if an attempt failed since the last success.
    pub(super) is_failing: bool,
    /// The tickets with an update that is pending a resend.
    pub(super) pending_resends: HashSet<TicketRef>,
    pub(super) ready: VecDeque<Outcome<R>>,
    pub(super) progress: Progress,
    pub(super) ending: Option<End>,
    pub(super) control: Control,
}

impl<S: Stream<Item = Update<R>>, R> Outcomes<S, R> {
    pub(super) fn new(bulk: Bulk, updates: S) -> Self {
        let transport = bulk.client.transport();
        let mut pace = Pace::new(bulk.max_in_flight.get(), bulk.give_up_after, transport.backoff().cap);
        if let Some(limit) = bulk.rate_limit {
            pace = pace.with_rate(limit, bulk.already_sent);
        }
        Self {
            max_held: bulk.max_held.max(bulk.max_in_flight.get()),
            max_attempts: bulk.max_attempts,
            max_rejected: bulk.max_rejected.unwrap_or(u64::MAX),
            updates: Box::pin(updates),
            exhausted: false,
            queue: Queue::new(bulk.join_rows),
            pace,
            timer: Box::pin(sleep_until(Instant::now())),
            in_flight: InFlight::new(transport),
            sent: 0,
            retry_queue: BTreeMap::new(),
            retry_seq: 0,
            forbidden: Forbidden::new(),
            first_refusals: FirstRefusals::new(bulk.stop_if_first_refused),
            rejected: 0,
            is_failing: false,
            pending_resends: HashSet::new(),
            ready: VecDeque::new(),
            progress: Progress::default(),
            ending: None,
            control: Control::new(),
        }
    }

    /// Returns the next outcome, or `None` after the end of the run.
    pub async fn next(&mut self) -> Option<Outcome<R>> {
        poll_fn(|cx| self.poll_outcome(cx)).await
    }

    /// Returns a handle to watch and stop the run.
    pub fn control(&self) -> Control {
        self.control.clone()
    }

    fn poll_outcome(&mut self, cx: &mut Context<'_>) -> Poll<Option<Outcome<R>>> {
        loop {
            if let Some(outcome) = self.ready.pop_front() {
                self.progress.held -= 1;
                self.progress.count(outcome.kind);
                self.report();
                return Poll::Ready(Some(outcome));
            }
            if self.control.watch(cx.waker()) {
                self.end(End::Stopped);
            }
            self.give_up_if_due();
            self.take_updates(cx);
            let look = self.send_requests(cx);
            // After sending, since a task that starts later would not be registered with the waker.
            let mut news = self.take_results(cx);
            news |= self.release_withheld();
            self.report();
            if !news && self.ready.is_empty() {
                let done = self.exhausted && self.progress.held == 0;
                match self.ending.filter(|_| self.in_flight.len() == 0).or(done.then_some(End::Complete)) {
                    Some(end) => {
                        self.progress.end = Some(end);
                        self.report();
                        return Poll::Ready(None);
                    }
                    None if self.is_later(look, cx) => return Poll::Pending,
                    None => {}
                }
            }
        }
    }

    fn take_updates(&mut self, cx: &mut Context<'_>) {
        while self.ending.is_none() && !self.exhausted && self.progress.held < self.max_held {
            match self.updates.as_mut().poll_next(cx) {
                Poll::Pending => break,
                Poll::Ready(None) => self.exhausted = true,
                Poll::Ready(Some(update)) => {
                    self.progress.held += 1;
                    if update.metadata.is_none() {
                        self.reject_empty(update);
                    } else if self.pending_resends.contains(&update.ticket) {
                        self.ready.push_back(unsent(update, OutcomeKind::NotSent, Cause::EarlierPending));
                    } else {
                        self.queue.push(update);
                    }
                }
            }
        }
    }

    /// Sends requests until none is left or no slot is free. Returns the time to check again, if known.
    fn send_requests(&mut self, cx: &mut Context<'_>) -> Option<Instant> {
        self.progress.wait = None;
        loop {
            let now = Instant::now();
            let max_in_flight = if self.forbidden.is_empty() { self.pace.max_in_flight() } else { 1 };
            let due = self.retry_queue.first_key_value().map(|((due, _), _)| *due);
            let is_retry = due.is_some_and(|due| due <= now);
            // Pending retries count as in flight, so that they do not pile up.
            let has_room = self.in_flight.len() + self.retry_queue.len() < max_in_flight;
            let is_free = self.in_flight.len() < max_in_flight;
            if !(is_free && (is_retry || has_room && self.queue.is_ready())) {
                self.in_flight.give_up_slot();
                return due.filter(|_| is_free);
            }
            if let Some((until, why)) = self.pace.wait(now, self.in_flight.len()) {
                self.in_flight.give_up_slot();
                self.progress.wait = Some(Waiting { why, until: Some(until.into_std()) });
                return Some(until);
            }
            let permit = match self.in_flight.poll_slot(cx) {
                Poll::Ready(Ok(permit)) => permit,
                Poll::Pending => {
                    self.progress.wait = self.in_flight.waiting();
                    return None;
                }
                Poll::Ready(Err(Blocked { limit: Limit::Unavailable, .. })) => {
                    self.pace.record_unavailable_limit(fastrand::f64());
                    continue;
                }
                Poll::Ready(Err(Blocked { limit: Limit::KeyRefused, .. })) => {
                    self.end(End::KeyRefused);
                    return None;
                }
                Poll::Ready(Err(_)) => {
                    // The rate limit has a period of decades.
                    self.end(End::GaveUp);
                    return None;
                }
            };
            let job = match is_retry {
                true => self.retry_queue.pop_first().map(|(_, job)| job),
                false => self.queue.take().map(|(first, later)| Job::new(first, later)),
            };
            let job = job?;
            self.progress.retries += u64::from(is_retry);
            self.in_flight.send(Sent { job, number: self.sent, epoch: self.pace.sent() }, permit);
            self.sent += 1;
        }
    }

    /// Sets the timer for `look` or the give-up time, the earlier one. Returns `false` if that time has passed.
    fn is_later(&mut self, look: Option<Instant>, cx: &mut Context<'_>) -> bool {
        let give_up_at = self.pace.give_up_at().filter(|_| self.ending.is_none());
        let Some(time) = look.into_iter().chain(give_up_at).min() else { return true };
        if self.timer.deadline() != time {
            self.timer.as_mut().reset(time);
        }
        self.timer.as_mut().poll(cx).is_pending()
    }

    /// Handles the available results. Returns `true` if there were any.
    fn take_results(&mut self, cx: &mut Context<'_>) -> bool {
        let mut news = false;
        while let Poll::Ready((sent, result)) = self.in_flight.poll_result(cx) {
            self.judge(sent, result);
            news = true;
        }
        news
    }

    fn report(&mut self) {
        self.progress.in_flight = self.in_flight.len();
        self.control.report(self.progress);
    }
}

pub(super) fn unsent<R>(update: Update<R>, kind: OutcomeKind, cause: Cause) -> Outcome<R> {
    let Update { row, ticket, .. } = update;
    Outcome { row, ticket, kind, attempts: 0, last_request: None, cause: Some(cause) }
}

// The stream, the only pinned part, is boxed.
impl<S, R> Unpin for Outcomes<S, R> {}

impl<S: Stream<Item = Update<R>>, R> Stream for Outcomes<S, R> {
    type Item = Outcome<R>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_outcome(cx)
    }
}

impl<S, R> std::fmt::Debug for Outcomes<S, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outcomes").field("progress", &self.progress).finish_non_exhaustive()
    }
}
