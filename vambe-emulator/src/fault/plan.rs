//! Which fault the next request gets.

use std::collections::VecDeque;

use super::{Fault, FaultMix};

/// What the requests get that no single fault was injected for.
#[derive(Clone, Debug)]
pub(crate) enum Standing {
    /// One after the other, and again from the first.
    Rotation(Vec<Fault>),
    Mix(FaultMix),
}

/// The faults to come: first those of the queue, each for one request, then the standing ones.
#[derive(Default)]
pub(crate) struct FaultPlan {
    queue: VecDeque<Fault>,
    standing: Option<Box<dyn Iterator<Item = Fault> + Send>>,
}

impl FaultPlan {
    pub(crate) fn inject(&mut self, faults: impl IntoIterator<Item = Fault>) {
        self.queue.extend(faults);
    }

    /// Replaces what stood before. The queue stays, and still comes first.
    pub(crate) fn set_standing(&mut self, standing: Standing) {
        self.standing = Some(match standing {
            Standing::Rotation(faults) => Box::new(faults.into_iter().cycle()),
            Standing::Mix(mix) => Box::new(mix.draws()),
        });
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The fault of the request that has just arrived.
    pub(crate) fn next(&mut self) -> Fault {
        self.queue.pop_front().or_else(|| self.standing.as_mut()?.next()).unwrap_or_else(Fault::none)
    }
}
