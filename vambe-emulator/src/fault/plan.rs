//! The fault of the next request.

use std::{
    collections::VecDeque,
    fmt,
    time::{Duration, Instant},
};

use super::{Fault, FaultMix};

/// The faults of requests for which none was injected.
#[derive(Clone, Debug)]
pub(crate) enum DefaultFault {
    /// Each in turn, then from the first again, without those that last.
    Rotation(Vec<Fault>),
    Mix(FaultMix),
}

/// The faults to come: the queue, each for one request, then the default.
#[derive(Default)]
pub(crate) struct FaultPlan {
    queue: VecDeque<Fault>,
    default: Option<(DefaultFault, Box<dyn Iterator<Item = Fault> + Send>)>,
    /// The latest fault that lasts, and its begin. It may be over.
    outage: Option<(Fault, Instant)>,
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
            DefaultFault::Rotation(faults) if faults.is_empty() => {
                self.default = None;
                return;
            }
            DefaultFault::Rotation(faults) => {
                let again: Vec<_> = faults.iter().filter(|fault| fault.lasting.is_zero()).cloned().collect();
                Box::new(faults.into_iter().chain(again.into_iter().cycle()))
            }
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

    /// Returns the outage in progress, and the time until its end.
    pub(crate) fn outage(&self, now: Instant) -> Option<(&Fault, Duration)> {
        let (fault, begin) = self.outage.as_ref()?;
        let left = fault.lasting.saturating_sub(now.saturating_duration_since(*begin));
        (!left.is_zero()).then_some((fault, left))
    }

    /// Takes the fault of the request that arrives now.
    pub(crate) fn next(&mut self, now: Instant) -> Fault {
        if let Some((fault, _)) = self.outage(now) {
            return fault.clone();
        }
        let next = self.queue.pop_front().or_else(|| self.default.as_mut()?.1.next()).unwrap_or_else(Fault::none);
        self.outage = (!next.lasting.is_zero()).then(|| (next.clone(), now));
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_lasts_from_its_first_request_on() {
        let mut plan = FaultPlan::default();
        let start = Instant::now();
        let next = |plan: &mut FaultPlan, ms| plan.next(start + Duration::from_millis(ms)).to_string();
        plan.inject(["outage:1s", "502"].map(|fault| fault.parse().unwrap()));
        plan.set_default(DefaultFault::Rotation(vec!["outage:1s:429".parse().unwrap(), Fault::none()]));
        // It begins when a request arrives, and the next faults wait.
        let expected = ["outage:1s", "outage:1s", "status:502", "outage:1s:status:429", "outage:1s:status:429", "none"];
        assert_eq!([5000, 5999, 6000, 6001, 7000, 7001].map(|ms| next(&mut plan, ms)), expected);
        plan.inject(["outage:1s".parse().unwrap()]);
        assert_eq!(next(&mut plan, 7002), "outage:1s");
        assert_eq!(plan.outage(start + Duration::from_millis(7502)).map(|(_, left)| left.as_millis()), Some(500));
        plan.clear();
        assert_eq!(next(&mut plan, 7003), "none");
    }

    #[test]
    fn an_outage_of_a_rotation_occurs_once() {
        for (faults, expected) in [
            (&["outage:1s"][..], ["outage:1s", "none", "none", "none"]),
            (&["502", "outage:1s", "429"], ["status:502", "outage:1s", "status:429", "status:502"]),
        ] {
            let mut plan = FaultPlan::default();
            plan.set_default(DefaultFault::Rotation(faults.iter().map(|fault| fault.parse().unwrap()).collect()));
            let start = Instant::now();
            let found = [0, 1, 2, 3].map(|seconds| plan.next(start + Duration::from_secs(seconds)).to_string());
            assert_eq!(found, expected);
        }
    }
}
