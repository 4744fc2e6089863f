//! The run itself: a state machine that is polled for outcomes.

use std::{
    collections::{BTreeMap, HashSet, VecDeque},
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use futures_core::Stream;
use reqwest::StatusCode;
use tokio::time::{Instant, Sleep, sleep_until};

use super::{
    Bulk, Cause, Control, End, Outcome, OutcomeKind, Progress, Update, Waiting,
    in_flight::{InFlight, Sent},
    job::Job,
    pace::Pace,
    queue::Queue,
    verdict::{Verdict, verdict},
};
use crate::{Delivery, Error, TicketRef, call::after};

/// So many tickets that have to be sent again are remembered; where there are more, the server has other troubles.
const MAX_UNSETTLED: usize = 10_000;

/// The outcomes of a run, in the order in which they become known. Nothing happens unless they are taken, except that what is
/// in flight goes on.
///
/// It has to be polled within a tokio runtime, and panics elsewhere. Dropped, it ends what is in flight, which may then have been applied: to have
/// every outcome, [stop](Control::stop) it and take the rest.
#[must_use = "nothing is sent unless outcomes are taken"]
pub struct Outcomes<S, R> {
    max_held: usize,
    max_attempts: u32,
    updates: Pin<Box<S>>,
    exhausted: bool,
    queue: Queue<R>,
    pace: Pace,
    timer: Pin<Box<Sleep>>,
    in_flight: InFlight<R>,
    /// What is to be sent again, by when. The number keeps two of the same time apart.
    again: BTreeMap<(Instant, u64), Job<R>>,
    last_again: u64,
    /// Tickets of which an update has to be sent again.
    unsettled: HashSet<TicketRef>,
    ready: VecDeque<Outcome<R>>,
    progress: Progress,
    ending: Option<End>,
    control: Control,
}

impl<S: Stream<Item = Update<R>>, R> Outcomes<S, R> {
    pub(super) fn new(bulk: Bulk, updates: S) -> Self {
        Self {
            max_held: bulk.max_held.max(bulk.max_in_flight.get()),
            max_attempts: bulk.max_attempts,
            updates: Box::pin(updates),
            exhausted: false,
            queue: Queue::new(bulk.join_rows),
            pace: Pace::new(bulk.rate_limit, bulk.max_in_flight.get(), bulk.give_up_after),
            timer: Box::pin(sleep_until(Instant::now())),
            in_flight: InFlight::new(&bulk.client),
            again: BTreeMap::new(),
            last_again: 0,
            unsettled: HashSet::new(),
            ready: VecDeque::new(),
            progress: Progress::default(),
            ending: None,
            control: Control::new(),
        }
    }

    /// The next outcome; `None` when the run has ended.
    pub async fn next(&mut self) -> Option<Outcome<R>> {
        poll_fn(|cx| self.poll_outcome(cx)).await
    }

    /// A handle to watch and stop the run by.
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
            self.control.watch(cx.waker());
            if self.control.is_stopped() {
                self.end(End::Stopped);
            }
            self.take_updates(cx);
            self.send_what_may_be_sent(cx);
            // Last, since a task that is begun after this is not heard of.
            let news = self.take_results(cx);
            self.report();
            if !news && self.ready.is_empty() {
                let done = self.exhausted && self.progress.held == 0;
                return match self.ending.filter(|_| self.in_flight.len() == 0).or(done.then_some(End::Complete)) {
                    None => Poll::Pending,
                    Some(end) => {
                        self.progress.end = Some(end);
                        self.report();
                        Poll::Ready(None)
                    }
                };
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
                    if self.unsettled.contains(&update.ticket) {
                        self.ready.push_back(unsent(update, Cause::EarlierUnsettled));
                    } else {
                        self.queue.push(update);
                    }
                }
            }
        }
    }

    fn send_what_may_be_sent(&mut self, cx: &mut Context<'_>) {
        self.progress.wait = None;
        loop {
            let now = Instant::now();
            let due = self.again.first_key_value().map(|((due, _), _)| *due);
            // What waits to be sent again keeps its place, so that troubles do not pile up.
            let room = self.in_flight.len() + self.again.len() < self.pace.max_in_flight();
            let is_again = due.is_some_and(|due| due <= now) && self.in_flight.len() < self.pace.max_in_flight();
            if !(is_again || room && self.queue.is_ready()) {
                match due.filter(|_| self.in_flight.len() < self.pace.max_in_flight()) {
                    Some(due) if !self.is_later(due, cx) => continue,
                    _ => return,
                }
            }
            if let Some((until, why)) = self.pace.wait(now) {
                self.progress.wait = Some(Waiting { why, until: Some(until.into_std()) });
                match self.is_later(until, cx) {
                    true => return,
                    false => continue,
                }
            }
            let Poll::Ready(permit) = self.in_flight.poll_slot(cx) else { return };
            let job = match is_again {
                true => self.again.pop_first().map(|(_, job)| job),
                false => self.queue.take().map(|(first, later)| Job::new(first, later)),
            };
            match job {
                Some(job) => {
                    self.progress.retries += u64::from(is_again);
                    self.in_flight.send(job, self.pace.sent(), permit);
                }
                None => return,
            }
        }
    }

    /// Whether this time is still to come; then the task is woken at it.
    fn is_later(&mut self, time: Instant, cx: &mut Context<'_>) -> bool {
        if self.timer.deadline() != time {
            self.timer.as_mut().reset(time);
        }
        self.timer.as_mut().poll(cx).is_pending()
    }

    /// Takes the results that there are; tells whether there were any.
    fn take_results(&mut self, cx: &mut Context<'_>) -> bool {
        let mut news = false;
        while let Poll::Ready((Sent { job, round }, result)) = self.in_flight.poll_result(cx) {
            self.judge(job, round, result);
            news = true;
        }
        news
    }

    fn judge(&mut self, mut job: Job<R>, round: u64, result: Result<(), Error>) {
        let Err(error) = result else {
            self.pace.alive();
            return self.settle(job, OutcomeKind::Applied);
        };
        let Some(attempt) = error.history().last().copied() else {
            // It cannot be written as a request, and never will.
            job.failed(error, true);
            return self.settle(job, OutcomeKind::Rejected);
        };
        let retry_after = error.retry_after();
        let counts = attempt.delivery != Delivery::NotSent && attempt.status != Some(StatusCode::TOO_MANY_REQUESTS);
        job.failed(error, counts);
        let random = fastrand::f64();
        let verdict = verdict(attempt, retry_after, job.tried(), self.max_attempts);
        match verdict {
            Verdict::SlowDown(asked) => self.pace.asked_to_wait(round, asked, random),
            Verdict::Settled(OutcomeKind::Rejected) | Verdict::Split | Verdict::KeyRefused => self.pace.alive(),
            Verdict::Settled(_) | Verdict::Again => self.pace.failed(round, retry_after, random),
        }
        if verdict == Verdict::KeyRefused {
            self.end(End::KeyRefused);
        } else if self.pace.is_hopeless() || self.unsettled.len() >= MAX_UNSETTLED {
            self.end(End::GaveUp);
        }
        match verdict {
            Verdict::Settled(kind) => self.settle(job, kind),
            _ if self.ending.is_some() => {
                let kind = job.kind_if_ended();
                self.settle(job, kind);
            }
            Verdict::Split => {
                let ticket = job.ticket.clone();
                self.queue.put_back(job.split());
                self.queue.done(ticket);
            }
            _ => {
                // Where the whole run waits, this is among the first to go afterwards.
                let wait = match verdict {
                    Verdict::SlowDown(_) => Duration::ZERO,
                    _ => self.in_flight.wait(job.attempts(), random),
                };
                self.last_again += 1;
                self.again.insert((after(Instant::now(), wait), self.last_again), job);
            }
        }
    }

    fn settle(&mut self, job: Job<R>, kind: OutcomeKind) {
        let ticket = job.ticket.clone();
        self.ready.extend(job.settle(kind));
        if matches!(kind, OutcomeKind::NotSent | OutcomeKind::Unknown) {
            let later = self.queue.remove(&ticket);
            self.ready.extend(later.map(|update| unsent(update, Cause::EarlierUnsettled)));
            self.unsettled.insert(ticket.clone());
        }
        self.queue.done(ticket);
    }

    /// Sends and takes nothing more; what is in flight is waited for. The first reason is the one that counts.
    fn end(&mut self, end: End) {
        let is_complete = self.exhausted && self.progress.held == 0;
        if self.ending.is_some() || is_complete {
            return;
        }
        self.ending = Some(end);
        self.in_flight.give_up_slot();
        for (_, job) in std::mem::take(&mut self.again) {
            let kind = job.kind_if_ended();
            self.settle(job, kind);
        }
        self.ready.extend(self.queue.drain().map(|update| unsent(update, Cause::Ended)));
    }

    fn report(&mut self) {
        self.progress.in_flight = self.in_flight.len();
        self.control.report(self.progress);
    }
}

fn unsent<R>(update: Update<R>, cause: Cause) -> Outcome<R> {
    let Update { row, ticket, .. } = update;
    Outcome { row, ticket, kind: OutcomeKind::NotSent, attempts: 0, last_request: None, cause: Some(cause) }
}

// The only thing that is pinned in it is in a box.
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
