//! The client: one typed method for each operation.

use crate::{ClientBuilder, ConfigError, InvalidRequest, Metadata, TicketRef, Transport, UpdateTicketMetadata, raw};

/// A client of Vambe's API.
///
/// Cheap to clone, and to be shared between tasks and threads: the clones share their connections.
///
/// `Debug` shows the base URL and hides the key.
///
/// # Example
///
/// ```
/// use vambe_api::Client;
///
/// let client = Client::builder().api_key("your_api_key_here").build()?;
/// let for_another_task = client.clone();
/// # Ok::<(), vambe_api::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Client {
    raw: raw::Client,
}

impl Client {
    pub(crate) fn new(transport: Transport) -> Self {
        Self { raw: raw::Client::new(transport) }
    }

    /// Starts setting up a client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// A client with the API key in `VAMBE_API_KEY` and, if it is set, the base URL in `VAMBE_BASE_URL`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if the key is missing or cannot be sent, or the base URL is not one.
    pub fn from_env() -> Result<Self, ConfigError> {
        ClientBuilder::from_env()?.build()
    }

    /// Sets key-value pairs on a ticket, merged with the ones that it has. Await what this gives to send the request.
    ///
    /// `metadata` is a [`Metadata`] or what becomes one, such as a `BTreeMap<String, String>`, or a reference to a struct that
    /// derives [`TicketMetadata`](trait@crate::TicketMetadata).
    ///
    /// # Errors
    ///
    /// Awaiting gives [`Error::InvalidRequest`](crate::Error::InvalidRequest), with nothing sent, if there is no pair in `metadata`; else see
    /// [`Error`](crate::Error).
    ///
    /// # Example
    ///
    /// ```
    /// use vambe_api::{Client, Metadata, TicketRef};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// let vambe = vambe_emulator::Emulator::start()?;
    /// let client = Client::builder().api_key(vambe.api_key()).base_url(vambe.url()).build()?;
    ///
    /// let ticket = TicketRef::ticket_id("a1b2c3d4-e5f6-7890-abcd-ef1234567890")?;
    /// let response = client.update_ticket_metadata(ticket, Metadata::from([("status", "escalated")])).await?;
    /// assert_eq!(response.body().map(|body| body.status.as_str()), Some("ok"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn update_ticket_metadata<M>(&self, ticket: TicketRef, metadata: M) -> UpdateTicketMetadata
    where
        M: TryInto<Metadata>,
        InvalidRequest: From<M::Error>,
    {
        UpdateTicketMetadata::new(self.raw.clone(), ticket, metadata)
    }

    /// The generated client, for what this one has no method for: it sends the wire types as they are, through the same
    /// connections and with the same errors.
    ///
    /// # Example
    ///
    /// ```
    /// use vambe_api::{Client, Error, raw::types::UpdateTicketMetadataRequest, TicketRef};
    ///
    /// # async fn example(client: Client, ticket: TicketRef) -> Result<(), Error> {
    /// // An empty update, which `Metadata` does not allow, tells whether the ticket can be found.
    /// let request = UpdateTicketMetadataRequest::new(ticket, Default::default());
    /// client.raw().update_ticket_metadata(&request).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn raw(&self) -> &raw::Client {
        &self.raw
    }
}
