//! The hand-written lines that are proposed for codegen/tests/specs/groups.yaml.

pub struct Client { pub raw: crate::generated::groups::Client }

pub mod close_ticket {
//! The request of [`Client::close_ticket`](crate::Client::close_ticket), to be awaited.

/// The request of `close_ticket`, which is sent when it is awaited.
#[must_use = "nothing is sent until the request is awaited"]
pub struct CloseTicket {
    client: crate::generated::groups::Client,
    options: crate::CallOptions,
    request: crate::generated::groups::types::CloseTicket,
}
impl CloseTicket {
    pub(crate) fn new(client: crate::generated::groups::Client, named: crate::TicketRef) -> Self {
        Self {
            options: client.transport().options(),
            client,
            request: crate::generated::groups::types::CloseTicket::new(named),
        }
    }
    /// Sets it; left out of the request unless this is called.
    pub fn notify(mut self, notify: bool) -> Self {
        self.request.notify = Some(notify);
        self
    }
    /// Sets it; left out of the request unless this is called.
    pub fn watchers(mut self, watchers: ::std::vec::Vec<::std::string::String>) -> Self {
        self.request.watchers = Some(watchers);
        self
    }
    /// Sets the limit for this call, with all its attempts and waits.
    pub fn timeout(mut self, timeout: std::time::Duration) -> Self {
        self.options = self.options.timeout(timeout);
        self
    }
    /// Sets the limit for each attempt of this call.
    pub fn attempt_timeout(mut self, timeout: std::time::Duration) -> Self {
        self.options = self.options.attempt_timeout(timeout);
        self
    }
    /// Sets how many attempts this call may make, the first one included.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.options = self.options.max_attempts(attempts);
        self
    }
    async fn send(self) -> Result<crate::Response<()>, crate::Error> {
        self.client.with_options(self.options).close_ticket(&self.request).await
    }
}
/// Shows nothing of what is set: parameters may be private.
impl std::fmt::Debug for CloseTicket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CloseTicket").finish_non_exhaustive()
    }
}
impl IntoFuture for CloseTicket {
    type Output = Result<crate::Response<()>, crate::Error>;
    type IntoFuture = std::pin::Pin<Box<dyn Future<Output = Self::Output> + Send>>;
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
}
pub use close_ticket::CloseTicket;

impl Client {
    /// Sends a `POST` request to `/tickets/close`. Await what this gives to send the request.
    ///
    /// # Errors
    ///
    /// Awaiting gives [`Error`](crate::Error).
    pub fn close_ticket(&self, named: crate::TicketRef) -> CloseTicket {
        CloseTicket::new(self.raw.clone(), named)
    }
}

pub mod reopen_ticket {
//! The request of [`Client::reopen_ticket`](crate::Client::reopen_ticket), to be awaited.

/// The request of `reopen_ticket`, which is sent when it is awaited.
#[must_use = "nothing is sent until the request is awaited"]
pub struct ReopenTicket {
    client: crate::generated::groups::Client,
    options: crate::CallOptions,
    request: crate::generated::groups::types::ReopenTicketBody,
}
impl ReopenTicket {
    pub(crate) fn new(
        client: crate::generated::groups::Client,
        named: crate::TicketRef,
        reason: ::std::string::String,
    ) -> Self {
        Self {
            options: client.transport().options(),
            client,
            request: crate::generated::groups::types::ReopenTicketBody::new(named, reason),
        }
    }
    /// Sets the limit for this call, with all its attempts and waits.
    pub fn timeout(mut self, timeout: std::time::Duration) -> Self {
        self.options = self.options.timeout(timeout);
        self
    }
    /// Sets the limit for each attempt of this call.
    pub fn attempt_timeout(mut self, timeout: std::time::Duration) -> Self {
        self.options = self.options.attempt_timeout(timeout);
        self
    }
    /// Sets how many attempts this call may make, the first one included.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.options = self.options.max_attempts(attempts);
        self
    }
    async fn send(self) -> Result<crate::Response<()>, crate::Error> {
        self.client.with_options(self.options).reopen_ticket(&self.request).await
    }
}
/// Shows nothing of what is set: parameters may be private.
impl std::fmt::Debug for ReopenTicket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReopenTicket").finish_non_exhaustive()
    }
}
impl IntoFuture for ReopenTicket {
    type Output = Result<crate::Response<()>, crate::Error>;
    type IntoFuture = std::pin::Pin<Box<dyn Future<Output = Self::Output> + Send>>;
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
}
pub use reopen_ticket::ReopenTicket;

impl Client {
    /// Sends a `POST` request to `/tickets/reopen`. Await what this gives to send the request.
    ///
    /// # Errors
    ///
    /// Awaiting gives [`Error`](crate::Error).
    pub fn reopen_ticket(
        &self,
        named: crate::TicketRef,
        reason: ::std::string::String,
    ) -> ReopenTicket {
        ReopenTicket::new(self.raw.clone(), named, reason)
    }
}

pub mod send_message {
//! The request of [`Client::send_message`](crate::Client::send_message), to be awaited.

/// The request of `send_message`, which is sent when it is awaited.
#[must_use = "nothing is sent until the request is awaited"]
pub struct SendMessage {
    client: crate::generated::groups::Client,
    options: crate::CallOptions,
    request: crate::generated::groups::types::Message,
}
impl SendMessage {
    pub(crate) fn new(
        client: crate::generated::groups::Client,
        named_one: crate::generated::groups::types::MessageChoice,
        to: ::std::string::String,
        named: bool,
    ) -> Self {
        Self {
            options: client.transport().options(),
            client,
            request: crate::generated::groups::types::Message::new(named_one, to, named),
        }
    }
    /// Sets it; left out of the request unless this is called.
    pub fn recipient(mut self, recipient: crate::generated::groups::types::MessageRecipient) -> Self {
        self.request.recipient = Some(recipient);
        self
    }
    /// Sets the limit for this call, with all its attempts and waits.
    pub fn timeout(mut self, timeout: std::time::Duration) -> Self {
        self.options = self.options.timeout(timeout);
        self
    }
    /// Sets the limit for each attempt of this call.
    pub fn attempt_timeout(mut self, timeout: std::time::Duration) -> Self {
        self.options = self.options.attempt_timeout(timeout);
        self
    }
    /// Sets how many attempts this call may make, the first one included.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.options = self.options.max_attempts(attempts);
        self
    }
    async fn send(self) -> Result<crate::Response<()>, crate::Error> {
        self.client.with_options(self.options).send_message(&self.request).await
    }
}
/// Shows nothing of what is set: parameters may be private.
impl std::fmt::Debug for SendMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SendMessage").finish_non_exhaustive()
    }
}
impl IntoFuture for SendMessage {
    type Output = Result<crate::Response<()>, crate::Error>;
    type IntoFuture = std::pin::Pin<Box<dyn Future<Output = Self::Output> + Send>>;
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
}
pub use send_message::SendMessage;

impl Client {
    /// Sends a `POST` request to `/messages`. Await what this gives to send the request.
    ///
    /// # Errors
    ///
    /// Awaiting gives [`Error`](crate::Error).
    pub fn send_message(
        &self,
        named_one: crate::generated::groups::types::MessageChoice,
        to: ::std::string::String,
        named: bool,
    ) -> SendMessage {
        SendMessage::new(self.raw.clone(), named_one, to, named)
    }
}

pub mod search {
//! The request of [`Client::search`](crate::Client::search), to be awaited.

/// The request of `search`, which is sent when it is awaited.
#[must_use = "nothing is sent until the request is awaited"]
pub struct Search {
    client: crate::generated::groups::Client,
    options: crate::CallOptions,
    request: crate::generated::groups::types::Search,
}
impl Search {
    pub(crate) fn new(
        client: crate::generated::groups::Client,
        named: crate::generated::groups::types::SearchChoice,
        limit: i64,
    ) -> Self {
        Self {
            options: client.transport().options(),
            client,
            request: crate::generated::groups::types::Search::new(named, limit),
        }
    }
    /// Sets the limit for this call, with all its attempts and waits.
    pub fn timeout(mut self, timeout: std::time::Duration) -> Self {
        self.options = self.options.timeout(timeout);
        self
    }
    /// Sets the limit for each attempt of this call.
    pub fn attempt_timeout(mut self, timeout: std::time::Duration) -> Self {
        self.options = self.options.attempt_timeout(timeout);
        self
    }
    /// Sets how many attempts this call may make, the first one included.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.options = self.options.max_attempts(attempts);
        self
    }
    async fn send(self) -> Result<crate::Response<()>, crate::Error> {
        self.client.with_options(self.options).search(&self.request).await
    }
}
/// Shows nothing of what is set: parameters may be private.
impl std::fmt::Debug for Search {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Search").finish_non_exhaustive()
    }
}
impl IntoFuture for Search {
    type Output = Result<crate::Response<()>, crate::Error>;
    type IntoFuture = std::pin::Pin<Box<dyn Future<Output = Self::Output> + Send>>;
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
}
pub use search::Search;

impl Client {
    /// Sends a `POST` request to `/search`. Await what this gives to send the request.
    ///
    /// # Errors
    ///
    /// Awaiting gives [`Error`](crate::Error).
    pub fn search(
        &self,
        named: crate::generated::groups::types::SearchChoice,
        limit: i64,
    ) -> Search {
        Search::new(self.raw.clone(), named, limit)
    }
}
