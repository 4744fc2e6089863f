//! The context of a call that ended without a response, and the texts made from it.

use std::{fmt, time::Duration};

use crate::{
    TransportError,
    call::{Attempts, Limit, Seconds, TimeLimits},
};

/// The context of a call that ended without a response; the methods of [`Error`](crate::Error) read it.
#[derive(Debug)]
pub struct CallContext {
    pub(super) cause: Option<TransportError>,
    pub(super) attempts: Attempts,
    pub(super) limits: TimeLimits,
    /// The limit that had no free slot.
    pub(super) blocked: Option<Limit>,
    pub(super) retry_after: Option<Duration>,
}

impl CallContext {
    /// Creates the context of a call with default options that got no slot.
    #[cfg(feature = "testing")]
    pub(crate) fn no_slot(retry_after: Option<Duration>) -> Self {
        let (attempts, limits) = (Attempts::new(true), TimeLimits::for_call(crate::CallOptions::default()));
        Self { cause: None, attempts, limits, blocked: Some(Limit::Rate), retry_after }
    }

    pub(super) fn fmt_no_slot(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let within = self.limits.call.map(|limit| format!(" within {}", Seconds(limit))).unwrap_or_default();
        match (self.blocked, self.retry_after) {
            (Some(Limit::Pause), Some(wait)) => write!(
                f,
                "requests are paused for another {} after a 429, longer than the time-out of the call: nothing was sent; try \
                 again then",
                Seconds(wait)
            ),
            (Some(Limit::Pause), None) => {
                write!(
                    f,
                    "the server answered 429 and accepted no request{within}: nothing was sent; send fewer requests"
                )
            }
            (Some(Limit::Shared), wait) => {
                let again = wait.map(|wait| format!(" in {}", Seconds(wait))).unwrap_or_default();
                write!(f, "no slot of the shared limit becomes free{within}: nothing was sent; try again{again}")
            }
            (Some(Limit::KeyRefused), _) => f.write_str(
                "the shared limit is closed because the server rejected the API key: nothing was sent; replace the key on all \
                 hosts, then resume the limit",
            ),
            (Some(Limit::Unavailable), _) => f.write_str(
                "the shared limit could not be asked for a slot: nothing was sent; check the database that keeps it, then try \
                 again",
            ),
            _ => write!(
                f,
                "no rate-limit or concurrency slot became free{within}: nothing was sent; raise the time-out or send fewer \
                 requests"
            ),
        }
    }

    pub(super) fn fmt_connect(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let advice = match &self.cause {
            Some(cause) if cause.is_rejected_certificate() => {
                "the server's certificate was rejected, so check the base URL and the clock, or trust its issuer with \
                 `ClientBuilder::add_root_certificates`"
            }
            _ => "check the base URL, the network and the proxy settings",
        };
        write!(f, "could not connect to the server{}: {}; {advice}", self.count(), self.attempts.delivery_text())
    }

    pub(super) fn fmt_timeout(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let attempts = match self.attempts.count() {
            0 | 1 => String::new(),
            count => format!("{count} attempts, "),
        };
        write!(f, "timed out ({attempts}{}): {}", self.limits, self.attempts.delivery_text())
    }

    pub(super) fn fmt_interrupted(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, delivery) = (self.count(), self.attempts.delivery_text());
        write!(f, "the connection was lost before a response arrived{count}: {delivery}")
    }

    /// Formats the number of attempts, if there were several.
    fn count(&self) -> String {
        match self.attempts.count() {
            0 | 1 => String::new(),
            count => format!(" ({count} attempts)"),
        }
    }
}
