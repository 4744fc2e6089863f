//! The request of [`Client::update_ticket_metadata`](crate::Client::update_ticket_metadata), to be awaited.

use std::{pin::Pin, time::Duration};

use crate::{
    CallOptions, Error, InvalidRequest, Metadata, Response, TicketRef,
    raw::{
        self,
        types::{UpdateTicketMetadataRequest, UpdateTicketMetadataResponse},
    },
};

/// An update of a ticket's metadata that is sent when it is awaited.
///
/// # Example
///
/// ```
/// # use vambe_api::{Client, Error, Metadata, TicketRef};
/// # async fn example(client: Client, ticket: TicketRef, metadata: Metadata) -> Result<(), Error> {
/// client.update_ticket_metadata(ticket, metadata).allow_closed_ticket(true).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "nothing is sent until the request is awaited"]
pub struct UpdateTicketMetadata {
    client: raw::Client,
    options: CallOptions,
    request: Result<UpdateTicketMetadataRequest, InvalidRequest>,
}

impl UpdateTicketMetadata {
    pub(crate) fn new<M>(client: raw::Client, ticket: TicketRef, metadata: M) -> Self
    where
        M: TryInto<Metadata>,
        InvalidRequest: From<M::Error>,
    {
        let metadata = metadata.try_into().map_err(InvalidRequest::from);
        let request = metadata.map(|metadata| UpdateTicketMetadataRequest::new(ticket, metadata.into()));
        Self { options: client.transport().options(), client, request }
    }

    /// Whether the latest closed ticket of a contact is updated if none is active. Left out of the request unless this is
    /// called; the server's default is `false`. It makes no difference for a ticket that is named by its own id.
    pub fn allow_closed_ticket(mut self, allow: bool) -> Self {
        if let Ok(request) = &mut self.request {
            request.allow_closed_ticket = Some(allow);
        }
        self
    }

    /// Sets the limit for this call, with all its attempts and waits; by default the client's, which is 60 s.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options = self.options.timeout(timeout);
        self
    }

    /// Sets the limit for each attempt of this call; by default the client's, which is 15 s.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.options = self.options.attempt_timeout(timeout);
        self
    }

    /// Sets how many attempts this call may make, the first one included; by default the client's, which is 3. 1 switches
    /// retries off: see [`ClientBuilder::max_attempts`](crate::ClientBuilder::max_attempts) for when to.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.options = self.options.max_attempts(attempts);
        self
    }
}

impl IntoFuture for UpdateTicketMetadata {
    type Output = Result<Response<UpdateTicketMetadataResponse>, Error>;
    // Boxed, since the type of an `async` block cannot be named yet.
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.client.with_options(self.options).update_ticket_metadata(&self.request?).await })
    }
}
