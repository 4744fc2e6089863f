//! The recorded requests, now or once there are enough of them.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use http::{HeaderMap, HeaderValue, Response};
use serde::Serialize;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use super::response::{self, Rejection};
use crate::server::{ReceivedRequest, ServerBody, Shared};

/// The default and the maximum of `timeout`, in seconds.
const DEFAULT_TIMEOUT: u64 = 10;
const MAX_TIMEOUT: u64 = 600;

#[derive(Serialize)]
struct Requests {
    /// Includes requests that are no longer kept.
    total: u64,
    requests: Vec<RequestView>,
}

#[derive(Serialize)]
struct RequestView {
    method: String,
    path: String,
    headers: BTreeMap<String, String>,
    body: String,
    json: Option<Value>,
    status: Option<u16>,
    finished: bool,
    fault: Option<String>,
    arrived_at: f64,
    applied_at: Option<f64>,
}

impl RequestView {
    fn of(request: &ReceivedRequest) -> Self {
        Self {
            method: request.method().to_string(),
            path: request.path().to_owned(),
            headers: headers(request.headers()),
            body: String::from_utf8_lossy(request.body()).into_owned(),
            json: request.json().ok(),
            status: request.status().map(|status| status.as_u16()),
            finished: request.is_finished(),
            fault: request.fault().map(ToString::to_string),
            arrived_at: milliseconds(request.arrived()),
            applied_at: request.applied().map(milliseconds),
        }
    }
}

/// Returns the milliseconds since 1970, with a fraction: as JavaScript counts time.
fn milliseconds(time: SystemTime) -> f64 {
    time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs_f64() * 1000.0
}

/// Joins the values of a repeated header by commas, as HTTP does.
fn headers(headers: &HeaderMap) -> BTreeMap<String, String> {
    let shown = |value: &HeaderValue| match value.is_sensitive() {
        true => "<hidden>".to_owned(),
        false => String::from_utf8_lossy(value.as_bytes()).into_owned(),
    };
    let values = |name| headers.get_all(name).iter().map(shown).collect::<Vec<_>>().join(", ");
    headers.keys().map(|name| (name.to_string(), values(name))).collect()
}

/// The query `at_least=N&timeout=SECONDS`.
#[derive(Debug, PartialEq, Eq)]
struct Wait {
    at_least: u64,
    timeout: Duration,
}

impl Wait {
    fn parse(query: &str) -> Result<Self, String> {
        let mut wait = Self { at_least: 0, timeout: Duration::from_secs(DEFAULT_TIMEOUT) };
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let number = || format!("{name} has to be a whole number");
            match name {
                "at_least" => wait.at_least = value.parse().map_err(|_| number())?,
                "timeout" => {
                    let seconds = value.parse().map_err(|_| number())?;
                    if seconds > MAX_TIMEOUT {
                        return Err(format!("timeout has to be at most {MAX_TIMEOUT} seconds"));
                    }
                    wait.timeout = Duration::from_secs(seconds);
                }
                _ => return Err(format!("unknown parameter `{name}`; use at_least and timeout")),
            }
        }
        Ok(wait)
    }
}

pub(super) async fn get(shared: &Shared, query: &str) -> Result<Response<ServerBody>, Rejection> {
    let wait = Wait::parse(query).map_err(Rejection::invalid)?;
    let deadline = Instant::now() + wait.timeout;
    // Before the first look, so that no change goes unnoticed.
    let mut changes = shared.changes();
    while finished(shared) < wait.at_least {
        // On a time-out, the response shows what has arrived. The sender lives in `shared`.
        if !matches!(timeout_at(deadline, changes.changed()).await, Ok(Ok(()))) {
            break;
        }
    }
    let (total, requests) = {
        let state = shared.lock();
        (state.log.total(), state.log.requests())
    };
    Ok(response::ok(&Requests { total, requests: requests.iter().map(RequestView::of).collect() }))
}

fn finished(shared: &Shared) -> u64 {
    shared.lock().log.finished()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_optional_and_has_no_other_parameters() {
        let wait = |at_least, seconds| Ok(Wait { at_least, timeout: Duration::from_secs(seconds) });
        for (query, parsed) in [
            ("", wait(0, 10)),
            ("at_least=3", wait(3, 10)),
            ("timeout=600&at_least=1", wait(1, 600)),
            ("at_least=", Err("at_least has to be a whole number".to_owned())),
            ("at_least=-1", Err("at_least has to be a whole number".to_owned())),
            ("timeout=1.5", Err("timeout has to be a whole number".to_owned())),
            ("timeout=601", Err("timeout has to be at most 600 seconds".to_owned())),
            ("atleast=1", Err("unknown parameter `atleast`; use at_least and timeout".to_owned())),
        ] {
            assert_eq!(Wait::parse(query), parsed, "{query}");
        }
    }
}
