//! The effect of a request's result on its updates and on the run.

use std::{sync::Arc, time::Duration};

use futures_core::Stream;
use reqwest::StatusCode;
use tokio::time::Instant;

use super::{
    Cause, End, OutcomeKind, Outcomes, Update,
    decision::{RetryDecision, decide, reject},
    in_flight::Sent,
    job::Job,
    outcomes::unsent,
    pace::GiveUp,
    withheld::Refusal,
};
use crate::{Delivery, EmptyMetadata, Error, call::after};

/// Upper bound on tickets with a pending resend; beyond it the run ends.
const MAX_PENDING_RESENDS: usize = 10_000;

impl<S: Stream<Item = Update<R>>, R> Outcomes<S, R> {
    pub(super) fn judge(&mut self, Sent { mut job, number, epoch }: Sent<R>, result: Result<(), Error>) {
        let error = match result {
            Ok(()) => {
                self.pace.ended(true);
                self.pace.record_success();
                if std::mem::take(&mut self.is_failing) {
                    self.control.record_failure(None);
                }
                job.record_success();
                self.key_accepted(number);
                self.reject_first();
                return self.finish(job, OutcomeKind::Applied);
            }
            Err(error) => Arc::new(error),
        };
        let Some(attempt) = error.history().last().copied() else {
            self.pace.ended(false);
            job.record_failure(Arc::clone(&error), true);
            return match *error {
                // No attempt was made: the permit lapsed, and the shared limit gave no other.
                Error::NoSlot(_) => self.finish(job, OutcomeKind::NotSent),
                Error::Drained => {
                    self.end(End::Drained);
                    self.finish(job, OutcomeKind::NotSent);
                }
                // The request is invalid.
                _ => self.finish(job, OutcomeKind::Rejected),
            };
        };
        self.pace.ended(attempt.delivery != Delivery::NotSent);
        let counts = attempt.delivery != Delivery::NotSent && attempt.status != Some(StatusCode::TOO_MANY_REQUESTS);
        job.record_failure(Arc::clone(&error), counts);
        let (random, retry_after) = (fastrand::f64(), error.retry_after());
        let decision = decide(attempt, job.tried(), self.max_attempts);
        match decision {
            RetryDecision::TooMany => self.pace.record_too_many(retry_after),
            RetryDecision::Finish(OutcomeKind::Rejected)
            | RetryDecision::Split
            | RetryDecision::KeyRefused
            | RetryDecision::Forbidden => self.pace.record_success(),
            RetryDecision::Finish(_) | RetryDecision::Retry => self.pace.record_failure(epoch, retry_after, random),
        }
        if matches!(decision, RetryDecision::Finish(OutcomeKind::Unknown | OutcomeKind::NotSent) | RetryDecision::Retry)
        {
            self.is_failing = true;
            self.control.record_failure(Some(Arc::clone(&error)));
        }
        if decision == RetryDecision::KeyRefused {
            self.end(End::KeyRefused);
        }
        self.give_up_if_due();
        match decision {
            RetryDecision::Forbidden if self.ending.is_none() => {
                if self.forbidden.add(job, self.sent) {
                    self.end(End::KeyRefused);
                }
            }
            RetryDecision::Finish(OutcomeKind::Rejected) | RetryDecision::Split => {
                self.key_accepted(number);
                self.refused(job, decision, &error);
            }
            RetryDecision::Finish(kind) => self.finish(job, kind),
            _ if self.ending.is_some() => {
                let kind = job.kind_if_ended();
                self.finish(job, kind);
            }
            _ => {
                // After a pause of the client, this request is among the first.
                let wait = match decision {
                    RetryDecision::TooMany => Duration::ZERO,
                    _ => self.in_flight.wait(job.attempts(), random),
                };
                self.retry_seq += 1;
                self.retry_queue.insert((after(Instant::now(), wait), self.retry_seq), job);
            }
        }
    }

    /// Handles a rejection that is not about the API key.
    fn refused(&mut self, job: Job<R>, decision: RetryDecision, error: &Error) {
        let status = error.status().filter(|_| decision != RetryDecision::Split);
        let Some(status) = status else { return self.reject(job, false) };
        if self.ending.is_some() && self.first_refusals.is_armed() {
            let kind = job.kind_if_ended();
            return self.finish(job, kind);
        }
        match self.first_refusals.add(job, status, error.redacted_message()) {
            Refusal::Withheld => {}
            Refusal::OfRun => self.end(End::AllRefused),
            Refusal::OfRow(job) => {
                self.reject_first();
                self.finish(job, OutcomeKind::Rejected);
            }
        }
    }

    /// Records that the server accepted the key for this request: earlier `403` responses were about their rows.
    fn key_accepted(&mut self, number: u64) {
        for job in self.forbidden.key_accepted(number) {
            self.reject(job, false);
        }
    }

    /// Rejects the first refusals, after another response has shown that they were about their rows.
    fn reject_first(&mut self) {
        for job in self.first_refusals.other_answer() {
            self.finish(job, OutcomeKind::Rejected);
        }
    }

    fn reject(&mut self, job: Job<R>, affects_all: bool) {
        match reject(job.tried(), affects_all) {
            RetryDecision::Finish(kind) => self.finish(job, kind),
            _ => {
                let ticket = job.ticket.clone();
                self.queue.put_back(job.split());
                self.queue.done(ticket);
            }
        }
    }

    /// Decides about the withheld refusals once no other row can show their reason. Returns `true` if there were any.
    pub(super) fn release_withheld(&mut self) -> bool {
        let is_withheld = !self.forbidden.is_empty() || !self.first_refusals.is_empty();
        let is_busy = self.in_flight.len() > 0 || !self.retry_queue.is_empty() || self.queue.is_ready();
        let is_starved = self.control.waits_for_outcomes();
        let may_take = !self.exhausted && self.progress.held < self.max_held && !is_starved;
        if !is_withheld || is_busy || may_take || self.ending.is_some() {
            return false;
        }
        if !self.forbidden.is_empty() && self.forbidden.is_key() {
            self.end(End::KeyRefused);
        } else if !self.exhausted && !is_starved && !self.first_refusals.is_empty() {
            self.end(End::AllRefused);
        } else {
            for job in self.forbidden.take() {
                self.reject(job, false);
            }
            self.reject_first();
        }
        true
    }

    fn finish(&mut self, job: Job<R>, kind: OutcomeKind) {
        let ticket = job.ticket.clone();
        if kind == OutcomeKind::Rejected {
            self.rejected = self.rejected.saturating_add(u64::try_from(job.len()).unwrap_or(u64::MAX));
        }
        self.ready.extend(job.finish(kind));
        if matches!(kind, OutcomeKind::NotSent | OutcomeKind::Unknown) {
            let later = self.queue.remove(&ticket);
            self.ready.extend(later.map(|update| unsent(update, OutcomeKind::NotSent, Cause::EarlierPending)));
            self.pending_resends.insert(ticket.clone());
        }
        self.queue.done(ticket);
        self.end_if_too_many_rejected();
    }

    /// Rejects an update without a pair. It is not sent, and does not affect the others of its ticket.
    pub(super) fn reject_empty(&mut self, update: Update<R>) {
        self.rejected = self.rejected.saturating_add(1);
        self.ready.push_back(unsent(update, OutcomeKind::Rejected, Cause::Failed(Arc::new(EmptyMetadata.into()))));
        self.end_if_too_many_rejected();
    }

    fn end_if_too_many_rejected(&mut self) {
        if self.rejected > self.max_rejected {
            self.end(End::TooManyRejected);
        }
    }

    pub(super) fn give_up_if_due(&mut self) {
        if self.ending.is_some() {
            return;
        }
        match self.pace.give_up(Instant::now) {
            Some(GiveUp::Unreachable) => self.end(End::Unreachable),
            Some(GiveUp::TooLong) => self.end(End::GaveUp),
            None if self.pending_resends.len() >= MAX_PENDING_RESENDS => self.end(End::GaveUp),
            None => {}
        }
    }

    /// Ends the run: it sends and takes nothing more, and waits for the requests in flight. Only the first reason counts.
    pub(super) fn end(&mut self, end: End) {
        let is_complete = self.exhausted && self.progress.held == 0;
        if self.ending.is_some() || is_complete {
            return;
        }
        self.ending = Some(end);
        self.in_flight.give_up_slot();
        let retries = std::mem::take(&mut self.retry_queue).into_values();
        for job in retries.chain(self.forbidden.take()).chain(self.first_refusals.take()) {
            let kind = job.kind_if_ended();
            self.finish(job, kind);
        }
        self.ready.extend(self.queue.drain().map(|update| unsent(update, OutcomeKind::NotSent, Cause::Ended)));
    }
}
