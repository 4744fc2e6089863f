//! The fault of the next request.

use std::{collections::VecDeque, fmt};

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
    default: Option<(DefaultFault, Box<dyn Iterator<Item = Fault> + Send>)>,
}

impl fmt::Display for DefaultFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rotation(faults) => {
                let faults: Vec<_> = faults.iter().map(Fault::to_string).collect();
                f.write_str(&faults.join(", "))
            }
            Self::Mix(mix) => write!(f, "{mix}, drawn with seed {}", mix.seed()),
        }
    }
}

impl FaultPlan {
    pub(crate) fn inject(&mut self, faults: impl IntoIterator<Item = Fault>) {
        self.queue.extend(faults);
    }

    /// Replaces the default. The queue stays, and still comes first.
    pub(crate) fn set_default(&mut self, default: DefaultFault) {
        let draws: Box<dyn Iterator<Item = Fault> + Send> = match default.clone() {
            DefaultFault::Rotation(faults) => Box::new(faults.into_iter().cycle()),
            DefaultFault::Mix(mix) => Box::new(mix.draws()),
        };
        self.default = Some((default, draws));
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Returns the faults of the next requests, one each.
    #[cfg(feature = "control")]
    pub(crate) fn queue(&self) -> impl Iterator<Item = &Fault> {
        self.queue.iter()
    }

    /// Returns the faults of all other requests.
    #[cfg(feature = "control")]
    pub(crate) fn default_fault(&self) -> Option<&DefaultFault> {
        self.default.as_ref().map(|(default, _)| default)
    }

    /// Takes the fault of the request that has just arrived.
    pub(crate) fn next(&mut self) -> Fault {
        self.queue.pop_front().or_else(|| self.default.as_mut()?.1.next()).unwrap_or_else(Fault::none)
    }
}
