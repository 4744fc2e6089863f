//! A number of requests in a time: `1000/h`.

use std::{num::NonZeroU32, str::FromStr, time::Duration};

use vambe_api::RateLimit;

use super::duration;

/// At most so many requests in any period of this length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rate {
    requests: NonZeroU32,
    period: Duration,
}

impl Rate {
    /// Returns the number of requests per period.
    pub(crate) fn requests(self) -> NonZeroU32 {
        self.requests
    }

    /// Returns the length of a period.
    pub(crate) fn period(self) -> Duration {
        self.period
    }

    /// How many requests a second that is in the long run.
    pub(crate) fn per_second(self) -> f64 {
        f64::from(self.requests.get()) / self.period.as_secs_f64()
    }
}

impl From<Rate> for RateLimit {
    fn from(rate: Rate) -> Self {
        Self::new(rate.requests, rate.period)
    }
}

/// Why a text is not a rate.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RateError {
    #[error("write the number of requests, a slash and the period, as in 1000/h, 600/min or 10/s")]
    NoSlash,
    #[error("write a whole number from 1 to {} before the slash, as in 1000/h", u32::MAX)]
    Requests,
    #[error("write a unit or a length of time behind the slash, as in 1000/h, 600/min or 100/30s")]
    Period,
}

impl FromStr for Rate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (requests, period) = text.split_once('/').ok_or(RateError::NoSlash)?;
        let requests = requests.trim().parse().map_err(|_| RateError::Requests)?;
        let period = period.trim();
        // A unit alone is one of it.
        let one = if period.starts_with(|c: char| c.is_ascii_alphabetic()) { "1" } else { "" };
        let period = duration::parse(&format!("{one}{period}")).map_err(|_| RateError::Period)?;
        Ok(Self { requests, period })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_period_is_a_unit_or_a_length_of_time() {
        for (text, requests, seconds) in [
            ("1000/h", 1000, 3600),
            ("1000/hour", 1000, 3600),
            ("600/min", 600, 60),
            ("600/m", 600, 60),
            ("10/s", 10, 1),
            ("100/30s", 100, 30),
            ("5 / 1h 30min", 5, 5400),
        ] {
            let expected = Rate { requests: NonZeroU32::new(requests).unwrap(), period: Duration::from_secs(seconds) };
            assert_eq!(text.parse(), Ok(expected), "{text}");
            let limit = RateLimit::new(expected.requests, expected.period);
            assert_eq!(RateLimit::from(expected), limit, "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused_with_how_to_write_it() {
        use RateError::*;
        for (text, expected) in [
            ("", NoSlash),
            ("1000", NoSlash),
            ("1000h", NoSlash),
            ("/h", Requests),
            ("0/h", Requests),
            ("-1/h", Requests),
            ("1.5/h", Requests),
            ("4294967296/h", Requests),
            ("10/", Period),
            ("10/0s", Period),
            ("10/fortnight", Period),
            ("10/s/s", Period),
            ("10/PT1H", Period),
        ] {
            assert_eq!(text.parse::<Rate>(), Err(expected), "{text}");
        }
    }
}
