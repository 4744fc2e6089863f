//! The state shared by the server and the handle.

#[cfg(feature = "control")]
use std::time::Instant;
use std::{
    ops::{Deref, DerefMut},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use http::{HeaderMap, request::Parts};
use tokio::sync::watch;

#[cfg(feature = "program")]
use super::observer::Observer;
#[cfg(feature = "page")]
use super::traffic::Traffic;
use super::{
    clock::Clock,
    endpoint::{API_KEY_HEADER, Endpoint},
    request_log::RequestLog,
    response::Answers,
    settings::Settings,
    side::Side,
};
#[cfg(feature = "control")]
use crate::limit::LimitView;
use crate::{
    error::StateError,
    fault::FaultPlan,
    limit::Window,
    world::{Seed, World},
};

/// The state shared by the server and the handle.
pub(crate) struct Shared {
    inner: Mutex<Inner>,
    /// Notified after each change of `inner`.
    changes: watch::Sender<()>,
    side: Option<Side>,
    routes: Vec<Endpoint>,
    connections: AtomicU64,
    open_connections: AtomicU64,
}

pub(crate) struct Inner {
    pub(crate) api_keys: Vec<String>,
    start: Start,
    pub(crate) world: World,
    pub(super) clock: Clock,
    pub(crate) log: RequestLog,
    /// `None` without a limit.
    pub(crate) window: Option<Window>,
    pub(crate) faults: FaultPlan,
    pub(crate) unread_requests: u64,
    pub(super) answers: Answers,
    #[cfg(feature = "program")]
    pub(super) observer: Option<Observer>,
    /// `None` if no page shows it.
    #[cfg(feature = "page")]
    pub(crate) traffic: Option<Traffic>,
}

/// The state that a reset restores.
struct Start {
    api_keys: Vec<String>,
    world: World,
    #[cfg(feature = "page")]
    has_placeholders: bool,
}

impl Start {
    fn new(seed: &Seed, any_contact: bool) -> Result<Self, StateError> {
        let mut world = seed.to_world()?;
        world.set_any_contact(any_contact);
        Ok(Self {
            api_keys: seed.api_keys().to_vec(),
            world,
            #[cfg(feature = "page")]
            has_placeholders: *seed == Seed::default(),
        })
    }
}

impl Shared {
    pub(crate) fn new(settings: Settings) -> Result<Arc<Self>, StateError> {
        let Settings { seed, any_contact, kept_requests, limit, answers, routes, side, .. } = settings;
        let start = Start::new(&seed, any_contact)?;
        let inner = Inner {
            api_keys: start.api_keys.clone(),
            world: start.world.clone(),
            start,
            clock: Clock::new(),
            log: RequestLog::keeping(kept_requests),
            window: limit.map(Window::new),
            faults: FaultPlan::default(),
            unread_requests: 0,
            answers,
            #[cfg(feature = "program")]
            observer: settings.observer,
            #[cfg(feature = "page")]
            traffic: side.map(|_| Traffic::new()),
        };
        let (connections, open_connections) = (AtomicU64::new(0), AtomicU64::new(0));
        let changes = watch::Sender::new(());
        Ok(Arc::new(Self { inner: Mutex::new(inner), changes, side, routes, connections, open_connections }))
    }

    /// Returns the endpoint of a request.
    pub(super) fn endpoint(&self, head: &Parts) -> Option<&Endpoint> {
        Endpoint::find(&self.routes, head)
    }

    /// Locks the state. No caller holds the lock across an `.await`.
    pub(crate) fn lock(&self) -> Locked<'_> {
        // After a panic elsewhere, a test can still look at the state.
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        Locked { inner, changes: &self.changes, changed: false }
    }

    /// Returns a receiver that is notified after each change of the state from now on.
    #[cfg(feature = "control")]
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changes.subscribe()
    }

    pub(super) fn side(&self) -> Option<Side> {
        self.side
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

/// The locked state. Mutable access counts as a change, so that no change can go without its notification.
pub(crate) struct Locked<'a> {
    inner: MutexGuard<'a, Inner>,
    changes: &'a watch::Sender<()>,
    changed: bool,
}

impl Deref for Locked<'_> {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.inner
    }
}

impl DerefMut for Locked<'_> {
    fn deref_mut(&mut self) -> &mut Inner {
        self.changed = true;
        &mut self.inner
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        if self.changed && self.changes.receiver_count() > 0 {
            // Whoever wakes up waits for the lock, which is free in a moment.
            self.changes.send_replace(());
        }
    }
}

impl Inner {
    pub(crate) fn reset(&mut self) {
        self.world = self.start.world.clone();
        self.restore_keys();
    }

    /// Removes all faults, and restores the API keys that a fault revoked.
    pub(crate) fn clear_faults(&mut self) {
        self.faults.clear();
        self.restore_keys();
    }

    fn restore_keys(&mut self) {
        self.api_keys.clone_from(&self.start.api_keys);
    }

    /// Revokes the API key of this request.
    pub(super) fn revoke_key(&mut self, headers: &HeaderMap) {
        let sent = |key: &String| headers.get_all(API_KEY_HEADER).iter().any(|value| value == key.as_str());
        self.api_keys.retain(|key| !sent(key));
    }

    /// Returns the number of API keys that a fault revoked.
    #[cfg(feature = "control")]
    pub(crate) fn revoked_keys(&self) -> usize {
        self.start.api_keys.len() - self.api_keys.len()
    }

    pub(crate) fn clear_requests(&mut self) {
        self.log.clear();
        if let Some(window) = &mut self.window {
            window.clear_counts();
        }
    }

    /// Restores the state of the seed, without requests and faults, and with all slots of the limit.
    #[cfg(feature = "control")]
    pub(crate) fn restart(&mut self) {
        self.reset();
        self.clear_requests();
        self.clear_faults();
        if let Some(window) = &mut self.window {
            window.clear();
        }
        #[cfg(feature = "page")]
        if let Some(traffic) = &mut self.traffic {
            traffic.clear();
        }
    }

    /// Replaces the seed, and starts anew with it.
    #[cfg(feature = "control")]
    pub(crate) fn replace_seed(&mut self, seed: &Seed) -> Result<(), StateError> {
        self.start = Start::new(seed, self.world.any_contact())?;
        self.restart();
        Ok(())
    }

    /// Returns the limit and its counts.
    #[cfg(feature = "control")]
    pub(crate) fn limit(&self) -> Option<LimitView> {
        self.window.as_ref().map(|window| window.view(Instant::now()))
    }

    /// Returns `true` if the seed has only the placeholders of the published page, which are no secrets.
    #[cfg(feature = "page")]
    pub(crate) fn has_placeholders(&self) -> bool {
        self.start.has_placeholders
    }
}

/// Counts an open connection until it is dropped.
pub(super) struct OpenConnection<'a>(&'a Shared);

impl Drop for OpenConnection<'_> {
    fn drop(&mut self) {
        self.0.open_connections.fetch_sub(1, Ordering::Relaxed);
    }
}
