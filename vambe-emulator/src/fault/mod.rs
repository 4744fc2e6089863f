//! Faults as tests write them: the type and its modifiers.

mod constructors;
mod effect;
mod error;
mod kind;
mod mix;
mod plan;
mod retry_after;
mod table;
mod text;

use std::{fmt, time::Duration};

pub(crate) use self::{
    effect::{CannedResponse, Disconnect, Effect, OkBody, Transfer},
    plan::{DefaultFault, FaultPlan},
};
pub use self::{error::FaultError, kind::FaultKind, mix::FaultMix, retry_after::RetryAfter};

/// A failure injected into an update request, or into all of them for a [time](Self::lasting).
///
/// The table in the [crate docs](crate#faults) lists the effect of each fault and its text form,
/// which the command line and tables of tests use. [`Emulator::inject`](crate::Emulator::inject)
/// and its siblings give a fault to a running emulator.
///
/// A fault applies the update if its name ends in `after-write` or if it responds with 2xx, because
/// in these cases the server did its job. [`after_write`](Self::after_write) and
/// [`before_write`](Self::before_write) override that for every fault that responds.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use vambe_emulator::{Fault, RetryAfter, StatusCode};
///
/// // A 503 that arrives late, although the update was applied.
/// let fault = Fault::status(StatusCode::SERVICE_UNAVAILABLE).after_write();
/// let fault = fault.after(Duration::from_secs(2));
/// assert_eq!(fault.to_string(), "latency:2s:status:503:after-write");
/// assert!(fault.applies_update());
///
/// let fault: Fault = "429:retry-after=7".parse()?;
/// assert_eq!(fault, Fault::retry_after(StatusCode::TOO_MANY_REQUESTS, RetryAfter::Seconds(7)));
/// # Ok::<(), vambe_emulator::FaultError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[must_use = "a fault does nothing until it is injected"]
pub struct Fault {
    effect: Effect,
    latency: Duration,
    /// Zero for one request.
    lasting: Duration,
}

impl Fault {
    /// Returns all kinds of faults, in the order of the table in the [crate docs](crate#faults).
    pub fn kinds() -> &'static [&'static FaultKind] {
        table::ALL
    }

    /// Delays the response, the reset or the close by this long. The last call wins.
    ///
    /// The delay runs on the emulator's own clock, so that tokio's paused clock does not shorten
    /// it. It begins after the update was applied, if the fault applies it: a client that gives up
    /// during the delay does not undo the update.
    pub fn after(self, latency: Duration) -> Self {
        Self { latency, ..self }
    }

    /// Makes an outage of the fault: it meets every update request for this long, from the first one
    /// on. The faults after it wait until then. Zero is one request, the default.
    ///
    /// [`Emulator::clear_faults`](crate::Emulator::clear_faults) ends it early.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    /// use vambe_emulator::{Fault, StatusCode};
    ///
    /// let fault = Fault::status(StatusCode::SERVICE_UNAVAILABLE).lasting(Duration::from_secs(3600));
    /// assert_eq!(fault.to_string(), "outage:1h");
    /// ```
    pub fn lasting(self, lasting: Duration) -> Self {
        Self { lasting, ..self }
    }

    /// Applies the update before the response, which makes a 5xx ambiguous.
    ///
    /// Affects only faults that respond, those with `[:WRITE]` in the table; the names of the
    /// others say whether they apply the update.
    pub fn after_write(self) -> Self {
        self.with_write(true)
    }

    /// Responds without applying the update, even with 2xx, as a proxy in front of the server might.
    ///
    /// Affects the same faults as [`after_write`](Self::after_write).
    pub fn before_write(self) -> Self {
        self.with_write(false)
    }

    /// Returns the kind of the fault.
    pub fn kind(&self) -> &'static FaultKind {
        match self.effect {
            _ if !self.lasting.is_zero() => &table::OUTAGE,
            Effect::Normal if !self.latency.is_zero() => &table::LATENCY,
            _ => self.effect.kind(),
        }
    }

    /// Returns the delay of the response, the reset or the close.
    pub fn latency(&self) -> Duration {
        self.latency
    }

    /// Returns `true` if the fault lets a valid update be applied.
    pub fn applies_update(&self) -> bool {
        self.effect.applies_update()
    }

    /// Returns `true` if the request gets its usual response without a delay.
    pub fn is_none(&self) -> bool {
        *self == Self::none()
    }

    pub(crate) fn effect(&self) -> &Effect {
        &self.effect
    }

    fn with_write(mut self, write: bool) -> Self {
        if let Effect::Respond { applied, .. } = &mut self.effect {
            *applied = write;
        }
        self
    }
}

/// Shows the text form: `Fault(status:503:after-write)`.
impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fault({self})")
    }
}
