//! The state shared by the server and the handle.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use super::request_log::RequestLog;
use crate::{
    error::StateError,
    fault::FaultPlan,
    world::{Seed, World},
};

/// The state shared by the server and the handle.
pub(crate) struct Shared {
    inner: Mutex<Inner>,
    connections: AtomicU64,
    open_connections: AtomicU64,
}

pub(crate) struct Inner {
    pub(crate) api_keys: Vec<String>,
    seed: World,
    pub(crate) world: World,
    /// `None` if requests are not recorded.
    pub(crate) log: Option<RequestLog>,
    pub(crate) faults: FaultPlan,
    pub(crate) unread_requests: u64,
}

impl Shared {
    pub(crate) fn new(seed: &Seed, record_requests: bool) -> Result<Arc<Self>, StateError> {
        let world = seed.to_world()?;
        let inner = Inner {
            api_keys: seed.api_keys().to_vec(),
            seed: world.clone(),
            world,
            log: record_requests.then(RequestLog::default),
            faults: FaultPlan::default(),
            unread_requests: 0,
        };
        let (connections, open_connections) = (AtomicU64::new(0), AtomicU64::new(0));
        Ok(Arc::new(Self { inner: Mutex::new(inner), connections, open_connections }))
    }

    /// Locks the state. No caller holds the lock across an `.await`.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        // After a panic elsewhere, a test can still look at the state.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a connection, which is open until the guard is dropped.
    pub(super) fn connected(&self) -> OpenConnection<'_> {
        self.connections.fetch_add(1, Ordering::Relaxed);
        self.open_connections.fetch_add(1, Ordering::Relaxed);
        OpenConnection(self)
    }

    pub(crate) fn connections(&self) -> u64 {
        self.connections.load(Ordering::Relaxed)
    }

    pub(crate) fn open_connections(&self) -> u64 {
        self.open_connections.load(Ordering::Relaxed)
    }
}

impl Inner {
    pub(crate) fn reset(&mut self) {
        self.world = self.seed.clone();
    }
}

/// Counts an open connection until it is dropped.
pub(super) struct OpenConnection<'a>(&'a Shared);

impl Drop for OpenConnection<'_> {
    fn drop(&mut self) {
        self.0.open_connections.fetch_sub(1, Ordering::Relaxed);
    }
}
