//! The blocking client, and the sending of its calls; its methods for the operations are generated.

use std::sync::Arc;

use super::runtime::Runtime;
use crate::{Async, Call, CallInput, ClientBuilder, ConfigError, Error, Response, Stats};

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
    /// See [`new`](Self::new).
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::new(ClientBuilder::from_env()?)
    }

    /// Parses a contact number, as [`Client::contact_number`](crate::Client::contact_number) does.
    ///
    /// Available with feature `national-numbers`.
    ///
    /// # Errors
    ///
    /// [`InvalidContactNumber`](crate::InvalidContactNumber).
    #[cfg(feature = "national-numbers")]
    pub fn contact_number(&self, text: &str) -> Result<crate::ContactNumber, crate::InvalidContactNumber> {
        self.client.contact_number(text)
    }

    /// Replaces the API key: see [`Client::set_api_key`](crate::Client::set_api_key).
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if the key is empty or cannot be sent.
    pub fn set_api_key(&self, api_key: impl Into<String>) -> Result<(), ConfigError> {
        self.client.set_api_key(api_key)
    }

    /// Returns the state of the client and its clones at this moment.
    pub fn stats(&self) -> Stats {
        self.client.stats()
    }

    /// Refuses new calls, and waits until those in flight have ended: see [`Client::drain`](crate::Client::drain).
    ///
    /// # Errors
    ///
    /// [`InvalidRequest::BlockingInAsync`](crate::InvalidRequest::BlockingInAsync) if it is called from async code. The client is not
    /// drained then.
    pub fn drain(&self) -> Result<(), Error> {
        let client = self.client.clone();
        self.runtime.block_on(async move {
            client.drain().await;
            Ok(())
        })
    }

    /// Returns the async client, for the generated methods.
    pub(crate) fn client(&self) -> &crate::Client {
        &self.client
    }

    /// Turns a call of the async client into one of this, for the generated methods.
    pub(crate) fn call<I>(&self, call: Call<I>) -> Call<I, Blocking> {
        call.in_mode(Blocking(Arc::clone(&self.runtime)))
    }
}

/// The mode of a [`Call`] that is sent by [`send`](Call::send).
#[derive(Clone, Debug)]
pub struct Blocking(Arc<Runtime>);

impl<I: CallInput> Call<I, Blocking> {
    /// Sends the request and waits for the answer.
    ///
    /// # Errors
    ///
    /// Returns [`Error::InvalidRequest`], with nothing sent, if it is called from async code or a value cannot be sent; for
    /// other failures see [`Error`].
    pub fn send(self) -> Result<Response<I::Output>, Error> {
        let Blocking(runtime) = self.mode.clone();
        runtime.block_on(self.in_mode(Async).into_future())
    }
}
