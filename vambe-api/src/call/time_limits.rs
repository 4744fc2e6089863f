//! The time-outs of a call, as its error shows them.

use std::{fmt, time::Duration};

use super::CallOptions;

/// The time-outs of a call, for its error.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TimeLimits {
    pub(crate) attempt: Duration,
    /// `None` for an attempt of a run, which has no call time-out.
    pub(crate) call: Option<Duration>,
}

impl TimeLimits {
    pub(crate) fn for_call(options: CallOptions) -> Self {
        Self { attempt: options.attempt_timeout, call: Some(options.timeout) }
    }

    #[cfg(feature = "bulk")]
    pub(crate) fn for_attempt(options: CallOptions) -> Self {
        Self { attempt: options.attempt_timeout, call: None }
    }
}

impl fmt::Display for TimeLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} per attempt", Seconds(self.attempt))?;
        self.call.map_or(Ok(()), |call| write!(f, ", {} total", Seconds(call)))
    }
}

/// Formats a duration as `60 s`, `1.5 s` or `250 ms`.
pub(crate) struct Seconds(pub(crate) Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.0.as_millis();
        match (millis / 1_000, millis % 1_000) {
            (0, millis) => write!(f, "{millis} ms"),
            (seconds, 0) => write!(f, "{seconds} s"),
            (seconds, millis) => write!(f, "{seconds}.{} s", millis.div_ceil(100).min(9)),
        }
    }
}
