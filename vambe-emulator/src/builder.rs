//! The settings of an emulator.

use std::net::{Ipv4Addr, SocketAddr};

use http::{Method, Request, Response};

#[cfg(feature = "program")]
use crate::server::Observer;
#[cfg(feature = "tls")]
use crate::server::SelfSigned;
use crate::{
    emulator::Emulator,
    error::StartError,
    fault::{DefaultFault, Fault, FaultMix},
    limit::Limit,
    server::{Answers, Endpoint, Server, Settings, Shared, Transport},
    world::Seed,
};

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
    faults: Option<DefaultFault>,
    settings: Settings,
    #[cfg(feature = "tls")]
    tls: bool,
}

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            faults: None,
            settings: Settings::default(),
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
        self.settings.seed = seed;
        self
    }

    /// Accepts every well-formed identifier; by default, only those of the state exist.
    ///
    /// An unknown identifier gets a new contact with one active ticket, at the first update. Well-formed are any UUID, and
    /// a contact number of up to 15 digits, which is E.164's maximum. Ids that no request has named are drawn anew, but the
    /// same requests draw the same ones. [`Emulator::reset`] removes the new contacts.
    ///
    /// # Example
    ///
    /// ```
    /// let emulator = vambe_emulator::Emulator::builder().any_contact().start()?;
    /// // Here a client updates the ticket of any contact.
    /// # Ok::<(), vambe_emulator::StartError>(())
    /// ```
    pub fn any_contact(mut self) -> Self {
        self.settings.any_contact = true;
        self
    }

    /// Sets the style of the responses to rejected requests; [`Answers::Nestjs`] by default.
    ///
    /// # Example
    ///
    /// ```
    /// use vambe_emulator::{Answers, Emulator};
    ///
    /// let emulator = Emulator::builder().answers(Answers::Spec).start()?;
    /// // A check against the OpenAPI document finds nothing now.
    /// # Ok::<(), vambe_emulator::StartError>(())
    /// ```
    pub fn answers(mut self, answers: Answers) -> Self {
        self.settings.answers = answers;
        self
    }

    /// Adds an endpoint that the emulator does not have, or replaces one; the first of several that match a request wins.
    ///
    /// A segment of the path in braces, such as `{id}`, matches any segment. A request needs an accepted API key. It is
    /// recorded, meets faults and counts against the limit, as an update does. A response without a `Content-Type` is sent
    /// as JSON. A response of 4xx or 5xx counts as a rejection:
    /// [`ReceivedRequest::applied`](crate::ReceivedRequest::applied) is `None` then.
    ///
    /// The handler runs on the emulator's thread: other requests wait for it. If it panics, the client gets no response.
    ///
    /// # Example
    ///
    /// ```
    /// use vambe_emulator::{Emulator, Method, Response};
    ///
    /// let emulator = Emulator::builder()
    ///     .route(Method::GET, "/api/public/ticket/{ticket_id}", |request| {
    ///         let id = request.uri().path().rsplit('/').next().unwrap_or_default();
    ///         Response::new(format!(r#"{{ "id": "{id}" }}"#).into())
    ///     })
    ///     .start()?;
    /// # Ok::<(), vambe_emulator::StartError>(())
    /// ```
    pub fn route(
        mut self,
        method: Method,
        path: impl Into<String>,
        handler: impl Fn(&Request<Vec<u8>>) -> Response<Vec<u8>> + Send + Sync + 'static,
    ) -> Self {
        self.settings.routes.push(Endpoint::of_test(method, path.into(), handler));
        self
    }

    /// Sets the number of requests that [`Emulator::requests`] lists, the latest ones; 10,000 by
    /// default. With 0, no request is recorded. Above 64 MiB of bodies, the list is shorter.
    ///
    /// [`Emulator::total_requests`] counts all of them.
    pub fn keep_requests(mut self, count: usize) -> Self {
        self.settings.kept_requests = count;
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
        self.settings.limit = Some(limit);
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
        self.settings.side = Some(crate::control::CONTROL);
        self
    }

    /// Passes each request on once its outcome is known.
    #[cfg(feature = "program")]
    pub(crate) fn observer(mut self, observer: Observer) -> Self {
        self.settings.observer = Some(observer);
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
    /// let pem = emulator.certificate_pem().unwrap_or_default();
    /// assert!(pem.starts_with("-----BEGIN CERTIFICATE-----"));
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
        // `Shared::new` rejects a seed without a key.
        let api_key = self.settings.seed.api_keys().first().cloned().unwrap_or_default();
        let shared = Shared::new(self.settings).map_err(StartError::State)?;
        if let Some(faults) = self.faults {
            shared.lock().faults.set_default(faults);
        }
        #[cfg(feature = "tls")]
        let transport = if self.tls { Transport::Tls(SelfSigned::generate()?) } else { Transport::Plain };
        #[cfg(not(feature = "tls"))]
        let transport = Transport::Plain;
        let server = Server::start(self.address, transport.clone(), shared.clone())?;
        Ok(Emulator::new(server, shared, &transport, api_key))
    }
}
