//! One call, from the first attempt to the last: time, retries and limits. It knows nothing of HTTP libraries.

mod attempts;
mod backoff;
mod budget;
mod deadline;
mod delivery;
mod limits;
mod options;
mod retry;
mod run;

pub use attempts::Attempt;
pub(crate) use attempts::Attempts;
pub(crate) use backoff::Backoff;
pub(crate) use budget::Budget;
pub(crate) use deadline::after;
pub use delivery::Delivery;
pub(crate) use limits::Limits;
pub use limits::RateLimit;
pub use options::CallOptions;
pub(crate) use run::{Failure, GiveUp, Rules, run};
