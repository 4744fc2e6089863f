//! One call, from the first attempt to the last: time-outs, retries and limits. It does not depend on the HTTP library.

mod attempts;
mod backoff;
mod budget;
mod deadline;
mod delivery;
mod gate;
mod limit;
mod options;
mod retry;
mod run;
mod time_limits;

pub use attempts::Attempt;
pub(crate) use attempts::Attempts;
pub(crate) use backoff::{Backoff, random};
pub(crate) use budget::Budget;
pub(crate) use deadline::after;
pub use delivery::Delivery;
pub(crate) use gate::Gate;
pub(crate) use limit::{Blocked, Limit, Limits, Permit};
pub use limit::{NotGranted, RateLimit, Seen, SharedLimit, TakeSlot};
#[cfg(feature = "bulk")]
pub(crate) use limit::{Quota, Waiter, Window};
pub use options::CallOptions;
#[cfg(feature = "bulk")]
pub(crate) use retry::is_transient;
#[cfg(feature = "bulk")]
pub(crate) use run::finish;
pub(crate) use run::{AttemptFailure, CallConfig, CallFailure, Watch, run};
pub(crate) use time_limits::{Seconds, TimeLimits};
