//! The client; its methods for the operations are generated.

use crate::{Call, ClientBuilder, ConfigError, InvalidRequest, Transport, raw};

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

    /// Parses a contact number: one without `+` as a number of the client's
    /// [`default_country`](ClientBuilder::default_country), if it has one.
    ///
    /// # Errors
    ///
    /// [`InvalidContactNumber`](crate::InvalidContactNumber), as of `ContactNumber::parse_in`.
    #[cfg(feature = "national-numbers")]
    pub fn contact_number(&self, text: &str) -> Result<crate::ContactNumber, crate::InvalidContactNumber> {
        match self.raw.transport().default_country() {
            Some(country) => crate::ContactNumber::parse_in(country, text),
            None => text.parse(),
        }
    }

    /// Creates a call of an operation, for the generated methods.
    pub(crate) fn call<I>(&self, input: impl FnOnce() -> Result<I, InvalidRequest>) -> Call<I> {
        Call::new(self.raw.transport(), input())
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
