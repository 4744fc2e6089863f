//! The fault of the next request.

use std::collections::VecDeque;

use super::{Fault, FaultMix};

/// The faults of requests for which none was injected.
#[derive(Clone, Debug)]
pub(crate) enum DefaultFault {
    /// Each in turn, then from the first again.
    Rotation(Vec<Fault>),
    Mix(FaultMix),
}

/// The faults to come: the queue, each for one request, then the default.
#[derive(Default)]
pub(crate) struct FaultPlan {
    queue: VecDeque<Fault>,
    default: Option<Box<dyn Iterator<Item = Fault> + Send>>,
}

impl FaultPlan {
    pub(crate) fn inject(&mut self, faults: impl IntoIterator<Item = Fault>) {
        self.queue.extend(faults);
    }

    /// Replaces the default. The queue stays, and still comes first.
    pub(crate) fn set_default(&mut self, default: DefaultFault) {
        self.default = Some(match default {
            DefaultFault::Rotation(faults) => Box::new(faults.into_iter().cycle()),
            DefaultFault::Mix(mix) => Box::new(mix.draws()),
        });
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Takes the fault of the request that has just arrived.
    pub(crate) fn next(&mut self) -> Fault {
        self.queue.pop_front().or_else(|| self.default.as_mut()?.next()).unwrap_or_else(Fault::none)
    }
}
