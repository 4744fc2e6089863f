//! The handle of a running emulator: its address, its state and its requests.

mod faults;

use std::{
    collections::BTreeMap,
    fmt,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use uuid::Uuid;

use crate::{
    builder::Builder,
    error::{StartError, StateError},
    limit::Window,
    server::{ReceivedRequest, Server, Shared, Transport},
    world::{Contact, Ticket},
};

/// A running emulator, which stops when this is dropped.
///
/// All methods can be called while requests arrive, and return a snapshot. They block only while
/// one request is decided, so that async code can call them too.
///
/// `Debug` shows only the URL.
pub struct Emulator {
    server: Server,
    shared: Arc<Shared>,
    url: String,
    api_key: String,
    #[cfg(feature = "tls")]
    certificate_pem: Option<String>,
}

impl Emulator {
    /// Starts an emulator with the default seed on a free port of 127.0.0.1.
    ///
    /// Works inside and outside of an async runtime: the server has its own thread and its own
    /// clock. Under tokio's paused clock, the emulator's clock keeps running, but the clock of the
    /// client under test jumps to its next timer whenever it waits for a response.
    ///
    /// # Errors
    ///
    /// Returns [`StartError::Bind`] if no port is free, and [`StartError::Thread`] if the system
    /// allows no further thread.
    ///
    /// # Example
    ///
    /// ```
    /// let emulator = vambe_emulator::Emulator::start()?;
    /// assert!(emulator.url().starts_with("http://127.0.0.1:"));
    /// # Ok::<(), vambe_emulator::StartError>(())
    /// ```
    pub fn start() -> Result<Self, StartError> {
        Self::builder().start()
    }

    /// Returns a builder for an emulator with other settings.
    pub fn builder() -> Builder {
        Builder::new()
    }

    pub(crate) fn new(server: Server, shared: Arc<Shared>, transport: &Transport, api_key: String) -> Self {
        let url = format!("{}://{}", transport.scheme(), reachable(server.address()));
        Self {
            server,
            shared,
            url,
            api_key,
            #[cfg(feature = "tls")]
            certificate_pem: transport.certificate_pem().map(str::to_owned),
        }
    }

    /// Returns the base URL, without a trailing slash: `http://127.0.0.1:43121`.
    ///
    /// The scheme is `https` after `Builder::tls_self_signed`. If the emulator listens on all
    /// interfaces, this is the URL for clients on the same machine.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the address that the emulator listens on, with the actual port.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Returns the certificate of [`Builder::tls_self_signed`] in PEM; `None` without TLS.
    #[cfg(feature = "tls")]
    pub fn certificate_pem(&self) -> Option<&str> {
        self.certificate_pem.as_deref()
    }

    /// Returns the first API key of the seed that the emulator started with.
    pub fn api_key(&self) -> &str {
        &self.api_key
    }

    /// Returns the number of updates applied to all tickets together, since the start or since the
    /// last [`reset`](Self::reset). An applied update counts even if the client got no response.
    pub fn updates(&self) -> u64 {
        self.shared.lock().world.updates()
    }

    /// Returns the ticket with this id.
    pub fn ticket(&self, id: Uuid) -> Option<Ticket> {
        self.shared.lock().world.ticket(id).cloned()
    }

    /// Returns every value that each key of the ticket had, in order: the value of the seed, if any,
    /// then those of the updates, the present one last.
    ///
    /// An update with the value that the key has already adds none. Of all tickets together, the
    /// last 100,000 earlier values are kept; the earliest are dropped first.
    ///
    /// # Example
    ///
    /// ```
    /// use vambe_emulator::{Emulator, placeholders};
    ///
    /// let emulator = Emulator::start()?;
    /// // Here the code under test sends its updates.
    /// let history = emulator.history(placeholders::TICKET_ID).ok_or("no such ticket")?;
    /// assert_eq!(history["status"], ["open"], "a value that goes back would show here");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn history(&self, id: Uuid) -> Option<BTreeMap<String, Vec<String>>> {
        self.shared.lock().world.history(id)
    }

    /// Returns all tickets, contact by contact, oldest first.
    pub fn tickets(&self) -> Vec<Ticket> {
        self.shared.lock().world.tickets().cloned().collect()
    }

    /// Returns the contact with this id.
    pub fn contact(&self, ai_contact_id: Uuid) -> Option<Contact> {
        self.shared.lock().world.contact(ai_contact_id).cloned()
    }

    /// Returns all contacts, in the order in which they were added.
    pub fn contacts(&self) -> Vec<Contact> {
        self.shared.lock().world.contacts().to_vec()
    }

    /// Adds a contact and its tickets.
    ///
    /// # Errors
    ///
    /// Returns [`StateError`], and adds nothing, if the id, the number or a ticket is taken, the
    /// number has no digit, or two of the tickets are active.
    pub fn add_contact(&self, contact: Contact) -> Result<(), StateError> {
        self.shared.lock().world.add_contact(contact)
    }

    /// Adds a ticket as the latest ticket of a contact.
    ///
    /// # Errors
    ///
    /// Returns [`StateError`], and adds nothing, if the contact does not exist, the id is taken, or
    /// the contact would have two active tickets.
    ///
    /// # Example
    ///
    /// ```
    /// use vambe_emulator::{Emulator, Ticket, Uuid, placeholders};
    ///
    /// let emulator = Emulator::start()?;
    /// emulator.close_ticket(placeholders::TICKET_ID)?;
    /// let next = Ticket::active(Uuid::from_u128(1));
    /// emulator.add_ticket(placeholders::TICKET_CONTACT, next)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add_ticket(&self, ai_contact_id: Uuid, ticket: Ticket) -> Result<(), StateError> {
        self.shared.lock().world.add_ticket(ai_contact_id, ticket)
    }

    /// Closes a ticket, which keeps its position among the tickets of its contact. Closing a closed
    /// ticket changes nothing.
    ///
    /// # Errors
    ///
    /// Returns [`StateError::UnknownTicket`] if the ticket does not exist.
    pub fn close_ticket(&self, id: Uuid) -> Result<(), StateError> {
        self.shared.lock().world.close_ticket(id)
    }

    /// Restores the state of the seed: its API keys, its contacts, its tickets, no updates. The
    /// requests and the faults stay.
    pub fn reset(&self) {
        self.shared.lock().reset();
    }

    /// Returns the latest requests in order of arrival, including rejected requests and requests for
    /// unknown paths.
    ///
    /// These are the last 10,000, unless [`keep_requests`](Builder::keep_requests) sets another
    /// number. Requests that met [`Fault::reset_before_reading`](crate::Fault::reset_before_reading)
    /// are missing.
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.shared.lock().log.requests()
    }

    /// Returns the number of requests since the start, or since the last
    /// [`clear_requests`](Self::clear_requests): those that [`requests`](Self::requests) lists, and
    /// earlier ones.
    pub fn total_requests(&self) -> u64 {
        self.shared.lock().log.total()
    }

    /// Returns the most update requests that arrived within any period of the
    /// [`limit`](Builder::limit); `None` without a limit.
    ///
    /// Every arrival counts, whether the request was accepted, refused, or met a fault. So a client
    /// that keeps to the limit by itself has a peak of at most the limit. A peak of ten times the
    /// limit means that or more.
    pub fn peak_requests(&self) -> Option<u64> {
        self.shared.lock().window.as_ref().map(Window::peak)
    }

    /// Returns the number of requests that the [`limit`](Builder::limit) has refused with 429.
    pub fn refused_requests(&self) -> u64 {
        self.shared.lock().window.as_ref().map_or(0, Window::refused)
    }

    /// Clears the list of requests, and starts to count anew. The slots of the limit stay taken.
    pub fn clear_requests(&self) {
        self.shared.lock().clear_requests();
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator").field("url", &self.url).finish_non_exhaustive()
    }
}

/// Returns the address at which a client on the same machine reaches the emulator.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}
