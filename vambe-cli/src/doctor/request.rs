//! The request that proves the API key and changes nothing.
//!
//! It has no identifier of a ticket, and the page says that the server then answers with 400 and changes nothing. A 400 alone
//! does not prove the key: a server may check the content first. So the same request is sent without a key before: if that is
//! answered with 401 or 403, the key decides, and a 400 with the key means that it was accepted.

use std::error::Error as _;

use jiff::{Timestamp, fmt::rfc2822};
use tokio::time::timeout;
use vambe_api::{
    Client, StatusCode,
    reqwest::{
        self, Url,
        header::{CONTENT_TYPE, DATE, HeaderValue},
    },
};

use super::{Finding, STEP, network::Route};
use crate::exit::Exit;

const BODY: &str = r#"{"metadata":{}}"#;

/// The largest difference of the clocks that is not reported, in seconds.
const MAX_SKEW: i64 = 60;

/// The parts of a response that are judged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    /// The time of the server, and the local time of the response.
    date: Option<Timestamp>,
    arrived: Timestamp,
}

/// The reason why there is no response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    /// The deepest cause, without the URL.
    reason: String,
}

/// Describes the request before it is sent.
pub(super) fn describe(url: &Url, has_key: bool) -> String {
    let keys = if has_key { "without and then with the API key" } else { "without an API key" };
    format!(
        "sending {keys}: POST {url} {BODY}\nthe request names no ticket, so the server has to reject it and changes nothing"
    )
}

/// Sends the request once. The body of the response is not read.
pub(super) async fn send(client: &Client, url: &Url, key: Option<&str>) -> Result<Answer, Failure> {
    let mut request =
        client.raw().transport().http().post(url.clone()).header(CONTENT_TYPE, "application/json").body(BODY);
    if let Some(key) = key {
        let invalid = |_| Failure { reason: "the API key has a character that no header can have".to_owned() };
        let mut value = HeaderValue::from_str(key).map_err(invalid)?;
        value.set_sensitive(true);
        request = request.header("x-api-key", value);
    }
    match timeout(STEP, request.send()).await {
        Ok(Ok(response)) => {
            let date = response.headers().get(DATE).and_then(|date| date.to_str().ok());
            let date = date.and_then(|date| rfc2822::DateTimeParser::new().parse_timestamp(date).ok());
            Ok(Answer { status: response.status(), date, arrived: Timestamp::now() })
        }
        Ok(Err(error)) => Err(Failure { reason: deepest(&error.without_url()) }),
        Err(_) => Err(Failure { reason: format!("no response within {} s", STEP.as_secs()) }),
    }
}

fn deepest(error: &reqwest::Error) -> String {
    let causes = std::iter::successors(error.source(), |&cause| cause.source());
    causes.last().map_or_else(|| error.to_string(), ToString::to_string)
}

/// Judges the connection by the first request.
pub(super) fn of_connection(url: &Url, route: &Route, sent: &Result<Answer, Failure>) -> Vec<Finding> {
    let is_https = url.scheme() == "https";
    let Err(Failure { reason }) = sent else {
        let text = if is_https { "the server's certificate is accepted" } else { "not used: the base URL is http" };
        return vec![if is_https { Finding::fine("TLS", text) } else { Finding::skipped("TLS", text) }];
    };
    let words = reason.to_lowercase();
    let problem = |check, text: &str, next: &str| {
        vec![Finding::problem(check, Exit::Unfinished, format!("{text}: {reason}"), next)]
    };
    if words.contains("certificate") {
        return problem(
            "TLS",
            "the server's certificate is rejected",
            "check the clock and the base URL; if a proxy or a virus scanner inspects connections, install its root certificate \
             in the system's store",
        );
    }
    if route.is_proxy && (words.contains("tunnel") || words.contains("proxy")) {
        let next = "check user name and password in the proxy's URL, and whether the proxy allows this server";
        return problem("proxy", "the proxy does not lead to the server", next);
    }
    if is_https
        && ["handshake", "tls", "alert", "corrupt message", "invalidmessage"].iter().any(|word| words.contains(word))
    {
        let next = "check the port in the base URL, and whether a firewall or a proxy intercepts TLS";
        return problem("TLS", "no encrypted connection is possible", next);
    }
    problem("server", "there is no response", "check the base URL and the network, then run the command again")
}

/// Compares the clocks.
pub(super) fn clock(answer: &Answer) -> Finding {
    let Some(date) = answer.date else { return Finding::skipped("clock", "the server does not send its time") };
    let skew = answer.arrived.as_second().saturating_sub(date.as_second());
    if skew.abs() <= MAX_SKEW {
        return Finding::fine("clock", "this host and the server agree");
    }
    let direction = if skew > 0 { "ahead of" } else { "behind" };
    Finding::warning(
        "clock",
        format!("this host is {} s {direction} the server", skew.abs()),
        "set the clock, for example with NTP: certificates, the times in journals and --rate across runs depend on it",
    )
}

/// Returns the problem of a response that is not about the key or the content of the request.
pub(super) fn server(status: StatusCode) -> Option<Finding> {
    let (exit, reason, next) = match status.as_u16() {
        400 | 401 | 403 | 422 => return None,
        404 | 405 | 410 => (Exit::Unusable, "the server does not know this address", "check the path in the base URL"),
        407 => (Exit::Unfinished, "the proxy asks for a password", "put user name and password into the proxy's URL"),
        408 | 500.. => {
            (Exit::Unfinished, "the server, or a proxy before it, is in trouble", "run the command again later")
        }
        429 => (Exit::Unfinished, "the rate limit is reached", "run the command again later, and import with --rate"),
        300..=399 => (Exit::Unusable, "the server refers to another address", "set the base URL to that address"),
        _ => (Exit::Unusable, "this is not the answer of the API", "check the base URL"),
    };
    Some(Finding::problem("server", exit, format!("{reason}: {status}"), next))
}

/// Judges the key by the statuses without and with it. `source` says where the key is.
pub(super) fn api_key(without: StatusCode, with: Result<StatusCode, Failure>, source: &str) -> Finding {
    let with = match with {
        Ok(with) => with,
        Err(Failure { reason }) => {
            let next = "run the command again";
            return Finding::problem("server", Exit::Unfinished, format!("there is no response: {reason}"), next);
        }
    };
    if let Some(problem) = server(with) {
        return problem;
    }
    let key_decides = matches!(without.as_u16(), 401 | 403);
    match with.as_u16() {
        401 | 403 => {
            let firewall = if with.as_u16() == 403 { "; a firewall may answer like this, too" } else { "" };
            let next = format!("check the key in {source} and its permissions{firewall}");
            Finding::problem("API key", Exit::KeyRefused, format!("the server rejects it: {with}"), next)
        }
        _ if key_decides => {
            let text = format!("accepted: {without} without it, {with} for the content of the request with it");
            Finding::fine("API key", text)
        }
        _ => Finding::warning(
            "API key",
            format!("not proven: the server rejects the content ({with}) before it checks the key"),
            "try one row: `vambe ticket metadata import FILE --limit-rows 1`",
        ),
    }
}
