//! How an emulator is started when the defaults do not fit.

use std::net::{Ipv4Addr, SocketAddr};

use crate::{
    app::{self, Shared},
    emulator::Emulator,
    error::StartError,
    seed::Seed,
    server::Server,
};

/// The settings of an emulator that is about to start; made by
/// [`Emulator::builder`].
///
/// # Example
///
/// ```
/// use vambe_emulator::{Emulator, Seed};
///
/// let emulator = Emulator::builder().state(Seed::new("test-key")).start()?;
/// assert_eq!(emulator.api_key(), "test-key");
/// assert!(emulator.contacts().is_empty());
/// # Ok::<(), vambe_emulator::StartError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing listens before `start`"]
pub struct Builder {
    address: SocketAddr,
    seed: Seed,
    record_requests: bool,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self { address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), seed: Seed::default(), record_requests: true }
    }

    /// Where to listen; a free port of 127.0.0.1 by default. Port 0 takes any free port.
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// What to start with; [`Seed::default`] by default.
    pub fn state(mut self, seed: Seed) -> Self {
        self.seed = seed;
        self
    }

    /// Whether [`Emulator::requests`] lists the requests; `true` by default.
    ///
    /// The list grows with every request. An emulator that runs for days and whose requests nobody
    /// looks at, such as the program, turns it off.
    pub fn record_requests(mut self, record_requests: bool) -> Self {
        self.record_requests = record_requests;
        self
    }

    /// Starts the emulator. It accepts connections as soon as this returns.
    ///
    /// # Errors
    ///
    /// [`StartError::State`] if the seed breaks a rule of [`StateError`](crate::StateError),
    /// [`StartError::Bind`] if the address cannot be listened on, [`StartError::Thread`] if the
    /// system gives no thread.
    pub fn start(self) -> Result<Emulator, StartError> {
        let shared = Shared::new(&self.seed, self.record_requests).map_err(StartError::State)?;
        let server = Server::start(self.address, app::app(shared.clone()))?;
        // A seed without a key has been refused by now.
        let api_key = self.seed.api_keys().first().cloned().unwrap_or_default();
        Ok(Emulator::new(server, shared, api_key))
    }
}
