//! Handling one request: its fault, the decision, and the record in the log.

use std::{error::Error, fmt, sync::Arc, time::Duration};

use http::{Request, Response, StatusCode, request::Parts};
use hyper::body::Incoming;
use tokio::{sync::oneshot, time::sleep};

#[cfg(feature = "program")]
use super::received_request::ReceivedRequest;
use super::{
    body::{BODY_LIMIT, Body},
    endpoint::{self, Endpoint},
    fault_response,
    payload::Payload,
    request_log::Arrival,
    response,
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
    let has_endpoint = shared.endpoint(&head).is_some();
    let (fault, arrival) = shared.lock().arrive(&head, has_endpoint);
    if *fault.effect() == Effect::ResetBeforeReading {
        sleep(fault.latency()).await;
        return Err(Disconnect::Reset);
    }
    let pending = Pending { shared, arrival, has_outcome: false };
    let received = Received { head, body: Body::read(body, BODY_LIMIT).await, fault, pending };
    match *received.fault.effect() {
        Effect::LateWrite { delay } => respond_late(received, delay).await,
        _ => respond(received).await,
    }
}

/// A request that was read.
struct Received {
    head: Parts,
    body: Body,
    fault: Fault,
    pending: Pending,
}

/// A request without an outcome so far. If it is dropped, the request has ended without a response: hyper drops the future of
/// a request whose client has left.
struct Pending {
    shared: Arc<Shared>,
    arrival: Option<Arrival>,
    has_outcome: bool,
}

impl Drop for Pending {
    fn drop(&mut self) {
        if !self.has_outcome {
            self.shared.lock().record_outcome(self.arrival, None);
        }
    }
}

/// Applies the update, if the fault does, and returns the response after the latency.
async fn respond(received: Received) -> Outcome {
    let Received { head, body, fault, mut pending } = received;
    let (shared, arrival) = (&pending.shared, pending.arrival);
    let endpoint = shared.endpoint(&head);
    let from_test = call_test(shared, endpoint, &fault, &head, &body);
    let outcome = shared.lock().decide(&fault, arrival, endpoint, from_test, &head, body);
    if !fault.latency().is_zero() {
        sleep(fault.latency()).await;
        shared.lock().record_outcome(arrival, status(&outcome));
    }
    pending.has_outcome = true;
    outcome
}

/// Returns the status of a response.
fn status(outcome: &Outcome) -> Option<StatusCode> {
    outcome.as_ref().ok().map(Response::status)
}

/// Does the same after a delay, in a task of its own: hyper drops the future of a request whose client has left.
async fn respond_late(mut received: Received, delay: Duration) -> Outcome {
    let (sender, receiver) = oneshot::channel();
    tokio::spawn(async move {
        sleep(delay).await;
        if sender.is_closed() {
            // Nobody gets a response.
            received.fault = Fault::close_after_write();
        }
        // The client may leave any time.
        let _ = sender.send(respond(received).await);
    });
    // Without a sender, the server stops.
    receiver.await.unwrap_or(Err(Disconnect::Close))
}

/// Calls the handler of a test, unless the fault or the API key keeps the request from it.
fn call_test(
    shared: &Shared,
    endpoint: Option<&Endpoint>,
    fault: &Fault,
    head: &Parts,
    body: &Body,
) -> Option<Response<Payload>> {
    let handler = endpoint?.test_handler().filter(|_| fault.applies_update())?;
    endpoint::check_api_key(&head.headers, &shared.lock().api_keys).ok()?;
    let request = Request::from_parts(head.clone(), body.bytes.clone());
    Some(response::of_test(handler(&request)))
}

/// Returns the response to a request over the limit, which has to wait this long for a slot.
fn refusal(wait: Duration) -> Fault {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    Fault::retry_after(StatusCode::TOO_MANY_REQUESTS, RetryAfter::Seconds(seconds))
}

impl Inner {
    /// Takes a slot of the limit for a request for an endpoint, and draws its fault, in order of arrival. Other requests
    /// need no slot and meet no fault.
    fn arrive(&mut self, head: &Parts, has_endpoint: bool) -> (Fault, Option<Arrival>) {
        #[cfg(feature = "page")]
        if let Some(traffic) = &mut self.traffic {
            traffic.count_request();
        }
        let now = self.clock.now();
        if let (true, Some(window)) = (has_endpoint, &mut self.window)
            && let Err(wait) = window.arrive(now.instant)
        {
            // Not a fault: the log shows none.
            return (refusal(wait), Some(self.log.add(head, Fault::none(), now.time)));
        }
        let fault = if has_endpoint { self.faults.next(now.instant) } else { Fault::none() };
        if *fault.effect() == Effect::RevokedKey {
            self.revoke_key(&head.headers);
        }
        if *fault.effect() == Effect::ResetBeforeReading {
            self.unread_requests += 1;
            #[cfg(feature = "program")]
            if let Some(observer) = &mut self.observer {
                observer.report(ReceivedRequest::new(head, fault.clone(), now.time), Duration::ZERO);
            }
            #[cfg(feature = "page")]
            self.count_answer(None);
            return (fault, None);
        }
        let arrival = self.log.add(head, fault.clone(), now.time);
        (fault, Some(arrival))
    }

    /// Decides and records under one lock, so that nobody sees one without the other. Only the
    /// status of a delayed response is recorded later, when it is sent.
    fn decide(
        &mut self,
        fault: &Fault,
        arrival: Option<Arrival>,
        endpoint: Option<&Endpoint>,
        from_test: Option<Response<Payload>>,
        head: &Parts,
        body: Body,
    ) -> Outcome {
        let usual = fault.applies_update().then(|| {
            endpoint::answer(endpoint, from_test, head, &body, &self.api_keys, &mut self.world)
                .unwrap_or_else(|error| error.into_response(self.answers))
        });
        let rejected = usual.as_ref().is_some_and(is_rejection);
        if let Some(arrival) = arrival {
            let applied = (usual.is_some() && !rejected).then(|| self.clock.now().time);
            self.log.record_decision(arrival, body.bytes, applied);
        }
        let outcome = match (fault.effect(), usual) {
            // A request that is rejected anyway does not reach the fault.
            (_, Some(response)) if rejected => Ok(response),
            (Effect::Normal | Effect::LateWrite { .. }, Some(response)) => Ok(response),
            (Effect::RevokedKey, _) => Ok(endpoint::unauthorized().into_response(self.answers)),
            (Effect::Respond { response, .. }, _) => Ok(fault_response::build(response)),
            (Effect::Disconnect { how, .. }, _) => Err(*how),
            // None comes here: the first two have a usual response, and the third is not read.
            (Effect::Normal | Effect::LateWrite { .. } | Effect::ResetBeforeReading, _) => Err(Disconnect::Reset),
        };
        if fault.latency().is_zero() {
            self.record_outcome(arrival, status(&outcome));
        }
        outcome
    }

    /// Records the status of the response, or that there is none.
    fn record_outcome(&mut self, arrival: Option<Arrival>, status: Option<StatusCode>) {
        #[cfg(feature = "page")]
        self.count_answer(status);
        if let Some(arrival) = arrival {
            self.log.record_outcome(arrival, status);
            #[cfg(feature = "program")]
            if let (Some(observer), Some(request)) = (&mut self.observer, self.log.entry(arrival)) {
                let took = self.clock.now().time.duration_since(request.arrived()).unwrap_or_default();
                observer.report(request.without_headers(), took);
            }
        }
    }

    #[cfg(feature = "page")]
    fn count_answer(&mut self, status: Option<StatusCode>) {
        if let Some(traffic) = &mut self.traffic {
            traffic.count_answer(status);
        }
    }
}

fn is_rejection(response: &Response<Payload>) -> bool {
    response.status().is_client_error() || response.status().is_server_error()
}
