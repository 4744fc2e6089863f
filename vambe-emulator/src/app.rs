//! The axum application and the state that it shares with the handle.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::{
    Router,
    extract::{Request, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};

use crate::{
    answer::Answer,
    body::Body,
    endpoint,
    error::StateError,
    request_log::{Arrival, RequestLog},
    seed::Seed,
    world::World,
};

/// What the server and the handle both work on.
pub(crate) struct Shared(Mutex<Inner>);

pub(crate) struct Inner {
    api_keys: Vec<String>,
    seed: World,
    pub(crate) world: World,
    /// `None` if requests are not recorded.
    pub(crate) log: Option<RequestLog>,
}

impl Shared {
    pub(crate) fn new(seed: &Seed, record_requests: bool) -> Result<Arc<Self>, StateError> {
        let world = seed.to_world()?;
        let inner = Inner {
            api_keys: seed.api_keys().to_vec(),
            seed: world.clone(),
            world,
            log: record_requests.then(RequestLog::default),
        };
        Ok(Arc::new(Self(Mutex::new(inner))))
    }

    /// Never held across an `.await`: a decision takes no longer than its own computation.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        // A panic elsewhere must not take the tests down that look at the state afterwards.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    pub(crate) fn reset(&mut self) {
        self.world = self.seed.clone();
    }

    fn arrived(&mut self, head: &Parts) -> Option<Arrival> {
        self.log.as_mut().map(|log| log.arrived(head))
    }

    /// Decides and records in one step, so that nobody sees one without the other.
    fn answer(&mut self, arrival: Option<Arrival>, head: &Parts, body: Body) -> Answer {
        let answer = endpoint::answer(head, &body, &self.api_keys, &mut self.world);
        if let (Some(log), Some(arrival)) = (&mut self.log, arrival) {
            let status = answer.as_ref().map_or_else(|refusal| refusal.status(), |_| StatusCode::OK);
            log.answered(arrival, body.into_bytes(), status);
        }
        answer
    }
}

/// The application.
///
/// One handler takes every request, also those of unknown routes: each of them is recorded, and
/// `endpoint` answers all of them.
pub(crate) fn app(shared: Arc<Shared>) -> Router {
    Router::new().fallback(handle).with_state(shared)
}

async fn handle(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let arrival = shared.lock().arrived(&head);
    let body = Body::read(body).await;
    let answer = shared.lock().answer(arrival, &head, body);
    answer.into_response()
}
