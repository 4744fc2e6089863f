//! The errors of the HTTP library, without the URL.

use std::{error::Error, fmt};

/// The cause of a failure below HTTP, as the HTTP library describes it, without the URL.
///
/// It wraps the library's error so that the library is not part of this crate's API.
#[derive(Debug)]
pub struct TransportError(Cause);

#[derive(Debug)]
enum Cause {
    Http(reqwest::Error),
    /// The time-out of the attempt or the call ended before a connection was established.
    NoTimeToConnect,
    /// The failure of a script, as [`testing`](crate::testing) has it.
    #[cfg(feature = "testing")]
    Scripted(Box<Scripted>),
}

/// Boxed, so that errors are no larger with the feature than without it.
#[cfg(feature = "testing")]
#[derive(Debug)]
struct Scripted {
    text: String,
    is_connect: bool,
    is_timeout: bool,
}

impl TransportError {
    pub(crate) fn new(error: reqwest::Error) -> Self {
        Self(Cause::Http(error.without_url()))
    }

    pub(crate) fn no_time_to_connect() -> Self {
        Self(Cause::NoTimeToConnect)
    }

    /// Creates the failure of a script after a connection was established.
    #[cfg(feature = "testing")]
    pub(crate) fn scripted(text: impl Into<String>) -> Self {
        Self(Cause::Scripted(Box::new(Scripted { text: text.into(), is_connect: false, is_timeout: false })))
    }

    /// Creates the failure of a script to let a connection be established.
    #[cfg(feature = "testing")]
    pub(crate) fn scripted_refusal(is_timeout: bool) -> Self {
        let text = if is_timeout { "connecting timed out by the script" } else { "connection refused by the script" };
        Self(Cause::Scripted(Box::new(Scripted { text: text.to_owned(), is_connect: true, is_timeout })))
    }

    pub(crate) fn is_connect(&self) -> bool {
        match &self.0 {
            Cause::Http(error) => error.is_connect(),
            Cause::NoTimeToConnect => true,
            #[cfg(feature = "testing")]
            Cause::Scripted(scripted) => scripted.is_connect,
        }
    }

    pub(crate) fn is_timeout(&self) -> bool {
        match &self.0 {
            Cause::Http(error) => error.is_timeout(),
            Cause::NoTimeToConnect => true,
            #[cfg(feature = "testing")]
            Cause::Scripted(scripted) => scripted.is_timeout,
        }
    }

    /// Returns `true` if the server's certificate was rejected.
    ///
    /// It looks for words that rustls, OpenSSL, Secure Transport and SChannel all use, since their types are not dependencies. An
    /// alert comes from a server that rejects the client's certificate.
    pub(crate) fn is_rejected_certificate(&self) -> bool {
        let words = Chain(self).to_string().to_lowercase();
        words.contains("certificate") && !words.contains("alert")
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Cause::Http(error) => error.fmt(f),
            Cause::NoTimeToConnect => f.write_str("the time-out ended before a connection was established"),
            #[cfg(feature = "testing")]
            Cause::Scripted(scripted) => f.write_str(&scripted.text),
        }
    }
}

impl Error for TransportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0 {
            Cause::Http(error) => error.source(),
            Cause::NoTimeToConnect => None,
            #[cfg(feature = "testing")]
            Cause::Scripted(_) => None,
        }
    }
}

/// Formats an error and its causes on one line: `a: b: c`.
pub(crate) struct Chain<'a>(pub(crate) &'a (dyn Error + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut next = self.0.source();
        while let Some(cause) = next {
            write!(f, ": {cause}")?;
            next = cause.source();
        }
        Ok(())
    }
}
