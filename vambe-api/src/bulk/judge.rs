//! What the results of a run's requests mean for their updates, and for the run.

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
use crate::{Delivery, Error, call::after};

/// Upper bound on the tickets of which an update has to be sent again; beyond it the run ends.
const MAX_UNSETTLED: usize = 10_000;

impl<S: Stream<Item = Update<R>>, R> Outcomes<S, R> {
    pub(super) fn judge(&mut self, Sent { mut job, number, round }: Sent<R>, result: Result<(), Error>) {
        let error = match result {
            Ok(()) => {
                self.pace.ended(true);
                self.pace.record_success();
                if std::mem::take(&mut self.is_failing) {
                    self.control.record_failure(None);
                }
                job.succeeded();
                self.key_accepted(number);
                self.reject_first();
                return self.settle(job, OutcomeKind::Applied);
            }
            Err(error) => Arc::new(error),
        };
        let Some(attempt) = error.history().last().copied() else {
            self.pace.ended(false);
            job.failed(Arc::clone(&error), true);
            return match *error {
                // The client is paused for decades: nothing was tried.
                Error::NoSlot(_) => self.settle(job, OutcomeKind::NotSent),
                // It cannot be written as a request, and never will.
                _ => self.settle(job, OutcomeKind::Rejected),
            };
        };
        self.pace.ended(attempt.delivery != Delivery::NotSent);
        let counts = attempt.delivery != Delivery::NotSent && attempt.status != Some(StatusCode::TOO_MANY_REQUESTS);
        job.failed(Arc::clone(&error), counts);
        let (random, retry_after) = (fastrand::f64(), error.retry_after());
        let decision = decide(attempt, job.tried(), self.max_attempts);
        match decision {
            RetryDecision::TooMany => self.pace.record_too_many(retry_after),
            RetryDecision::Finish(OutcomeKind::Rejected)
            | RetryDecision::Split
            | RetryDecision::KeyRefused
            | RetryDecision::Forbidden => self.pace.record_success(),
            RetryDecision::Finish(_) | RetryDecision::Retry => self.pace.record_failure(round, retry_after, random),
        }
        if matches!(decision, RetryDecision::Finish(OutcomeKind::Unknown | OutcomeKind::NotSent) | RetryDecision::Retry)
        {
            self.is_failing = true;
            self.control.record_failure(Some(Arc::clone(&error)));
        }
        if decision == RetryDecision::KeyRefused {
            self.end(End::KeyRefused);
        }
        self.give_up_if_hopeless();
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
            RetryDecision::Finish(kind) => self.settle(job, kind),
            _ if self.ending.is_some() => {
                let kind = job.kind_if_ended();
                self.settle(job, kind);
            }
            _ => {
                // Where the whole client waits, this is among the first to go afterwards.
                let wait = match decision {
                    RetryDecision::TooMany => Duration::ZERO,
                    _ => self.in_flight.wait(job.attempts(), random),
                };
                self.last_again += 1;
                self.again.insert((after(Instant::now(), wait), self.last_again), job);
            }
        }
    }
    /// A row was refused, by an answer that is not about the key.
    fn refused(&mut self, job: Job<R>, decision: RetryDecision, error: &Error) {
        let status = error.status().filter(|_| decision != RetryDecision::Split);
        let Some(status) = status else { return self.reject(job, false) };
        if self.ending.is_some() && self.first_refusals.is_armed() {
            let kind = job.kind_if_ended();
            return self.settle(job, kind);
        }
        match self.first_refusals.add(job, status, error.redacted_message()) {
            Refusal::Withheld => {}
            Refusal::OfRun => self.end(End::AllRefused),
            Refusal::OfRow(job) => {
                self.reject_first();
                self.settle(job, OutcomeKind::Rejected);
            }
        }
    }

    /// The server accepted the key for this request: what it answered `403` before was about the rows.
    fn key_accepted(&mut self, number: u64) {
        for job in self.forbidden.key_accepted(number) {
            self.reject(job, false);
        }
    }

    /// There was another answer than the first refusals, which were about their rows.
    fn reject_first(&mut self) {
        for job in self.first_refusals.other_answer() {
            self.settle(job, OutcomeKind::Rejected);
        }
    }

    fn reject(&mut self, job: Job<R>, is_of_all: bool) {
        match reject(job.tried(), is_of_all) {
            RetryDecision::Finish(kind) => self.settle(job, kind),
            _ => {
                let ticket = job.ticket.clone();
                self.queue.put_back(job.split());
                self.queue.done(ticket);
            }
        }
    }

    /// Decides about the refusals that are withheld once no other row can show what they are about; returns whether there were
    /// any.
    pub(super) fn release_withheld(&mut self) -> bool {
        let is_withheld = !self.forbidden.is_empty() || !self.first_refusals.is_empty();
        let is_busy = self.in_flight.len() > 0 || !self.again.is_empty() || self.queue.is_ready();
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

    fn settle(&mut self, job: Job<R>, kind: OutcomeKind) {
        let ticket = job.ticket.clone();
        if kind == OutcomeKind::Rejected {
            self.rejected = self.rejected.saturating_add(u64::try_from(job.len()).unwrap_or(u64::MAX));
        }
        self.ready.extend(job.settle(kind));
        if matches!(kind, OutcomeKind::NotSent | OutcomeKind::Unknown) {
            let later = self.queue.remove(&ticket);
            self.ready.extend(later.map(|update| unsent(update, Cause::EarlierUnsettled)));
            self.unsettled.insert(ticket.clone());
        }
        self.queue.done(ticket);
        if self.rejected > self.max_rejected {
            self.end(End::TooManyRejected);
        }
    }

    pub(super) fn give_up_if_hopeless(&mut self) {
        if self.ending.is_some() {
            return;
        }
        match self.pace.give_up(Instant::now()) {
            Some(GiveUp::Unreachable) => self.end(End::Unreachable),
            Some(GiveUp::TooLong) => self.end(End::GaveUp),
            None if self.unsettled.len() >= MAX_UNSETTLED => self.end(End::GaveUp),
            None => {}
        }
    }

    /// Sends and takes nothing more; what is in flight is waited for. The first reason is the one that counts.
    pub(super) fn end(&mut self, end: End) {
        let is_complete = self.exhausted && self.progress.held == 0;
        if self.ending.is_some() || is_complete {
            return;
        }
        self.ending = Some(end);
        self.in_flight.give_up_slot();
        let again = std::mem::take(&mut self.again).into_values();
        for job in again.chain(self.forbidden.take()).chain(self.first_refusals.take()) {
            let kind = job.kind_if_ended();
            self.settle(job, kind);
        }
        self.ready.extend(self.queue.drain().map(|update| unsent(update, Cause::Ended)));
    }
}
