//! The settings of an emulator.

use std::net::{Ipv4Addr, SocketAddr};

#[cfg(feature = "tls")]
use crate::server::SelfSigned;
use crate::{
    emulator::Emulator,
    error::StartError,
    fault::{DefaultFault, Fault, FaultMix},
    limit::Limit,
    server::{Server, Shared, Side, Transport},
    world::Seed,
};

/// The number of requests that are listed by default.
const KEPT_REQUESTS: usize = 10_000;

/// The settings of an emulator, created by [`Emulator::builder`].
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
#[must_use = "the emulator is not running until `start`"]
pub struct Builder {
    address: SocketAddr,
    seed: Seed,
    kept_requests: usize,
    limit: Option<Limit>,
    faults: Option<DefaultFault>,
    side: Option<Side>,
    #[cfg(feature = "tls")]
    tls: bool,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            seed: Seed::default(),
            kept_requests: KEPT_REQUESTS,
            limit: None,
            faults: None,
            side: None,
            #[cfg(feature = "tls")]
            tls: false,
        }
    }

    /// Sets the address to listen on; a free port of 127.0.0.1 by default. Port 0 takes any free port.
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Sets the initial state; [`Seed::default`] by default.
    pub fn state(mut self, seed: Seed) -> Self {
        self.seed = seed;
        self
    }

    /// Sets the number of requests that [`Emulator::requests`] lists, the latest ones; 10,000 by
    /// default. With 0, no request is recorded.
    ///
    /// [`Emulator::total_requests`] counts all of them.
    pub fn keep_requests(mut self, count: usize) -> Self {
        self.kept_requests = count;
        self
    }

    /// Limits the rate of update requests, all clients together; no limit by default.
    ///
    /// The limit holds in every window of the period, by time of arrival. A request over the limit
    /// is refused with 429 and a `Retry-After` of the whole seconds until a slot is free. It takes no
    /// slot, consumes no fault, and comes before all checks. Every other update request takes a
    /// slot, also if it is rejected or a fault ends it.
    ///
    /// [`Emulator::peak_requests`] is the judge of a client's own limit. The emulator stores the
    /// times of the requests of one period, of at most eleven times the limit, 16 bytes each.
    ///
    /// # Example
    ///
    /// ```
    /// use vambe_emulator::Emulator;
    ///
    /// let emulator = Emulator::builder().limit("1000/h".parse()?).start()?;
    /// // Here the code under test sends its updates.
    /// assert!(emulator.peak_requests() <= Some(1000));
    /// assert_eq!(emulator.refused_requests(), 0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn limit(mut self, limit: Limit) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Injects these faults into the update requests in turn; no faults by default. See
    /// [`Emulator::inject_rotation`].
    pub fn fault_rotation(mut self, faults: impl IntoIterator<Item = Fault>) -> Self {
        self.faults = Some(DefaultFault::Rotation(faults.into_iter().collect()));
        self
    }

    /// Injects a random fault of this mix into every update request; no faults by default. The last
    /// call of this or of [`fault_rotation`](Self::fault_rotation) wins.
    pub fn fault_mix(mut self, mix: FaultMix) -> Self {
        self.faults = Some(DefaultFault::Mix(mix));
        self
    }

    /// Serves the control API below `/__emulator/` and, with the feature `page`, the live page at `/`; off by default.
    ///
    /// A test in another language drives the emulator by it. Everybody who reaches the port may use it without a key; a
    /// web page of another origin may not. `docs/emulator.md` in the repository lists its requests.
    ///
    /// # Example
    ///
    /// ```
    /// let emulator = vambe_emulator::Emulator::builder().control().start()?;
    /// println!("open {}/ in a browser", emulator.url());
    /// # Ok::<(), vambe_emulator::StartError>(())
    /// ```
    #[cfg(feature = "control")]
    pub fn control(mut self) -> Self {
        self.side = Some(crate::control::CONTROL);
        self
    }

    /// Serves HTTPS with a self-signed certificate, which clients do not trust by default; HTTP by
    /// default.
    ///
    /// Each start creates a new certificate, for 127.0.0.1, ::1 and localhost.
    /// [`Emulator::certificate_pem`] returns it for a client that should trust it.
    ///
    /// # Example
    ///
    /// ```
    /// let emulator = vambe_emulator::Emulator::builder().tls_self_signed().start()?;
    /// assert!(emulator.url().starts_with("https://127.0.0.1:"));
    /// assert!(emulator.certificate_pem().is_some_and(|pem| pem.starts_with("-----BEGIN CERTIFICATE-----")));
    /// # Ok::<(), vambe_emulator::StartError>(())
    /// ```
    #[cfg(feature = "tls")]
    pub fn tls_self_signed(mut self) -> Self {
        self.tls = true;
        self
    }

    /// Starts the emulator, which accepts connections as soon as this returns.
    ///
    /// # Errors
    ///
    /// Returns [`StartError::State`] if the seed breaks a rule of [`StateError`](crate::StateError),
    /// [`StartError::Bind`] if the address is unavailable, [`StartError::Thread`] if the system
    /// allows no further thread, and `StartError::Certificate` if no certificate can be created.
    pub fn start(self) -> Result<Emulator, StartError> {
        let shared = Shared::new(&self.seed, self.kept_requests, self.limit, self.side).map_err(StartError::State)?;
        if let Some(faults) = self.faults {
            shared.lock().faults.set_default(faults);
        }
        // `Shared::new` has rejected a seed without a key.
        let api_key = self.seed.api_keys().first().cloned().unwrap_or_default();
        #[cfg(feature = "tls")]
        let transport = if self.tls { Transport::Tls(SelfSigned::generate()?) } else { Transport::Plain };
        #[cfg(not(feature = "tls"))]
        let transport = Transport::Plain;
        let server = Server::start(self.address, transport.clone(), shared.clone())?;
        Ok(Emulator::new(server, shared, &transport, api_key))
    }
}
