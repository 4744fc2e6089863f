//! Handling one request: its fault, the decision, and the record in the log.

use std::{error::Error, fmt, sync::Arc, time::Duration};

use http::{Request, Response, StatusCode, request::Parts};
use hyper::body::Incoming;
use tokio::time::sleep;

use super::{
    body::{BODY_LIMIT, Body},
    endpoint::{self, Endpoint},
    fault_response,
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
    let endpoint = shared.endpoint(&head);
    let (fault, arrival) = shared.lock().arrive(&head, endpoint.is_some());
    if *fault.effect() == Effect::ResetBeforeReading {
        sleep(fault.latency()).await;
        return Err(Disconnect::Reset);
    }
    let body = Body::read(body, BODY_LIMIT).await;
    let from_test = call_test(&shared, endpoint, &fault, &head, &body);
    let outcome = shared.lock().decide(&fault, arrival, endpoint, from_test, &head, body);
    if !fault.latency().is_zero() {
        sleep(fault.latency()).await;
        shared.lock().record_outcome(arrival, &outcome);
    }
    outcome
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
    /// Takes a slot of the limit for a request for an endpoint, and draws its fault, in order of arrival. Other requests need no slot and
    /// meet no fault.
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
        let fault = if has_endpoint { self.faults.next() } else { Fault::none() };
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
                .unwrap_or_else(ErrorResponse::into_response)
        });
        let rejected = usual.as_ref().is_some_and(is_rejection);
        if let Some(arrival) = arrival {
            let applied = (usual.is_some() && !rejected).then(|| self.clock.now().time);
            self.log.record_decision(arrival, body.bytes, applied);
        }
        let outcome = match (fault.effect(), usual) {
            // A request that is rejected anyway does not reach the fault.
            (_, Some(response)) if rejected => Ok(response),
            (Effect::Normal, Some(response)) => Ok(response),
            (Effect::Respond { response, .. }, _) => Ok(fault_response::build(response)),
            (Effect::Disconnect { how, .. }, _) => Err(*how),
            // Neither comes here: the first has a usual response, and the second is not read.
            (Effect::Normal | Effect::ResetBeforeReading, _) => Err(Disconnect::Reset),
        };
        if fault.latency().is_zero() {
            self.record_outcome(arrival, &outcome);
        }
        outcome
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

fn is_rejection(response: &Response<Payload>) -> bool {
    response.status().is_client_error() || response.status().is_server_error()
}
