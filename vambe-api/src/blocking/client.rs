//! The blocking client and its requests.

use std::{sync::Arc, time::Duration};

use super::runtime::Runtime;
use crate::{
    ClientBuilder, ConfigError, Error, InvalidRequest, Metadata, Response, TicketRef,
    raw::types::UpdateTicketMetadataResponse,
};

/// A client of Vambe's API whose calls block. Cheap to clone; the clones share their connections and their thread.
#[derive(Clone, Debug)]
pub struct Client {
    client: crate::Client,
    runtime: Arc<Runtime>,
}

impl Client {
    /// A client with the settings of a builder.
    ///
    /// # Errors
    ///
    /// [`ConfigError`], as of [`ClientBuilder::build`], or if the client's thread could not be started.
    pub fn new(builder: ClientBuilder) -> Result<Self, ConfigError> {
        let client = builder.build()?;
        let runtime = Runtime::start().map_err(ConfigError::Thread)?;
        Ok(Self { client, runtime: Arc::new(runtime) })
    }

    /// A client with the API key in `VAMBE_API_KEY` and, if it is set, the base URL in `VAMBE_BASE_URL`.
    ///
    /// # Errors
    ///
    /// As of [`new`](Self::new).
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::new(ClientBuilder::from_env()?)
    }

    /// Sets key-value pairs on a ticket: see [`vambe_api::Client::update_ticket_metadata`](crate::Client::update_ticket_metadata).
    pub fn update_ticket_metadata<M>(&self, ticket: TicketRef, metadata: M) -> UpdateTicketMetadata
    where
        M: TryInto<Metadata>,
        InvalidRequest: From<M::Error>,
    {
        let request = self.client.update_ticket_metadata(ticket, metadata);
        UpdateTicketMetadata { request, runtime: Arc::clone(&self.runtime) }
    }
}

/// An update of a ticket's metadata that is sent by [`send`](Self::send).
#[derive(Debug)]
#[must_use = "nothing is sent until `send` is called"]
pub struct UpdateTicketMetadata {
    request: crate::UpdateTicketMetadata,
    runtime: Arc<Runtime>,
}

impl UpdateTicketMetadata {
    /// Whether the latest closed ticket of a contact is updated if none is active; `false` by the server's default.
    pub fn allow_closed_ticket(mut self, allow: bool) -> Self {
        self.request = self.request.allow_closed_ticket(allow);
        self
    }

    /// Sets the limit for this call, with all its attempts and waits; by default the client's, which is 60 s.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.request = self.request.timeout(timeout);
        self
    }

    /// Sets the limit for each attempt of this call; by default the client's, which is 15 s.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.request = self.request.attempt_timeout(timeout);
        self
    }

    /// Sets how many attempts this call may make, the first one included; by default the client's, which is 3.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.request = self.request.max_attempts(attempts);
        self
    }

    /// Sends the request and waits for the answer.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidRequest`], with nothing sent, if it is called from async code or the metadata is empty; else see
    /// [`Error`].
    pub fn send(self) -> Result<Response<UpdateTicketMetadataResponse>, Error> {
        self.runtime.block_on(self.request.into_future())
    }
}
