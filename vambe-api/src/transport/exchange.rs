//! One attempt: a request out, an answer in, before a deadline.

use std::time::SystemTime;

use reqwest::{
    Request, StatusCode,
    header::{HeaderMap, HeaderName},
};
use tokio::time::{Instant, timeout_at};

use crate::{Delivery, TransportError, body::Body, call, call::Attempt, retry_after::retry_after};

pub(super) const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// Whatever the server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
}

/// How an attempt failed.
#[derive(Debug)]
pub(crate) enum Failed {
    /// No connection came to be.
    Connect(TransportError),
    /// No status came in time.
    Timeout,
    /// The exchange broke off before there was a status.
    Interrupted(TransportError),
    /// There is an answer, and it is not a success.
    Answer(Answer),
}

type Failure = call::Failure<Failed>;

/// Sends a request; gives any success, and any other answer as a failure.
pub(super) async fn exchange(
    http: &reqwest::Client,
    request: Request,
    max_body_bytes: usize,
    deadline: Instant,
) -> Result<Answer, Failure> {
    let response = match timeout_at(deadline, http.execute(request)).await {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => return Err(broken(error)),
        // It may have been sent, or still be connecting: from here the two look alike.
        Err(_) => return Err(unanswered(Failed::Timeout, Delivery::Unknown)),
    };
    let (status, headers) = (response.status(), response.headers().clone());
    let body = Body::read(response, max_body_bytes, deadline).await;
    let answer = Answer { status, headers, body };
    if status.is_success() {
        return Ok(answer);
    }
    Err(Failure {
        attempt: Attempt { status: Some(status), delivery: Delivery::of_status(status) },
        retry_after: retry_after(&answer.headers, SystemTime::now()),
        error: Failed::Answer(answer),
    })
}

fn broken(error: reqwest::Error) -> Failure {
    // A time-out while connecting is both; that nothing was sent is what matters more.
    if error.is_connect() {
        unanswered(Failed::Connect(TransportError::new(error)), Delivery::NotSent)
    } else if error.is_timeout() {
        unanswered(Failed::Timeout, Delivery::Unknown)
    } else {
        unanswered(Failed::Interrupted(TransportError::new(error)), Delivery::Unknown)
    }
}

fn unanswered(error: Failed, delivery: Delivery) -> Failure {
    Failure { attempt: Attempt { status: None, delivery }, retry_after: None, error }
}
