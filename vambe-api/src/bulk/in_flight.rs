//! The requests of a run in flight, and the wait for the limits of its client.

use std::{
    collections::HashMap,
    iter,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    sync::mpsc,
    task::{self, Id, JoinSet},
    time::Instant,
};
use tracing::{Instrument as _, Span};

use super::{Wait, Waiting, job::Job};
use crate::{
    Error, Response, Transport,
    call::{Blocked, Limit, Permit, Waiter, after},
    raw::{
        operations::UPDATE_TICKET_METADATA,
        types::{UpdateTicketMetadataRequest, UpdateTicketMetadataResponse},
    },
};

pub(super) struct InFlight<R> {
    transport: Transport,
    /// The wait for the limits of the client, which its other users share.
    waiter: Option<Waiter>,
    /// The workers without a request. A run has as many workers as it ever had requests in flight.
    idle: Vec<Worker>,
    busy: HashMap<Id, (Worker, Sent<R>)>,
    tasks: JoinSet<()>,
    results: mpsc::UnboundedReceiver<(Id, Result<(), Error>)>,
    report: mpsc::UnboundedSender<(Id, Result<(), Error>)>,
    span: Span,
}

/// A task that sends one request after the other. It is a task so that time-outs hold even while no outcomes are taken, and it is
/// reused because a task takes kilobytes, whose allocation per request slows all threads down.
struct Worker {
    id: Id,
    requests: mpsc::UnboundedSender<Request>,
}

type Request = (Arc<UpdateTicketMetadataRequest>, Permit);

/// A request in flight.
pub(super) struct Sent<R> {
    pub(super) job: Job<R>,
    /// The number of the request in the run, from 0.
    pub(super) number: u64,
    /// The epoch of the pace in which it was sent.
    pub(super) epoch: u64,
}

impl<R> InFlight<R> {
    /// Creates a sender through `transport`, with one attempt per request.
    pub(super) fn new(transport: &Transport) -> Self {
        let (report, results) = mpsc::unbounded_channel();
        Self {
            transport: transport.clone(),
            waiter: None,
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
        };
        Some(Waiting { why, until: until.map(Instant::into_std) })
    }

    /// Stops waiting for a slot.
    pub(super) fn give_up_slot(&mut self) {
        self.waiter = None;
    }

    pub(super) fn send(&mut self, sent: Sent<R>, permit: Permit) {
        // A closed worker has ended with its runtime.
        let idle = iter::from_fn(|| self.idle.pop()).find(|worker| !worker.requests.is_closed());
        let worker = idle.unwrap_or_else(|| self.start_worker());
        // If the worker ends now, `poll_result` reports the request as lost.
        let _ = worker.requests.send((Arc::clone(&sent.job.request), permit));
        self.busy.insert(worker.id, (worker, sent));
    }

    fn start_worker(&mut self) -> Worker {
        let (requests, mut to_send) = mpsc::unbounded_channel::<Request>();
        let (transport, report) = (self.transport.clone(), self.report.clone());
        let work = async move {
            while let Some((request, permit)) = to_send.recv().await {
                let result = send(&transport, &request, permit).await;
                // The receiver is gone if the run was dropped.
                let _ = report.send((task::id(), result));
            }
        };
        Worker { id: self.tasks.spawn(work.instrument(self.span.clone())).id(), requests }
    }

    /// Returns a completed request with its result; pending if none is in flight.
    pub(super) fn poll_result(&mut self, cx: &mut Context<'_>) -> Poll<(Sent<R>, Result<(), Error>)> {
        while let Poll::Ready(Some((id, result))) = self.results.poll_recv(cx) {
            if let Some((worker, sent)) = self.busy.remove(&id) {
                self.idle.push(worker);
                return Poll::Ready((sent, result));
            }
        }
        while let Some(ended) = ready!(self.tasks.poll_join_next(cx)) {
            // The task panicked, in a library or a callback: these tasks are never aborted.
            let lost = ended.err().and_then(|error| self.busy.remove(&error.id()));
            if let Some((_, sent)) = lost {
                return Poll::Ready((sent, Err(Error::lost())));
            }
        }
        Poll::Pending
    }
}

async fn send(transport: &Transport, request: &UpdateTicketMetadataRequest, permit: Permit) -> Result<(), Error> {
    let request = transport.request(&UPDATE_TICKET_METADATA)?.json(request)?;
    let response: Response<UpdateTicketMetadataResponse> = transport.send_once(request, permit).await?;
    drop(response);
    Ok(())
}
