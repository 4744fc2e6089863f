//! The settings of the state and of the endpoints, which the builder collects.

#[cfg(feature = "program")]
use super::observer::Observer;
use super::{endpoint::Endpoint, response::Answers, side::Side};
use crate::{limit::Limit, world::Seed};

/// The default number of requests that the log keeps.
const KEPT_REQUESTS: usize = 10_000;

/// The settings of the state and of the endpoints.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) seed: Seed,
    pub(crate) any_contact: bool,
    pub(crate) kept_requests: usize,
    pub(crate) limit: Option<Limit>,
    pub(crate) answers: Answers,
    pub(crate) routes: Vec<Endpoint>,
    pub(crate) side: Option<Side>,
    #[cfg(feature = "program")]
    pub(crate) observer: Option<Observer>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            seed: Seed::default(),
            any_contact: false,
            kept_requests: KEPT_REQUESTS,
            limit: None,
            answers: Answers::default(),
            routes: Vec::new(),
            side: None,
            #[cfg(feature = "program")]
            observer: None,
        }
    }
}
