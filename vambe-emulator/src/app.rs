//! What becomes of a request, with the faults before and after its decision.

use std::{error::Error, fmt, sync::Arc};

use http::{Request, Response, request::Parts};
use hyper::body::Incoming;
use tokio::time::sleep;

use crate::{
    answer,
    body::Body,
    endpoint,
    fault::{self, Act, Fault},
    payload::Payload,
    request_log::Arrival,
    shared::{Inner, Shared},
};

/// The end of a connection without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HangUp {
    /// By a reset (RST).
    Reset,
    /// In good order (FIN).
    Close,
}

impl fmt::Display for HangUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the fault ends the connection")
    }
}

impl Error for HangUp {}

/// An answer, or the end of the connection instead.
type Outcome = Result<Response<Payload>, HangUp>;

/// Answers a request.
pub(crate) async fn handle(shared: Arc<Shared>, request: Request<Incoming>) -> Outcome {
    let (head, body) = request.into_parts();
    let (fault, arrival) = shared.lock().arrived(&head);
    if matches!(fault.act(), Act::ResetUnread) {
        sleep(fault.latency()).await;
        return Err(HangUp::Reset);
    }
    let body = Body::read(body).await;
    let outcome = shared.lock().decide(&fault, arrival, &head, body);
    if !fault.latency().is_zero() {
        sleep(fault.latency()).await;
        shared.lock().answered(arrival, &outcome);
    }
    outcome
}

impl Inner {
    /// Draws the fault of the request, in order of arrival. Only an update gets one.
    fn arrived(&mut self, head: &Parts) -> (Fault, Option<Arrival>) {
        let fault = if endpoint::is_update(head) { self.faults.next() } else { Fault::none() };
        if matches!(fault.act(), Act::ResetUnread) {
            self.unread_requests += 1;
            return (fault, None);
        }
        let arrival = self.log.as_mut().map(|log| log.arrived(head, fault.clone()));
        (fault, arrival)
    }

    /// Decides and records in one step, so that nobody sees one without the other. Only the status
    /// of an answer that comes late is recorded when it comes.
    fn decide(&mut self, fault: &Fault, arrival: Option<Arrival>, head: &Parts, body: Body) -> Outcome {
        let refused_or_applied = fault.applies_update().then(|| self.apply(head, &body));
        let applied = matches!(refused_or_applied, Some(Ok(_)));
        if let (Some(log), Some(arrival)) = (&mut self.log, arrival) {
            log.decided(arrival, body.into_bytes(), applied);
        }
        let outcome = match (refused_or_applied, fault.act()) {
            // A request that is refused anyway does not get as far as the fault.
            (Some(refused @ Err(_)), _) => Ok(answer::usual(&refused)),
            (Some(answer), Act::AsEver) => Ok(answer::usual(&answer)),
            (_, Act::Answer(content, shape)) => Ok(fault::respond(fault, content, shape)),
            (_, Act::Close) => Err(HangUp::Close),
            (_, Act::Reset | Act::ResetUnread | Act::AsEver) => Err(HangUp::Reset),
        };
        if fault.latency().is_zero() {
            self.answered(arrival, &outcome);
        }
        outcome
    }

    fn apply(&mut self, head: &Parts, body: &Body) -> answer::Answer {
        endpoint::answer(head, body, &self.api_keys, &mut self.world)
    }

    fn answered(&mut self, arrival: Option<Arrival>, outcome: &Outcome) {
        if let (Some(log), Some(arrival), Ok(response)) = (&mut self.log, arrival, outcome) {
            log.answered(arrival, response.status());
        }
    }
}
