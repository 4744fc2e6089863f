//! The settings of the state and of the endpoints, which the builder collects.

use super::{endpoint::Endpoint, side::Side};
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
    pub(crate) routes: Vec<Endpoint>,
    pub(crate) side: Option<Side>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            seed: Seed::default(),
            any_contact: false,
            kept_requests: KEPT_REQUESTS,
            limit: None,
            routes: Vec::new(),
            side: None,
        }
    }
}
