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
    idle: Vec<Worker>,
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
    worker: Worker,
    reply: PendingReply,
}

struct Reply {
    /// The number of the request.
    number: u64,
    result: Result<(), Error>,
    /// The worker, if it can send another request.
    worker: Option<Worker>,
}

/// Replies when it is dropped, so that a panic in a library or a callback, or the end of the runtime, loses no request.
struct PendingReply {
    number: u64,
    result: Option<(Result<(), Error>, Worker)>,
    to: UnboundedSender<Reply>,
}

impl Drop for PendingReply {
    fn drop(&mut self) {
        let (result, worker) = match self.result.take() {
            Some((result, worker)) => (result, Some(worker)),
            None => (Err(Error::lost()), None),
        };
        // Fails only if the run was dropped.
        let _ = self.to.send(Reply { number: self.number, result, worker });
    }
}

impl Workers {
    /// Creates workers that send through `transport`, with one attempt per request.
    pub(super) fn new(transport: &Transport) -> Self {
        let (reply_to, replies) = unbounded_channel();
        let (transport, span) = (transport.clone(), Span::current());
        Self { transport, span, idle: Vec::new(), replies, reply_to, tasks: JoinSet::new() }
    }

    /// Sends a request by an idle worker, or by a new one. Its result has the same number.
    pub(super) fn send(&mut self, number: u64, request: Arc<UpdateTicketMetadataRequest>, permit: Permit) {
        let worker = self.idle.pop().unwrap_or_else(|| self.spawn());
        let reply = PendingReply { number, result: None, to: self.reply_to.clone() };
        // Replies also if the worker has ended.
        let _ = worker.send(Box::new(Work { request, permit, worker: worker.clone(), reply }));
    }

    /// Returns the number of a completed request with its result; pending if none is in flight.
    pub(super) fn poll_result(&mut self, cx: &mut Context<'_>) -> Poll<Option<(u64, Result<(), Error>)>> {
        let reply = ready!(self.replies.poll_recv(cx));
        Poll::Ready(reply.map(|Reply { number, result, worker }| {
            self.idle.extend(worker);
            (number, result)
        }))
    }

    fn spawn(&mut self) -> Worker {
        let (worker, mut requests) = unbounded_channel::<Box<Work>>();
        let transport = self.transport.clone();
        let work = async move {
            while let Some(work) = requests.recv().await {
                let Work { request, permit, worker, mut reply } = *work;
                reply.result = Some((send(&transport, &request, permit).await, worker));
            }
        };
        self.tasks.spawn(work.instrument(self.span.clone()));
        worker
    }
}

async fn send(transport: &Transport, request: &UpdateTicketMetadataRequest, permit: Permit) -> Result<(), Error> {
    let request = transport.request(&UPDATE_TICKET_METADATA)?.json(request)?;
    let response: Response<UpdateTicketMetadataResponse> = transport.send_once(request, permit).await?;
    drop(response);
    Ok(())
}
