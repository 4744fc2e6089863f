//! The rate limit as tests write it, and its state for the control API and the page.

mod window;

use std::{fmt, num::NonZeroU32, str::FromStr, time::Duration};

#[cfg(feature = "control")]
use serde::Serialize;
use thiserror::Error;

pub(crate) use self::window::Window;
use crate::duration;

/// A rate limit: the maximum number of update requests in any window of a period.
///
/// The text form is `REQUESTS/PERIOD`: `1000/h`, `600/min`, `10/s` or `100/30s`.
/// [`Builder::limit`](crate::Builder::limit) turns it on.
///
/// # Example
///
/// ```
/// use std::{num::NonZeroU32, time::Duration};
/// use vambe_emulator::Limit;
///
/// let limit: Limit = "1000/h".parse()?;
/// let updates = NonZeroU32::new(1000).ok_or("zero")?;
/// assert_eq!(limit, Limit::new(updates, Duration::from_secs(3600)));
/// assert_eq!(limit.to_string(), "1000/h");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    requests: NonZeroU32,
    period: Duration,
}

impl Limit {
    /// Creates a limit of `requests` in any window of `period`.
    pub fn new(requests: NonZeroU32, period: Duration) -> Self {
        Self { requests, period }
    }

    /// Returns the maximum number of requests in a period.
    pub fn requests(self) -> NonZeroU32 {
        self.requests
    }

    /// Returns the length of a period.
    pub fn period(self) -> Duration {
        self.period
    }
}

/// A text that is not a [`Limit`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "`{text}` is not a limit; write the number of requests, a slash and the period, such as 1000/h, 600/min or 100/30s"
)]
pub struct LimitError {
    text: String,
}

impl FromStr for Limit {
    type Err = LimitError;

    fn from_str(text: &str) -> Result<Self, LimitError> {
        parse(text).ok_or_else(|| LimitError { text: text.to_owned() })
    }
}

fn parse(text: &str) -> Option<Limit> {
    let (requests, period) = text.split_once('/')?;
    // `h` is short for `1h`.
    let one = if period.starts_with(|letter: char| letter.is_ascii_digit()) { "" } else { "1" };
    let period = duration::parse(&format!("{one}{period}")).filter(|period| !period.is_zero())?;
    Some(Limit::new(requests.parse().ok()?, period))
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let period = duration::format(self.period);
        let unit = period.strip_prefix('1').filter(|unit| unit.starts_with(|letter: char| !letter.is_ascii_digit()));
        write!(f, "{}/{}", self.requests, unit.unwrap_or(&period))
    }
}

/// The limit and its counts, in JSON.
#[cfg(feature = "control")]
#[derive(Serialize)]
pub(crate) struct LimitView {
    limit: String,
    /// The average number of requests per second that the limit allows.
    per_second: f64,
    /// The number of slots taken in the period that ends now.
    used: usize,
    peak: u64,
    refused: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_round_trips() {
        for (text, requests, seconds) in
            [("1000/h", 1000, 3600), ("600/min", 600, 60), ("10/s", 10, 1), ("100/30s", 100, 30), ("5/12h", 5, 43_200)]
        {
            let limit = Limit::new(NonZeroU32::new(requests).unwrap(), Duration::from_secs(seconds));
            assert_eq!(text.parse(), Ok(limit));
            assert_eq!(limit.to_string(), text);
        }
        assert_eq!("7/60s".parse::<Limit>().unwrap().to_string(), "7/min");
    }

    #[test]
    fn rejects_anything_else_with_an_example() {
        for text in
            ["", "1000", "/h", "0/h", "-1/h", "1.5/h", "4294967296/h", "10/", "10/0s", "10/fortnight", "10/s/s", "1 /h"]
        {
            let error = text.parse::<Limit>().unwrap_err();
            assert!(error.to_string().starts_with(&format!("`{text}` is not a limit; write the number")), "{error}");
        }
    }
}
