//! The handle of a running emulator: where it is, what it knows, what it received.

mod faults;

use std::{
    fmt,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use uuid::Uuid;

use crate::{
    builder::Builder,
    connection::Transport,
    error::{StartError, StateError},
    model::{Contact, Ticket},
    request_log::{ReceivedRequest, RequestLog},
    server::Server,
    shared::Shared,
};

/// A running emulator. It stops when this is dropped.
///
/// All methods can be called while requests arrive; what they return is a copy of that moment. They
/// block for no longer than a decision about one request takes, so async code can call them too.
///
/// `Debug` shows the address alone.
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
    /// Needs no runtime, and does not mind one: the server has its own thread and its own clock.
    /// Under tokio's paused clock that clock goes on, but the clock of the client under test
    /// jumps to its next timer whenever it waits for an answer.
    ///
    /// # Errors
    ///
    /// [`StartError::Bind`] if no port is free, [`StartError::Thread`] if the system gives no
    /// thread.
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

    /// Starts an emulator at another address, or with another seed.
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

    /// The base URL, without a slash at its end: `http://127.0.0.1:43121`.
    ///
    /// With `https` after `Builder::tls_self_signed`.
    ///
    /// If the emulator listens on every interface, this is the URL for clients on this machine.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The address it listens on, with the real port.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// The certificate that a client has to trust, after
    /// [`Builder::tls_self_signed`]; `None` without TLS.
    #[cfg(feature = "tls")]
    pub fn certificate_pem(&self) -> Option<&str> {
        self.certificate_pem.as_deref()
    }

    /// The first accepted API key.
    pub fn api_key(&self) -> &str {
        &self.api_key
    }

    /// How many updates were applied to all tickets together, since the start or since the last
    /// [`reset`](Self::reset): the emulator's own truth, whatever was answered.
    pub fn updates(&self) -> u64 {
        self.shared.lock().world.updates()
    }

    /// The ticket with this id.
    pub fn ticket(&self, id: Uuid) -> Option<Ticket> {
        self.shared.lock().world.ticket(id).cloned()
    }

    /// All tickets, contact by contact, oldest first.
    pub fn tickets(&self) -> Vec<Ticket> {
        self.shared.lock().world.tickets().cloned().collect()
    }

    /// The contact with this id.
    pub fn contact(&self, ai_contact_id: Uuid) -> Option<Contact> {
        self.shared.lock().world.contact(ai_contact_id).cloned()
    }

    /// All contacts, in the order in which they were added.
    pub fn contacts(&self) -> Vec<Contact> {
        self.shared.lock().world.contacts().to_vec()
    }

    /// Adds a contact, with its tickets.
    ///
    /// # Errors
    ///
    /// [`StateError`] if the id, the number or a ticket is taken, the number has no digit, or two
    /// of the tickets are active. Nothing is added then.
    pub fn add_contact(&self, contact: Contact) -> Result<(), StateError> {
        self.shared.lock().world.add_contact(contact)
    }

    /// Adds a ticket as the latest one of a contact; [`Ticket::active`] opens one.
    ///
    /// # Errors
    ///
    /// [`StateError`] if there is no such contact, the id is taken, or the contact would have two
    /// active tickets. Nothing is added then.
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

    /// Closes a ticket. It keeps its place among the tickets of its contact; closing a closed one
    /// changes nothing.
    ///
    /// # Errors
    ///
    /// [`StateError::UnknownTicket`] if there is no such ticket.
    pub fn close_ticket(&self, id: Uuid) -> Result<(), StateError> {
        self.shared.lock().world.close_ticket(id)
    }

    /// Returns to the seed: its contacts, its tickets, no updates. The requests and the faults
    /// stay.
    pub fn reset(&self) {
        self.shared.lock().reset();
    }

    /// Every request so far in order of arrival, also those that were refused and those for
    /// unknown paths.
    ///
    /// Only what is no HTTP at all is missing, and what was
    /// [reset before it was read](crate::Fault::reset_before_reading). Empty after
    /// [`record_requests(false)`](Builder::record_requests).
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.shared.lock().log.as_ref().map(RequestLog::requests).unwrap_or_default()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        if let Some(log) = &mut self.shared.lock().log {
            log.clear();
        }
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator").field("url", &self.url).finish_non_exhaustive()
    }
}

/// Where a client on this machine finds what listens on `address`.
fn reachable(mut address: SocketAddr) -> SocketAddr {
    match address {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}
