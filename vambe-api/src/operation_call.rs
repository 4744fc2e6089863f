//! A call of one operation, for both clients and every operation: its input and its options, until it is sent.

use std::{fmt, future::ready, pin::Pin, time::Duration};

use reqwest::header::{HeaderName, HeaderValue};
use serde::de::DeserializeOwned;

use crate::{CallOptions, Error, InvalidRequest, Operation, Response, Transport};

/// The input of an operation: all values that its request is made of. Generated code implements it.
pub trait CallInput: Send + Sync + 'static {
    /// The operation.
    const OPERATION: Operation;

    /// The body of a success.
    type Output: DeserializeOwned + Send + 'static;

    /// Sends the request.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`] unless the server answers with a success.
    fn send(&self, transport: Transport) -> impl Future<Output = Result<Response<Self::Output>, Error>> + Send;
}

/// The mode of a [`Call`] that is sent by awaiting it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Async;

/// A call of the operation that `I` is the input of. It is sent by awaiting it, or in blocking mode by `send`.
///
/// A client's methods create it, and for each operation there is an alias, such as
/// [`UpdateTicketMetadata`](crate::UpdateTicketMetadata). Optional fields of the operation are set by methods of their names.
///
/// `Debug` shows the operation and the options, and hides the input.
///
/// # Example
///
/// ```
/// use std::time::Duration;
/// use vambe_api::{Client, Error, Metadata, TicketRef};
///
/// # async fn example(client: Client, ticket: TicketRef, metadata: Metadata) -> Result<(), Error> {
/// client
///     .update_ticket_metadata(ticket, metadata)
///     .allow_closed_ticket(true)
///     .timeout(Duration::from_secs(5))
///     .await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent until the call is awaited, or `send` is called in blocking mode"]
pub struct Call<I, M = Async> {
    /// It has the options of this call.
    transport: Transport,
    /// The input, or the reason why it is invalid, which sending the call returns.
    input: Result<I, InvalidRequest>,
    #[cfg_attr(not(feature = "blocking"), expect(dead_code, reason = "only the blocking mode holds something"))]
    pub(crate) mode: M,
}

impl<I> Call<I> {
    /// Creates a call through `transport`, with its options.
    pub(crate) fn new(transport: &Transport, input: Result<I, InvalidRequest>) -> Self {
        Self { transport: transport.clone(), input, mode: Async }
    }
}

impl<I, M> Call<I, M> {
    /// Changes the mode.
    #[cfg(feature = "blocking")]
    pub(crate) fn in_mode<N>(self, mode: N) -> Call<I, N> {
        let Self { transport, input, .. } = self;
        Call { transport, input, mode }
    }

    /// Changes the input; a failure is returned when the call is sent.
    pub(crate) fn edit(mut self, edit: impl FnOnce(&mut I) -> Result<(), InvalidRequest>) -> Self {
        if let Ok(input) = &mut self.input
            && let Err(error) = edit(input)
        {
            self.input = Err(error);
        }
        self
    }

    fn set_options(mut self, set: impl FnOnce(CallOptions) -> CallOptions) -> Self {
        self.transport = self.transport.with_options(set(self.transport.options()));
        self
    }

    /// Sets the limit for this call, with all its attempts and waits; by default the client's, which is 60 s.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.set_options(|options| options.timeout(timeout))
    }

    /// Sets the limit for each attempt of this call; by default the client's, which is 15 s.
    pub fn attempt_timeout(self, timeout: Duration) -> Self {
        self.set_options(|options| options.attempt_timeout(timeout))
    }

    /// Sets a header of this call, such as `traceparent` or an idempotency key, for all its attempts.
    ///
    /// Sending the call fails with [`InvalidRequest::Header`] if the name or the value is invalid, or if the client sets the header
    /// itself, such as `x-api-key`. The value is redacted like the API key.
    ///
    /// # Example
    ///
    /// ```
    /// # use vambe_api::{Client, Error, Metadata, TicketRef};
    /// # async fn example(client: Client, ticket: TicketRef, metadata: Metadata, traceparent: &str) -> Result<(), Error> {
    /// client.update_ticket_metadata(ticket, metadata).header("traceparent", traceparent).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn header<K, V>(mut self, name: K, value: V) -> Self
    where
        HeaderName: TryFrom<K>,
        HeaderValue: TryFrom<V>,
    {
        match self.transport.with_header(name, value) {
            Ok(transport) => self.transport = transport,
            Err(error) if self.input.is_ok() => self.input = Err(error.into()),
            // The first fault of the call is returned.
            Err(_) => {}
        }
        self
    }

    /// Sets the label of the account in logs, traces and observations of this call; by default the client's, if it has one.
    pub fn account(mut self, label: &str) -> Self {
        self.transport = self.transport.with_account(label);
        self
    }

    /// Sets how many attempts this call may make, the first one included; by default the client's, which is 3.
    ///
    /// 1 switches retries off: see `ClientBuilder::max_attempts` for when to.
    pub fn max_attempts(self, attempts: u32) -> Self {
        self.set_options(|options| options.max_attempts(attempts))
    }
}

impl<I: CallInput> IntoFuture for Call<I> {
    type Output = Result<Response<I::Output>, Error>;
    // Boxed, since the type of an `async` block cannot be named yet.
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { transport, input, .. } = self;
        // Not within the block, whose memory would hold the input twice.
        match input {
            Ok(input) => Box::pin(async move { input.send(transport).await }),
            Err(error) => Box::pin(ready(Err(error.into()))),
        }
    }
}

impl<I: CallInput, M> fmt::Debug for Call<I, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("operation", &I::OPERATION.id)
            .field("options", &self.transport.options())
            .finish_non_exhaustive()
    }
}
