//! Randomly drawn faults, reproducible by their seed.

use std::{fmt, iter, str::FromStr};

use fastrand::Rng;

use super::{Fault, FaultError};

/// A random mix of faults: each update request draws one.
///
/// The same seed draws the same sequence, one draw per request in order of arrival. The seed does
/// not decide which of several concurrent requests arrives first.
///
/// The text form is `FAULT=WEIGHT,FAULT=WEIGHT,...`, without the seed.
///
/// # Example
///
/// ```
/// use vambe_emulator::{Emulator, Fault, FaultMix, StatusCode};
///
/// let mix = FaultMix::seeded(42)
///     .with(Fault::reset_after_write(), 1)
///     .with(Fault::status(StatusCode::SERVICE_UNAVAILABLE), 2)
///     .with(Fault::none(), 7);
/// assert_eq!(mix.to_string(), "reset-after-write=1,status:503=2,none=7");
/// assert_eq!("reset-after-write=1,503=2,none=7".parse::<FaultMix>()?.with_seed(42), mix);
///
/// let first: Vec<Fault> = mix.draws().take(5).collect();
/// assert_eq!(first, mix.draws().take(5).collect::<Vec<_>>());
///
/// let emulator = Emulator::builder().fault_mix(mix).start()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use = "a mix does nothing until it is given to an emulator"]
pub struct FaultMix {
    seed: u64,
    faults: Vec<(Fault, u32)>,
}

impl FaultMix {
    /// Creates a mix without faults.
    pub fn seeded(seed: u64) -> Self {
        Self { seed, faults: Vec::new() }
    }

    /// Adds a fault, drawn with the probability of its weight divided by the sum of all weights.
    ///
    /// The weight of [`Fault::none`] is the share of requests that succeed. If the sum is 0, every
    /// request succeeds.
    pub fn with(mut self, fault: Fault, weight: u32) -> Self {
        self.faults.push((fault, weight));
        self
    }

    /// Replaces the seed; a mix parsed from text has the seed 0.
    pub fn with_seed(self, seed: u64) -> Self {
        Self { seed, ..self }
    }

    /// Returns the seed.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Returns an endless iterator over the drawn faults, from the first draw on.
    pub fn draws(&self) -> impl Iterator<Item = Fault> + Send + use<> {
        let faults = self.faults.clone();
        let mut rng = Rng::with_seed(self.seed);
        iter::repeat_with(move || draw(&faults, &mut rng))
    }
}

fn draw(faults: &[(Fault, u32)], rng: &mut Rng) -> Fault {
    let sum: u64 = faults.iter().map(|(_, weight)| u64::from(*weight)).sum();
    let mut left = rng.u64(0..sum.max(1));
    for (fault, weight) in faults {
        match left.checked_sub(u64::from(*weight)) {
            Some(rest) => left = rest,
            None => return fault.clone(),
        }
    }
    // No fault has a weight.
    Fault::none()
}

impl FromStr for FaultMix {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        text.split(',').try_fold(Self::default(), |mix, part| {
            let weighed = part.rsplit_once('=').and_then(|(fault, weight)| Some((fault, weight.parse().ok()?)));
            let (fault, weight) = weighed.ok_or_else(|| FaultError::Weight { part: part.to_owned() })?;
            Ok(mix.with(fault.parse()?, weight))
        })
    }
}

impl fmt::Display for FaultMix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<_> = self.faults.iter().map(|(fault, weight)| format!("{fault}={weight}")).collect();
        f.write_str(&parts.join(","))
    }
}
