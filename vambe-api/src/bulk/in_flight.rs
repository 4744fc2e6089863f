//! The requests of a run that are in flight, and the wait for the limits of its client.

use std::{
    collections::HashMap,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    sync::OwnedSemaphorePermit,
    task::{Id, JoinError, JoinSet},
    time::Instant,
};
use tracing::{Instrument as _, Span};

use super::job::Job;
use crate::{Error, call::after, raw};

type Slot = Pin<Box<dyn Future<Output = Option<OwnedSemaphorePermit>> + Send>>;

pub(super) struct InFlight<R> {
    client: raw::Client,
    /// Waiting for the limits of the client, which other users of it share.
    slot: Option<Slot>,
    /// Each in a task of its own, so that it keeps to its time limit also while nobody takes outcomes.
    tasks: JoinSet<Result<(), Error>>,
    sent: HashMap<Id, Sent<R>>,
    span: Span,
}

/// A request that was sent.
pub(super) struct Sent<R> {
    pub(super) job: Job<R>,
    /// What the run's pace knows it by.
    pub(super) round: u64,
}

impl<R> InFlight<R> {
    /// Sends through `client`, one attempt for each request.
    pub(super) fn new(client: &raw::Client) -> Self {
        // The time limit of a call is for one who waits for it; here nobody does, and each attempt has its own.
        let mut options = client.transport().options().timeout(Duration::MAX).max_attempts(1);
        options.has_slot = true;
        Self {
            client: client.with_options(options),
            slot: None,
            tasks: JoinSet::new(),
            sent: HashMap::new(),
            span: Span::current(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.sent.len()
    }

    /// How long a request waits before it is sent again.
    pub(super) fn wait(&self, attempts: u32, random: f64) -> Duration {
        self.client.transport().backoff().wait(attempts, random)
    }

    /// Waits for the limits of the client.
    pub(super) fn poll_slot(&mut self, cx: &mut Context<'_>) -> Poll<Option<OwnedSemaphorePermit>> {
        if self.client.transport().limits().is_unlimited() {
            return Poll::Ready(None);
        }
        let slot = self.slot.get_or_insert_with(|| {
            let transport = self.client.transport().clone();
            let never = after(Instant::now(), Duration::MAX);
            Box::pin(async move { transport.limits().acquire(never).await.ok().flatten() })
        });
        let permit = ready!(slot.as_mut().poll(cx));
        self.slot = None;
        Poll::Ready(permit)
    }

    /// Waits no longer for the limits of the client.
    pub(super) fn give_up_slot(&mut self) {
        self.slot = None;
    }

    pub(super) fn send(&mut self, job: Job<R>, round: u64, permit: Option<OwnedSemaphorePermit>) {
        let (client, request) = (self.client.clone(), Arc::clone(&job.request));
        let attempt = async move {
            let result = client.update_ticket_metadata(&request).await;
            drop(permit);
            result.map(|_| ())
        };
        let task = self.tasks.spawn(attempt.instrument(self.span.clone()));
        self.sent.insert(task.id(), Sent { job, round });
    }

    /// A request that has come to its end, with its result; pending also if none is in flight.
    pub(super) fn poll_result(&mut self, cx: &mut Context<'_>) -> Poll<(Sent<R>, Result<(), Error>)> {
        while let Some(result) = ready!(self.tasks.poll_join_next_with_id(cx)) {
            let (id, result) = match result {
                Ok((id, result)) => (id, result),
                // A panic in a library; nobody aborts these tasks.
                Err(error) => (JoinError::id(&error), Err(Error::lost())),
            };
            if let Some(sent) = self.sent.remove(&id) {
                return Poll::Ready((sent, result));
            }
        }
        Poll::Pending
    }
}
