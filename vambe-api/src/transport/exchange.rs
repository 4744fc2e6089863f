//! One attempt: sends a request and reads the response before a deadline.

use std::{mem, pin::pin, time::SystemTime};

use reqwest::{Response, StatusCode, header::HeaderMap};
use tokio::time::{Instant, timeout_at};

use super::handover::Handover;
use crate::{
    Delivery, ErrorKind, TransportError,
    body::Body,
    call::{Attempt, AttemptFailure},
    retry_after::retry_after,
    trace,
};

/// A response of the server, with any status.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
}

/// The error of a failed attempt.
#[derive(Debug)]
pub(crate) enum AttemptError {
    /// The connection could not be established.
    Connect(TransportError),
    /// No status arrived before the deadline.
    Timeout,
    /// The connection was lost before a status arrived.
    Interrupted(TransportError),
    /// The server answered with a status other than 2xx.
    Answer(Answer),
}

impl AttemptError {
    /// Returns the headers of the response, if there is one.
    pub(super) fn headers(&self) -> Option<&HeaderMap> {
        match self {
            Self::Answer(answer) => Some(&answer.headers),
            Self::Connect(_) | Self::Timeout | Self::Interrupted(_) => None,
        }
    }
}

impl trace::TracedError for AttemptError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Connect(_) => ErrorKind::Connect,
            Self::Timeout => ErrorKind::Timeout,
            Self::Interrupted(_) => ErrorKind::Interrupted,
            Self::Answer(answer) if answer.status.is_redirection() => ErrorKind::Redirect,
            Self::Answer(_) => ErrorKind::Status,
        }
    }

    fn cause(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Connect(cause) | Self::Interrupted(cause) => Some(cause),
            Self::Timeout | Self::Answer(_) => None,
        }
    }
}

/// Waits for the response to a request. Fails unless the status is 2xx.
///
/// The `handover`, to which the body of the request reports, distinguishes a time-out while connecting from a later one.
pub(super) async fn exchange(
    response: impl Future<Output = Result<Response, TransportError>>,
    max_body_bytes: usize,
    deadline: Instant,
    handover: Option<Handover>,
) -> Result<Answer, AttemptFailure<AttemptError>> {
    // The part that arrives before the deadline; one timer covers all steps.
    let mut arrived = None;
    // Pinned here, so that moving a future does not copy it.
    let mut response = pin!(response);
    let reading = async {
        let (response, body) = arrived.insert((response.as_mut().await?, Body::default()));
        body.read(response, max_body_bytes).await;
        Ok(())
    };
    let exchanged = timeout_at(deadline, pin!(reading)).await;
    let (mut response, mut body) = match (arrived, exchanged) {
        // The status has arrived, and says more than the failure of the body.
        (Some(arrived), _) => arrived,
        (None, Ok(Err(error))) => return Err(send_failure(error)),
        (None, _) if handover.is_some_and(|handover| handover.give_up()) => {
            return Err(unanswered(AttemptError::Connect(TransportError::no_time_to_connect()), Delivery::NotSent));
        }
        (None, _) => return Err(unanswered(AttemptError::Timeout, Delivery::Unknown)),
    };
    let (status, headers) = (response.status(), mem::take(response.headers_mut()));
    if status.is_success() {
        return Ok(Answer { status, headers, body });
    }
    // An error may be kept for long.
    body.detach();
    Err(AttemptFailure {
        attempt: Attempt { status: Some(status), delivery: Delivery::from_status(status) },
        retry_after: retry_after(&headers, SystemTime::now()),
        error: AttemptError::Answer(Answer { status, headers, body }),
    })
}

fn send_failure(error: TransportError) -> AttemptFailure<AttemptError> {
    // A time-out while connecting is both kinds; that nothing was sent matters more.
    if error.is_connect() {
        unanswered(AttemptError::Connect(error), Delivery::NotSent)
    } else if error.is_timeout() {
        unanswered(AttemptError::Timeout, Delivery::Unknown)
    } else {
        unanswered(AttemptError::Interrupted(error), Delivery::Unknown)
    }
}

fn unanswered(error: AttemptError, delivery: Delivery) -> AttemptFailure<AttemptError> {
    AttemptFailure { attempt: Attempt { status: None, delivery }, retry_after: None, error }
}
