//! The settings of the state and of the endpoints, which the builder collects.

use super::{endpoint::Endpoint, side::Side};
use crate::world::Seed;

/// The settings of the state and of the endpoints.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) seed: Seed,
    pub(crate) any_contact: bool,
    pub(crate) record_requests: bool,
    pub(crate) routes: Vec<Endpoint>,
    pub(crate) side: Option<Side>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { seed: Seed::default(), any_contact: false, record_requests: true, routes: Vec::new(), side: None }
    }
}
