//! The client; its methods for the operations are generated.

use crate::{Call, ClientBuilder, ConfigError, InvalidRequest, Stats, Transport, config::ApiKey, raw};

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

    /// Creates a client with the API key in `VAMBE_API_KEY` and, if it is set, the base URL in `VAMBE_BASE_URL`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if the key is missing or cannot be sent, or the base URL is invalid.
    pub fn from_env() -> Result<Self, ConfigError> {
        ClientBuilder::from_env()?.build()
    }

    /// Parses a contact number: one without `+` as a number of the client's
    /// [`default_country`](ClientBuilder::default_country), if it has one.
    ///
    /// Available with feature `national-numbers`.
    ///
    /// # Errors
    ///
    /// [`InvalidContactNumber`](crate::InvalidContactNumber), as for `ContactNumber::parse_in`.
    #[cfg(feature = "national-numbers")]
    pub fn contact_number(&self, text: &str) -> Result<crate::ContactNumber, crate::InvalidContactNumber> {
        match self.raw.transport().default_country() {
            Some(country) => crate::ContactNumber::parse_in(country, text),
            None => text.parse(),
        }
    }

    /// Replaces the API key of this client and its clones. Connections, limits and the retry budget stay as they are.
    ///
    /// Calls that have begun keep the former key, which is wiped after the last of them. A limit that processes share and that is closed
    /// because of the former key has to be opened again.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if the key is empty or cannot be sent. The former key stays in use then.
    ///
    /// # Example
    ///
    /// ```
    /// let client = vambe_api::Client::builder().api_key("your_api_key_here").build()?;
    /// client.set_api_key("the_rotated_key")?;
    /// # Ok::<(), vambe_api::ConfigError>(())
    /// ```
    pub fn set_api_key(&self, api_key: impl Into<String>) -> Result<(), ConfigError> {
        self.raw.transport().set_api_key(ApiKey::parse(api_key.into().into())?);
        Ok(())
    }

    /// Starts setting up a client for another account, with the settings of this one and through its connections.
    ///
    /// The new client needs its own API key. It has its own limits, pause after a `429`, retry budget and statistics, since the server
    /// counts requests by key. The label of the account and the [shared limit](ClientBuilder::shared_limit) are not taken over. If the
    /// base URL or a setting of connections is changed, the new client has connections of its own.
    ///
    /// # Example
    ///
    /// ```
    /// use vambe_api::Client;
    ///
    /// let chile = Client::builder().api_key("key_of_chile").account("chile").build()?;
    /// let peru = chile.to_builder().api_key("key_of_peru").account("peru").build()?;
    /// # Ok::<(), vambe_api::ConfigError>(())
    /// ```
    pub fn to_builder(&self) -> ClientBuilder {
        self.raw.transport().to_builder()
    }

    /// Returns the state of the client and its clones at this moment, for metrics.
    ///
    /// # Example
    ///
    /// ```
    /// let client = vambe_api::Client::builder().api_key("your_api_key_here").build()?;
    /// assert_eq!((client.stats().in_flight, client.stats().retries_left), (0, 100));
    /// # Ok::<(), vambe_api::ConfigError>(())
    /// ```
    pub fn stats(&self) -> Stats {
        self.raw.transport().stats()
    }

    /// Refuses new calls of all clones, which fail with [`Error::Drained`](crate::Error::Drained), and waits until the calls in flight
    /// have ended, with their retries and waits. For the end of a service.
    ///
    /// A bulk run ends at its next request; stop it first to end it now. A client cannot be opened again,
    /// also if this future is dropped.
    ///
    /// # Example
    ///
    /// ```
    /// # async fn example(client: vambe_api::Client) {
    /// use std::time::Duration;
    ///
    /// if tokio::time::timeout(Duration::from_secs(20), client.drain()).await.is_err() {
    ///     println!("{} calls have not ended", client.stats().in_flight);
    /// }
    /// # }
    /// ```
    pub async fn drain(&self) {
        self.raw.transport().drain().await;
    }

    /// Creates a call of an operation, for the generated methods.
    pub(crate) fn call<I>(&self, input: impl FnOnce() -> Result<I, InvalidRequest>) -> Call<I> {
        Call::new(self.raw.transport(), input())
    }

    /// Returns the generated client, for anything that this one has no method for: it sends the wire types as they are, through
    /// the same connections and with the same errors.
    ///
    /// # Example
    ///
    /// ```
    /// use vambe_api::{Client, Error, raw::types::UpdateTicketMetadataRequest, TicketRef};
    ///
    /// # async fn example(client: Client, ticket: TicketRef) -> Result<(), Error> {
    /// // An empty update, which `Metadata` does not allow, shows whether the ticket can be found.
    /// let request = UpdateTicketMetadataRequest::new(ticket, Default::default());
    /// client.raw().update_ticket_metadata(&request).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn raw(&self) -> &raw::Client {
        &self.raw
    }
}
