//! The faults: the kinds that exist, those to come, and the injection of more.

use std::time::{Duration, Instant};

use http::Response;
use serde::{Deserialize, Serialize};

use super::response::{self, Rejection, no_content};
use crate::{
    fault::{DefaultFault, Fault, FaultError, FaultMix},
    server::{Inner, ServerBody, Shared},
};

/// The faults to come, in their text forms.
#[derive(Serialize)]
pub(crate) struct Plan {
    /// The faults of the next updates, one each.
    next: Vec<String>,
    /// The faults of all others; `null` without any.
    others: Option<String>,
    /// The outage in progress; `null` without any.
    outage: Option<Outage>,
    /// The number of API keys that a fault revoked.
    revoked_keys: usize,
}

#[derive(Serialize)]
struct Outage {
    fault: String,
    seconds_left: f64,
}

impl Plan {
    pub(crate) fn of(state: &Inner) -> Self {
        let faults = &state.faults;
        let outage =
            |(fault, left): (&Fault, Duration)| Outage { fault: fault.to_string(), seconds_left: left.as_secs_f64() };
        Self {
            next: faults.queue().map(ToString::to_string).collect(),
            others: faults.default_fault().map(ToString::to_string),
            outage: faults.outage(Instant::now()).map(outage),
            revoked_keys: state.revoked_keys(),
        }
    }
}

#[derive(Serialize)]
struct Kind {
    form: &'static str,
    about: &'static str,
    applied: &'static str,
    examples: &'static [&'static str],
}

#[derive(Serialize)]
struct Faults {
    #[serde(flatten)]
    plan: Plan,
    kinds: Vec<Kind>,
}

/// The body of an injection; the key says which updates the faults are for.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Injection {
    Next(Vec<String>),
    Rotation(Vec<String>),
    Mix(Mix),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Mix {
    faults: String,
    #[serde(default)]
    seed: u64,
}

pub(super) fn get(shared: &Shared) -> Response<ServerBody> {
    let plan = Plan::of(&shared.lock());
    let kinds = Fault::kinds().iter().map(|kind| Kind {
        form: kind.form(),
        about: kind.about(),
        applied: kind.applied(),
        examples: kind.examples(),
    });
    response::ok(&Faults { plan, kinds: kinds.collect() })
}

pub(super) fn post(shared: &Shared, body: &[u8]) -> Result<Response<ServerBody>, Rejection> {
    match serde_json::from_slice(body).map_err(Rejection::invalid)? {
        Injection::Next(faults) => {
            let faults = parse(&faults)?;
            shared.lock().faults.inject(faults);
        }
        Injection::Rotation(faults) => {
            let faults = parse(&faults)?;
            shared.lock().faults.set_default(DefaultFault::Rotation(faults));
        }
        Injection::Mix(Mix { faults, seed }) => {
            let mix: FaultMix = faults.parse().map_err(|error: FaultError| Rejection::invalid(error))?;
            shared.lock().faults.set_default(DefaultFault::Mix(mix.with_seed(seed)));
        }
    }
    Ok(no_content())
}

fn parse(faults: &[String]) -> Result<Vec<Fault>, Rejection> {
    faults.iter().map(|fault| fault.parse().map_err(|error: FaultError| Rejection::invalid(error))).collect()
}
