//! The request of [`Client::update_ticket_metadata`](crate::Client::update_ticket_metadata), to be awaited.

use std::pin::Pin;

use crate::{
    Error, InvalidRequest, Metadata, Response, TicketRef,
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
    request: Result<UpdateTicketMetadataRequest, InvalidRequest>,
}

impl UpdateTicketMetadata {
    pub(crate) fn new<M>(client: raw::Client, ticket: TicketRef, metadata: M) -> Self
    where
        M: TryInto<Metadata>,
        InvalidRequest: From<M::Error>,
    {
        let metadata = metadata.try_into().map_err(InvalidRequest::from);
        Self { client, request: metadata.map(|metadata| UpdateTicketMetadataRequest::new(ticket, metadata.into())) }
    }

    /// Whether the latest closed ticket of a contact is updated if none is active. Left out of the request unless this is
    /// called; the server's default is `false`. It makes no difference for a ticket that is named by its own id.
    pub fn allow_closed_ticket(mut self, allow: bool) -> Self {
        if let Ok(request) = &mut self.request {
            request.allow_closed_ticket = Some(allow);
        }
        self
    }
}

impl IntoFuture for UpdateTicketMetadata {
    type Output = Result<Response<UpdateTicketMetadataResponse>, Error>;
    // Boxed, since the type of an `async` block cannot be named yet.
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.client.update_ticket_metadata(&self.request?).await })
    }
}
