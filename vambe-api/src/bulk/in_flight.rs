//! The requests of a run that are in flight, and the wait for the limits of its client.

use std::{
    collections::HashMap,
    iter,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, mpsc},
    task::{self, Id, JoinSet},
    time::Instant,
};
use tracing::{Instrument as _, Span};

use super::job::Job;
use crate::{
    Error,
    call::after,
    raw::{self, types::UpdateTicketMetadataRequest},
};

type Slot = Pin<Box<dyn Future<Output = Option<OwnedSemaphorePermit>> + Send>>;

pub(super) struct InFlight<R> {
    client: raw::Client,
    /// Waiting for the limits of the client, which other users of it share.
    slot: Option<Slot>,
    /// The workers that have nothing to send. With those that do, as many as were ever in flight together.
    idle: Vec<Worker>,
    busy: HashMap<Id, (Worker, Sent<R>)>,
    tasks: JoinSet<()>,
    results: mpsc::UnboundedReceiver<(Id, Result<(), Error>)>,
    report: mpsc::UnboundedSender<(Id, Result<(), Error>)>,
    span: Span,
}

/// A task that sends one request after the other: a task, so that each keeps to its time limit also while nobody takes
/// outcomes, and one that stays, since it takes kilobytes, and to allocate them for each request slows all threads down.
struct Worker {
    id: Id,
    requests: mpsc::UnboundedSender<Request>,
}

type Request = (Arc<UpdateTicketMetadataRequest>, Option<OwnedSemaphorePermit>);

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
        let (report, results) = mpsc::unbounded_channel();
        Self {
            client: client.with_options(options),
            slot: None,
            idle: Vec::new(),
            busy: HashMap::new(),
            tasks: JoinSet::new(),
            results,
            report,
            span: Span::current(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.busy.len()
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
        // One that is closed has ended with its runtime.
        let idle = iter::from_fn(|| self.idle.pop()).find(|worker| !worker.requests.is_closed());
        let worker = idle.unwrap_or_else(|| self.start_worker());
        // If it ends just now, its end is heard of as that of this request.
        let _ = worker.requests.send((Arc::clone(&job.request), permit));
        self.busy.insert(worker.id, (worker, Sent { job, round }));
    }

    fn start_worker(&mut self) -> Worker {
        let (requests, mut to_send) = mpsc::unbounded_channel::<Request>();
        let (client, report) = (self.client.clone(), self.report.clone());
        let work = async move {
            while let Some((request, permit)) = to_send.recv().await {
                let result = client.update_ticket_metadata(&request).await;
                drop(permit);
                // Nobody takes it once the run is dropped.
                let _ = report.send((task::id(), result.map(|_| ())));
            }
        };
        Worker { id: self.tasks.spawn(work.instrument(self.span.clone())).id(), requests }
    }

    /// A request that has come to its end, with its result; pending also if none is in flight.
    pub(super) fn poll_result(&mut self, cx: &mut Context<'_>) -> Poll<(Sent<R>, Result<(), Error>)> {
        while let Poll::Ready(Some((id, result))) = self.results.poll_recv(cx) {
            if let Some((worker, sent)) = self.busy.remove(&id) {
                self.idle.push(worker);
                return Poll::Ready((sent, result));
            }
        }
        while let Some(ended) = ready!(self.tasks.poll_join_next(cx)) {
            // By a panic in a library or a callback; nobody aborts these tasks.
            let lost = ended.err().and_then(|error| self.busy.remove(&error.id()));
            if let Some((_, sent)) = lost {
                return Poll::Ready((sent, Err(Error::lost())));
            }
        }
        Poll::Pending
    }
}
