//! The tasks that send the requests of a run, reused from request to request.

use std::{
    sync::Arc,
    task::{Context, Poll, ready},
};

use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::JoinSet,
};
use tracing::{Instrument as _, Span};

use crate::{
    Error, Response, Transport,
    call::Permit,
    raw::{
        operations::UPDATE_TICKET_METADATA,
        types::{UpdateTicketMetadataRequest, UpdateTicketMetadataResponse},
    },
};

/// One task per concurrent request, so that time-outs hold even while no outcomes are taken.
///
/// A task per request would need no channels, but allocating and filling its memory of more than 2 KiB takes longer than the
/// rest of the run's own work.
pub(super) struct Workers {
    transport: Transport,
    span: Span,
    workers: Vec<Worker>,
    /// The indices of the workers without a request.
    idle: Vec<usize>,
    replies: UnboundedReceiver<Reply>,
    reply_to: UnboundedSender<Reply>,
    /// Aborts the workers when the run is dropped.
    tasks: JoinSet<()>,
}

/// Takes the requests of one worker. They are boxed, since a channel keeps memory for many of them.
type Worker = UnboundedSender<Box<Work>>;

struct Work {
    request: Arc<UpdateTicketMetadataRequest>,
    permit: Permit,
    reply: PendingReply,
}

struct Reply {
    worker: usize,
    /// `None` if the worker has ended.
    result: Option<Result<(), Error>>,
}

/// Replies when it is dropped, so that a panic in a library or a callback, or the end of the runtime, loses no request.
struct PendingReply {
    worker: usize,
    result: Option<Result<(), Error>>,
    to: UnboundedSender<Reply>,
}

impl Drop for PendingReply {
    fn drop(&mut self) {
        // Fails only if the run was dropped.
        let _ = self.to.send(Reply { worker: self.worker, result: self.result.take() });
    }
}

impl Workers {
    /// Creates workers that send through `transport`, with one attempt per request.
    pub(super) fn new(transport: &Transport) -> Self {
        let (reply_to, replies) = unbounded_channel();
        let (transport, span) = (transport.clone(), Span::current());
        Self { transport, span, workers: Vec::new(), idle: Vec::new(), replies, reply_to, tasks: JoinSet::new() }
    }

    /// Returns the number of workers with a request.
    pub(super) fn busy(&self) -> usize {
        self.workers.len() - self.idle.len()
    }

    /// Sends a request by an idle worker, or by a new one. Returns the index of the worker.
    pub(super) fn send(&mut self, request: Arc<UpdateTicketMetadataRequest>, permit: Permit) -> usize {
        let index = self.idle.pop().unwrap_or(self.workers.len());
        if index == self.workers.len() {
            let worker = self.spawn();
            self.workers.push(worker);
        }
        let reply = PendingReply { worker: index, result: None, to: self.reply_to.clone() };
        let work = Box::new(Work { request, permit, reply });
        // Replies also if the worker has ended.
        let _ = self.workers.get(index).map(|worker| worker.send(work));
        index
    }

    /// Returns the index of a worker that has completed its request, with the result; pending if none is in flight.
    pub(super) fn poll_result(&mut self, cx: &mut Context<'_>) -> Poll<Option<(usize, Result<(), Error>)>> {
        let Some(Reply { worker: index, result }) = ready!(self.replies.poll_recv(cx)) else {
            return Poll::Ready(None);
        };
        self.idle.push(index);
        let result = result.unwrap_or_else(|| {
            let replacement = self.spawn();
            if let Some(ended) = self.workers.get_mut(index) {
                *ended = replacement;
            }
            Err(Error::lost())
        });
        Poll::Ready(Some((index, result)))
    }

    fn spawn(&mut self) -> Worker {
        let (worker, mut requests) = unbounded_channel::<Box<Work>>();
        let transport = self.transport.clone();
        let work = async move {
            while let Some(work) = requests.recv().await {
                let Work { request, permit, mut reply } = *work;
                let result = send(&transport, &request, permit).await;
                // Before the reply, so that the run frees the memory that it has allocated.
                drop(request);
                reply.result = Some(result);
            }
        };
        self.tasks.spawn(work.instrument(self.span.clone()));
        worker
    }
}

async fn send(transport: &Transport, request: &UpdateTicketMetadataRequest, permit: Permit) -> Result<(), Error> {
    let request = transport.request(&UPDATE_TICKET_METADATA)?.json(request)?;
    let response: Response<UpdateTicketMetadataResponse> = transport.send_once(&request, permit).await?;
    drop(response);
    Ok(())
}
