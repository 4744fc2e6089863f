//! Handling one request: its fault, the decision, and the record in the log.

use std::{error::Error, fmt, sync::Arc, time::Duration};

use http::{Request, Response, StatusCode, request::Parts};
use hyper::body::Incoming;
use tokio::{sync::oneshot, time::sleep};

use super::{
    body::{BODY_LIMIT, Body},
    endpoint, fault_response,
    payload::Payload,
    request_log::Arrival,
    response::{self, ErrorResponse},
    shared::{Inner, Shared},
};
use crate::fault::{Disconnect, Effect, Fault, RetryAfter};

/// Ends the service function of hyper, and with it the connection.
impl Error for Disconnect {}

impl fmt::Display for Disconnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a fault ends the connection")
    }
}

/// The response, or the end of the connection instead.
type Outcome = Result<Response<Payload>, Disconnect>;

/// Handles a request.
pub(super) async fn handle(shared: Arc<Shared>, request: Request<Incoming>) -> Outcome {
    let (head, body) = request.into_parts();
    let (fault, arrival) = shared.lock().arrive(&head);
    if *fault.effect() == Effect::ResetBeforeReading {
        sleep(fault.latency()).await;
        return Err(Disconnect::Reset);
    }
    let received = Received { head, body: Body::read(body, BODY_LIMIT).await, fault, arrival };
    match *received.fault.effect() {
        Effect::LateWrite { delay } => respond_late(shared, received, delay).await,
        _ => respond(&shared, received).await,
    }
}

/// A request that was read.
struct Received {
    head: Parts,
    body: Body,
    fault: Fault,
    arrival: Option<Arrival>,
}

/// Applies the update, if the fault does, and returns the response after the latency.
async fn respond(shared: &Shared, received: Received) -> Outcome {
    let Received { head, body, fault, arrival } = received;
    let outcome = shared.lock().decide(&fault, arrival, &head, body);
    if !fault.latency().is_zero() {
        sleep(fault.latency()).await;
        shared.lock().record_outcome(arrival, &outcome);
    }
    outcome
}

/// Does the same after a delay, in a task of its own: hyper drops the future of a request whose client has left.
async fn respond_late(shared: Arc<Shared>, mut received: Received, delay: Duration) -> Outcome {
    let (sender, receiver) = oneshot::channel();
    tokio::spawn(async move {
        sleep(delay).await;
        if sender.is_closed() {
            // Nobody gets a response.
            received.fault = Fault::close_after_write();
        }
        // The client may leave any time.
        let _ = sender.send(respond(&shared, received).await);
    });
    // Without a sender, the server stops.
    receiver.await.unwrap_or(Err(Disconnect::Close))
}

/// Returns the response to a request over the limit, which has to wait this long for a slot.
fn refusal(wait: Duration) -> Fault {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    Fault::retry_after(StatusCode::TOO_MANY_REQUESTS, RetryAfter::Seconds(seconds))
}

impl Inner {
    /// Takes a slot of the limit for an update, and draws its fault, in order of arrival. Other requests need no slot and
    /// meet no fault.
    fn arrive(&mut self, head: &Parts) -> (Fault, Option<Arrival>) {
        #[cfg(feature = "page")]
        if let Some(traffic) = &mut self.traffic {
            traffic.count_request();
        }
        let now = self.clock.now();
        let is_update = endpoint::is_update(head);
        if let (true, Some(window)) = (is_update, &mut self.window)
            && let Err(wait) = window.arrive(now.instant)
        {
            // Not a fault: the log shows none.
            return (refusal(wait), Some(self.log.add(head, Fault::none(), now.time)));
        }
        let fault = if is_update { self.faults.next(now.instant) } else { Fault::none() };
        if *fault.effect() == Effect::RevokedKey {
            self.revoke_key(&head.headers);
        }
        if *fault.effect() == Effect::ResetBeforeReading {
            self.unread_requests += 1;
            #[cfg(feature = "page")]
            self.count_answer(None);
            return (fault, None);
        }
        let arrival = self.log.add(head, fault.clone(), now.time);
        (fault, Some(arrival))
    }

    /// Decides and records under one lock, so that nobody sees one without the other. Only the
    /// status of a delayed response is recorded later, when it is sent.
    fn decide(&mut self, fault: &Fault, arrival: Option<Arrival>, head: &Parts, body: Body) -> Outcome {
        let result = if fault.applies_update() { self.apply(head, &body).map(|()| true) } else { Ok(false) };
        if let Some(arrival) = arrival {
            let applied = matches!(result, Ok(true)).then(|| self.clock.now().time);
            self.log.record_decision(arrival, body.bytes, applied);
        }
        let outcome = match (result, fault.effect()) {
            // A request that is rejected anyway does not reach the fault.
            (Err(error), _) => Ok(error.into_response()),
            (Ok(_), Effect::Normal | Effect::LateWrite { .. }) => Ok(response::updated()),
            (Ok(_), Effect::RevokedKey) => Ok(response::unauthorized().into_response()),
            (Ok(_), Effect::ResetBeforeReading) => Err(Disconnect::Reset),
            (Ok(_), Effect::Disconnect { how, .. }) => Err(*how),
            (Ok(_), Effect::Respond { response, .. }) => Ok(fault_response::build(response)),
        };
        if fault.latency().is_zero() {
            self.record_outcome(arrival, &outcome);
        }
        outcome
    }

    fn apply(&mut self, head: &Parts, body: &Body) -> Result<(), ErrorResponse> {
        endpoint::apply(head, body, &self.api_keys, &mut self.world)
    }

    fn record_outcome(&mut self, arrival: Option<Arrival>, outcome: &Outcome) {
        let status = outcome.as_ref().ok().map(Response::status);
        #[cfg(feature = "page")]
        self.count_answer(status);
        if let Some(arrival) = arrival {
            self.log.record_outcome(arrival, status);
        }
    }

    #[cfg(feature = "page")]
    fn count_answer(&mut self, status: Option<StatusCode>) {
        if let Some(traffic) = &mut self.traffic {
            traffic.count_answer(status);
        }
    }
}
