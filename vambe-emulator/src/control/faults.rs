//! The faults: the kinds that exist, those to come, and the injection of more.

use http::Response;
use serde::{Deserialize, Serialize};

use super::response::{self, Rejection, no_content};
use crate::{
    fault::{DefaultFault, Fault, FaultError, FaultMix, FaultPlan},
    server::{ServerBody, Shared},
};

/// The faults to come, in their text forms.
#[derive(Serialize)]
pub(crate) struct Plan {
    /// The faults of the next updates, one each.
    next: Vec<String>,
    /// The faults of all others; `null` without any.
    others: Option<String>,
}

impl Plan {
    pub(crate) fn of(faults: &FaultPlan) -> Self {
        Self {
            next: faults.queue().map(ToString::to_string).collect(),
            others: faults.default_fault().map(ToString::to_string),
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
    let plan = Plan::of(&shared.lock().faults);
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
