//! Values of the header `Retry-After`.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use crate::duration;

/// The value of the header `Retry-After` in a response.
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use vambe_emulator::{Fault, RetryAfter, StatusCode};
///
/// let date = RetryAfter::DateIn(Duration::from_secs(7));
/// let fault = Fault::retry_after(StatusCode::SERVICE_UNAVAILABLE, date);
/// assert_eq!(fault.to_string(), "status:503:retry-after=date+7s");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryAfter {
    /// A number of seconds. Text form: `7`.
    Seconds(u64),
    /// An HTTP date this long after the response, in whole seconds. Text form: `date+7s`.
    DateIn(Duration),
    /// An HTTP date this long before the response, in whole seconds. Text form: `date-7s`.
    DateAgo(Duration),
    /// 86,400,000 seconds, which is a thousand days. Text form: `absurd`.
    Absurd,
    /// `soon`, which the header does not allow. Text form: `malformed`.
    Malformed,
}

impl RetryAfter {
    pub(super) fn parse(text: &str) -> Option<Self> {
        match text {
            "absurd" => Some(Self::Absurd),
            "malformed" => Some(Self::Malformed),
            _ => match (text.strip_prefix("date+"), text.strip_prefix("date-")) {
                (Some(wait), _) => duration::parse(wait).map(Self::DateIn),
                (_, Some(ago)) => duration::parse(ago).map(Self::DateAgo),
                _ => text.parse().ok().map(Self::Seconds),
            },
        }
    }

    /// Returns the value of the header in a response that is sent now.
    pub(crate) fn value(self, now: SystemTime) -> String {
        match self {
            Self::Seconds(seconds) => seconds.to_string(),
            Self::DateIn(wait) => date(now.checked_add(wait)),
            Self::DateAgo(ago) => date(now.checked_sub(ago)),
            Self::Absurd => "86400000".to_owned(),
            Self::Malformed => "soon".to_owned(),
        }
    }
}

/// Formats the date; a date beyond the range of the format becomes its last second.
fn date(time: Option<SystemTime>) -> String {
    let end = Duration::from_secs(253_402_300_799);
    let since_epoch = time.and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok()).unwrap_or(end);
    httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + since_epoch.min(end))
}

impl fmt::Display for RetryAfter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seconds(seconds) => write!(f, "{seconds}"),
            Self::DateIn(wait) => write!(f, "date+{}", duration::format(*wait)),
            Self::DateAgo(ago) => write!(f, "date-{}", duration::format(*ago)),
            Self::Absurd => f.write_str("absurd"),
            Self::Malformed => f.write_str("malformed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_stays_in_the_range_of_the_format() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let last = "Fri, 31 Dec 9999 23:59:59 GMT";
        for (retry_after, expected) in [
            (RetryAfter::DateIn(Duration::ZERO), "Sun, 06 Nov 1994 08:49:37 GMT"),
            (RetryAfter::DateIn(Duration::from_secs(7)), "Sun, 06 Nov 1994 08:49:44 GMT"),
            (RetryAfter::DateAgo(Duration::from_secs(7)), "Sun, 06 Nov 1994 08:49:30 GMT"),
            (RetryAfter::DateIn(Duration::from_secs(1 << 40)), last),
            (RetryAfter::DateIn(Duration::MAX), last),
            (RetryAfter::DateAgo(Duration::MAX), last),
        ] {
            assert_eq!(retry_after.value(now), expected, "{retry_after:?}");
        }
    }
}
