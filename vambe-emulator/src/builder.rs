//! How an emulator is started when the defaults do not fit.

use std::net::{Ipv4Addr, SocketAddr};

#[cfg(feature = "tls")]
use crate::tls::SelfSigned;
use crate::{
    connection::Transport,
    emulator::Emulator,
    error::StartError,
    fault::{Fault, FaultMix, Standing},
    seed::Seed,
    server::Server,
    shared::Shared,
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
    faults: Option<Standing>,
    #[cfg(feature = "tls")]
    tls: bool,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            seed: Seed::default(),
            record_requests: true,
            faults: None,
            #[cfg(feature = "tls")]
            tls: false,
        }
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

    /// Lets the update requests meet these faults one after the other, and again from the first; no
    /// faults by default. See [`Emulator::inject_rotation`].
    pub fn fault_rotation(mut self, faults: impl IntoIterator<Item = Fault>) -> Self {
        self.faults = Some(Standing::Rotation(faults.into_iter().collect()));
        self
    }

    /// Lets every update request draw its fault from this mix; no faults by default. The last call
    /// of this and of [`fault_rotation`](Self::fault_rotation) counts.
    pub fn fault_mix(mut self, mix: FaultMix) -> Self {
        self.faults = Some(Standing::Mix(mix));
        self
    }

    /// Speaks TLS with a certificate that has signed itself, so that no client trusts it; without
    /// TLS by default.
    ///
    /// It is made anew at each start, for 127.0.0.1, ::1 and localhost;
    /// [`Emulator::certificate_pem`] gives it for a client that is to trust it after all.
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

    /// Starts the emulator. It accepts connections as soon as this returns.
    ///
    /// # Errors
    ///
    /// [`StartError::State`] if the seed breaks a rule of [`StateError`](crate::StateError),
    /// [`StartError::Bind`] if the address cannot be listened on, [`StartError::Thread`] if the
    /// system gives no thread, `StartError::Certificate` if there is to be TLS and no certificate can
    /// be made.
    pub fn start(self) -> Result<Emulator, StartError> {
        let shared = Shared::new(&self.seed, self.record_requests).map_err(StartError::State)?;
        if let Some(faults) = self.faults {
            shared.lock().faults.set_standing(faults);
        }
        // A seed without a key has been refused by now.
        let api_key = self.seed.api_keys().first().cloned().unwrap_or_default();
        #[cfg(feature = "tls")]
        let transport = if self.tls { Transport::Tls(SelfSigned::generate()?) } else { Transport::Plain };
        #[cfg(not(feature = "tls"))]
        let transport = Transport::Plain;
        let server = Server::start(self.address, transport.clone(), shared.clone())?;
        Ok(Emulator::new(server, shared, &transport, api_key))
    }
}
