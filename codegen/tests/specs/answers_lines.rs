//! The hand-written lines that are proposed for codegen/tests/specs/answers.yaml.

pub struct Client { pub raw: crate::generated::answers::Client }

pub mod list_tickets {
//! The request of [`Client::list_tickets`](crate::Client::list_tickets), to be awaited.

/// The request of `list_tickets`, which is sent when it is awaited.
#[must_use = "nothing is sent until the request is awaited"]
pub struct ListTickets {
    client: crate::generated::answers::Client,
    options: crate::CallOptions,
}
impl ListTickets {
    pub(crate) fn new(client: crate::generated::answers::Client) -> Self {
        Self {
            options: client.transport().options(),
            client,
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
    async fn send(
        self,
    ) -> Result<
        crate::Response<::std::vec::Vec<crate::generated::answers::types::Ticket>>,
        crate::Error,
    > {
        self.client.with_options(self.options).list_tickets().await
    }
}
/// Shows nothing of what is set: parameters may be private.
impl std::fmt::Debug for ListTickets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ListTickets").finish_non_exhaustive()
    }
}
impl IntoFuture for ListTickets {
    type Output = Result<
        crate::Response<::std::vec::Vec<crate::generated::answers::types::Ticket>>,
        crate::Error,
    >;
    type IntoFuture = std::pin::Pin<Box<dyn Future<Output = Self::Output> + Send>>;
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
}
pub use list_tickets::ListTickets;

impl Client {
    /// Sends a `GET` request to `/tickets`. Await what this gives to send the request.
    ///
    /// # Errors
    ///
    /// Awaiting gives [`Error`](crate::Error).
    pub fn list_tickets(&self) -> ListTickets {
        ListTickets::new(self.raw.clone())
    }
}

pub mod create_ticket {
//! The request of [`Client::create_ticket`](crate::Client::create_ticket), to be awaited.

/// The request of `create_ticket`, which is sent when it is awaited.
#[must_use = "nothing is sent until the request is awaited"]
pub struct CreateTicket {
    client: crate::generated::answers::Client,
    options: crate::CallOptions,
    request: crate::generated::answers::types::CreateTicketBody,
}
impl CreateTicket {
    pub(crate) fn new(
        client: crate::generated::answers::Client,
        request: crate::generated::answers::types::CreateTicketBody,
    ) -> Self {
        Self {
            options: client.transport().options(),
            client,
            request: request,
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
    async fn send(
        self,
    ) -> Result<crate::Response<crate::generated::answers::types::CreateTicketResponse>, crate::Error> {
        self.client.with_options(self.options).create_ticket(&self.request).await
    }
}
/// Shows nothing of what is set: parameters may be private.
impl std::fmt::Debug for CreateTicket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CreateTicket").finish_non_exhaustive()
    }
}
impl IntoFuture for CreateTicket {
    type Output = Result<
        crate::Response<crate::generated::answers::types::CreateTicketResponse>,
        crate::Error,
    >;
    type IntoFuture = std::pin::Pin<Box<dyn Future<Output = Self::Output> + Send>>;
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
}
pub use create_ticket::CreateTicket;

impl Client {
    /// Create a ticket. Await what this gives to send the request.
    ///
    /// # Errors
    ///
    /// Awaiting gives [`Error`](crate::Error).
    pub fn create_ticket(
        &self,
        request: crate::generated::answers::types::CreateTicketBody,
    ) -> CreateTicket {
        CreateTicket::new(self.raw.clone(), request)
    }
}

pub mod list_contacts {
//! The request of [`Client::list_contacts`](crate::Client::list_contacts), to be awaited.

/// The request of `list_contacts`, which is sent when it is awaited.
#[must_use = "nothing is sent until the request is awaited"]
pub struct ListContacts {
    client: crate::generated::answers::Client,
    options: crate::CallOptions,
}
impl ListContacts {
    pub(crate) fn new(client: crate::generated::answers::Client) -> Self {
        Self {
            options: client.transport().options(),
            client,
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
    async fn send(
        self,
    ) -> Result<
        crate::Response<
            ::std::collections::BTreeMap<
                ::std::string::String,
                crate::generated::answers::types::TicketList,
            >,
        >,
        crate::Error,
    > {
        self.client.with_options(self.options).list_contacts().await
    }
}
/// Shows nothing of what is set: parameters may be private.
impl std::fmt::Debug for ListContacts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ListContacts").finish_non_exhaustive()
    }
}
impl IntoFuture for ListContacts {
    type Output = Result<
        crate::Response<
            ::std::collections::BTreeMap<
                ::std::string::String,
                crate::generated::answers::types::TicketList,
            >,
        >,
        crate::Error,
    >;
    type IntoFuture = std::pin::Pin<Box<dyn Future<Output = Self::Output> + Send>>;
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
}
pub use list_contacts::ListContacts;

impl Client {
    /// Sends a `GET` request to `/contacts`. Await what this gives to send the request.
    ///
    /// # Errors
    ///
    /// Awaiting gives [`Error`](crate::Error).
    pub fn list_contacts(&self) -> ListContacts {
        ListContacts::new(self.raw.clone())
    }
}
