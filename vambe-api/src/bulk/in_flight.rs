//! The requests of a run in flight, and the wait for the limits of its client.

use std::{
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::time::Instant;

use super::{Wait, Waiting, job::Job, workers::Workers};
use crate::{
    Error, Transport,
    call::{Blocked, Limit, Permit, Waiter, after},
};

pub(super) struct InFlight<R> {
    transport: Transport,
    /// The wait for the limits of the client, which its other users share.
    waiter: Option<Waiter>,
    workers: Workers,
    /// The requests by the index of their worker.
    sent: Vec<Option<Sent<R>>>,
}

/// A request in flight.
pub(super) struct Sent<R> {
    pub(super) job: Job<R>,
    /// The number of the request in the run, from 0.
    pub(super) number: u64,
    /// The epoch of the pace in which it was sent.
    pub(super) epoch: u64,
}

impl<R> InFlight<R> {
    pub(super) fn new(transport: &Transport) -> Self {
        let (transport, workers) = (transport.clone(), Workers::new(transport));
        Self { transport, waiter: None, workers, sent: Vec::new() }
    }

    pub(super) fn len(&self) -> usize {
        self.workers.busy()
    }

    /// Returns the back-off of a request before its retry.
    pub(super) fn wait(&self, attempts: u32, random: f64) -> Duration {
        self.transport.backoff().wait(attempts, random)
    }

    /// Waits for a slot of the client's limits, without a deadline.
    pub(super) fn poll_slot(&mut self, cx: &mut Context<'_>) -> Poll<Result<Permit, Blocked>> {
        let limits = self.transport.limits();
        if self.waiter.is_none()
            && let Some(permit) = limits.permit_without_limit()
        {
            return Poll::Ready(Ok(permit));
        }
        let waiter = self.waiter.get_or_insert_with(|| Waiter::new(Arc::clone(limits)));
        let result = ready!(waiter.poll(after(Instant::now(), Duration::MAX), cx));
        self.waiter = None;
        Poll::Ready(result)
    }

    /// Returns the limit that it waits for, if any.
    pub(super) fn waiting(&self) -> Option<Waiting> {
        let Blocked { limit, until } = self.waiter.as_ref()?.blocked()?;
        let why = match limit {
            Limit::Rate => Wait::RateLimit,
            Limit::Concurrency => Wait::Concurrency,
            Limit::Pause => Wait::Server,
            Limit::Shared | Limit::KeyRefused | Limit::Unavailable => Wait::SharedLimit,
        };
        Some(Waiting { why, until: until.map(Instant::into_std) })
    }

    /// Stops waiting for a slot.
    pub(super) fn give_up_slot(&mut self) {
        self.waiter = None;
    }

    pub(super) fn send(&mut self, sent: Sent<R>, permit: Permit) {
        let worker = self.workers.send(Arc::clone(&sent.job.request), permit);
        if worker >= self.sent.len() {
            self.sent.resize_with(worker + 1, || None);
        }
        if let Some(slot) = self.sent.get_mut(worker) {
            *slot = Some(sent);
        }
    }

    /// Returns a completed request with its result; pending if none is in flight.
    pub(super) fn poll_result(&mut self, cx: &mut Context<'_>) -> Poll<(Sent<R>, Result<(), Error>)> {
        while let Some((worker, result)) = ready!(self.workers.poll_result(cx)) {
            if let Some(sent) = self.sent.get_mut(worker).and_then(Option::take) {
                return Poll::Ready((sent, result));
            }
        }
        Poll::Pending
    }
}
