//! One attempt: a request out, an answer in, before a deadline.

use std::{mem, time::SystemTime};

use reqwest::{Response, StatusCode, header::HeaderMap};
use tokio::time::{Instant, timeout_at};

use super::handover::Handover;
use crate::{
    Delivery, TransportError,
    body::Body,
    call::{Attempt, AttemptFailure},
    retry_after::retry_after,
    trace,
};

/// Whatever the server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
}

/// How an attempt failed.
#[derive(Debug)]
pub(crate) enum AttemptError {
    /// No connection came to be.
    Connect(TransportError),
    /// No status came in time.
    Timeout,
    /// The exchange broke off before there was a status.
    Interrupted(TransportError),
    /// There is an answer, and it is not a success.
    Answer(Answer),
}

impl trace::TracedError for AttemptError {
    fn kind(&self) -> &'static str {
        match self {
            Self::Connect(_) => "connect",
            Self::Timeout => "timeout",
            Self::Interrupted(_) => "interrupted",
            Self::Answer(answer) if answer.status.is_redirection() => "redirect",
            Self::Answer(_) => "status",
        }
    }

    fn cause(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Connect(cause) | Self::Interrupted(cause) => Some(cause),
            Self::Timeout | Self::Answer(_) => None,
        }
    }
}

/// Waits for the answer to a request; gives any success, and any other answer as a failure.
///
/// With a `handover`, which the request's body reports to, a time-out while connecting is known as one.
pub(super) async fn exchange(
    response: impl Future<Output = reqwest::Result<Response>>,
    max_body_bytes: usize,
    deadline: Instant,
    handover: Option<Handover>,
) -> Result<Answer, AttemptFailure<AttemptError>> {
    // What is read until the time is over; one timer for all of it.
    let mut read = None;
    let exchanged = timeout_at(deadline, async {
        let mut response = response.await?;
        let (status, headers) = (response.status(), mem::take(response.headers_mut()));
        let Answer { body, .. } = read.insert(Answer { status, headers, body: Body::default() });
        body.read(&mut response, max_body_bytes).await;
        Ok(())
    })
    .await;
    let answer = match (read, exchanged) {
        // The status has come already, and tells more than what happened to the body.
        (Some(answer), _) => answer,
        (None, Ok(Err(error))) => return Err(broken(error)),
        (None, _) if handover.is_some_and(|handover| handover.give_up()) => {
            return Err(unanswered(AttemptError::Connect(TransportError::no_time_to_connect()), Delivery::NotSent));
        }
        (None, _) => return Err(unanswered(AttemptError::Timeout, Delivery::Unknown)),
    };
    let status = answer.status;
    if status.is_success() {
        return Ok(answer);
    }
    Err(AttemptFailure {
        attempt: Attempt { status: Some(status), delivery: Delivery::from_status(status) },
        retry_after: retry_after(&answer.headers, SystemTime::now()),
        error: AttemptError::Answer(answer),
    })
}

fn broken(error: reqwest::Error) -> AttemptFailure<AttemptError> {
    // A time-out while connecting is both; that nothing was sent is what matters more.
    if error.is_connect() {
        unanswered(AttemptError::Connect(TransportError::new(error)), Delivery::NotSent)
    } else if error.is_timeout() {
        unanswered(AttemptError::Timeout, Delivery::Unknown)
    } else {
        unanswered(AttemptError::Interrupted(TransportError::new(error)), Delivery::Unknown)
    }
}

fn unanswered(error: AttemptError, delivery: Delivery) -> AttemptFailure<AttemptError> {
    AttemptFailure { attempt: Attempt { status: None, delivery }, retry_after: None, error }
}
