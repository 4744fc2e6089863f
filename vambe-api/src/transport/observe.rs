//! Reports the attempts of a call, and the call, to the client's observer.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use tokio::time::Instant;

use super::{Answer, AttemptError};
use crate::{
    Error, Observation, Observer, Operation, Response,
    call::{AttemptFailure, Watch},
    config::BaseUrl,
    response::request_id,
    trace::TracedError as _,
};

/// The observation of a call in progress.
pub(super) struct CallWatch<'a> {
    observer: &'a dyn Observer,
    operation: &'a Operation,
    base_url: &'a BaseUrl,
    account: Option<&'a str>,
    started: Instant,
    /// The sum of the durations of the attempts so far.
    attempting: Duration,
}

impl<'a> CallWatch<'a> {
    pub(super) fn start(
        observer: &'a dyn Observer,
        operation: &'a Operation,
        base_url: &'a BaseUrl,
        account: Option<&'a str>,
    ) -> Self {
        Self { observer, operation, base_url, account, started: Instant::now(), attempting: Duration::ZERO }
    }

    /// Reports the end of the call.
    pub(super) fn end<T>(self, result: &Result<Response<T>, Error>) {
        let duration = self.started.elapsed();
        let observation = Observation { duration, wait: duration.saturating_sub(self.attempting), ..self.begun() };
        let observation = match result {
            Ok(response) => Observation {
                attempts: response.attempts(),
                status: Some(response.status()),
                request_id: response.request_id(),
                ..observation
            },
            Err(error) => Observation {
                attempts: error.attempts(),
                kind: Some(error.kind()),
                status: error.status(),
                delivery: Some(error.delivery()),
                request_id: error.request_id(),
                ..observation
            },
        };
        report(|| self.observer.on_call(&observation));
    }

    /// Returns an observation without a result.
    fn begun(&self) -> Observation<'a> {
        Observation {
            operation: self.operation,
            server_address: &self.base_url.host,
            server_port: self.base_url.port,
            account: self.account,
            attempts: 0,
            kind: None,
            status: None,
            delivery: None,
            duration: Duration::ZERO,
            wait: Duration::ZERO,
            request_id: None,
        }
    }
}

impl Watch<Answer, AttemptError> for CallWatch<'_> {
    fn attempt_ended(
        &mut self,
        attempts: u32,
        wait: Duration,
        duration: Duration,
        result: &Result<Answer, AttemptFailure<AttemptError>>,
    ) {
        self.attempting += duration;
        let observation = Observation { attempts, wait, duration, ..self.begun() };
        let observation = match result {
            Ok(Answer { status, headers, .. }) => {
                Observation { status: Some(*status), request_id: request_id(headers), ..observation }
            }
            Err(AttemptFailure { attempt, error, .. }) => Observation {
                kind: Some(error.kind()),
                status: attempt.status,
                delivery: Some(attempt.delivery),
                request_id: error.headers().and_then(request_id),
                ..observation
            },
        };
        report(|| self.observer.on_attempt(&observation));
    }
}

/// Runs a hook of the caller, whose panic must not end the call.
fn report(hook: impl FnOnce()) {
    if catch_unwind(AssertUnwindSafe(hook)).is_err() {
        tracing::error!(target: "vambe_api", "the observer of the client panicked");
    }
}
