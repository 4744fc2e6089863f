//! The hand-written lines that are proposed for codegen/tests/specs/mixed.yaml.

pub struct Client { pub raw: crate::generated::mixed::Client }

pub mod make_a {
//! The request of [`Client::make_a`](crate::Client::make_a), to be awaited.

/// The request of `make_a`, which is sent when it is awaited.
#[must_use = "nothing is sent until the request is awaited"]
pub struct MakeA {
    client: crate::generated::mixed::Client,
    options: crate::CallOptions,
    id: crate::generated::mixed::types::Id,
    ids: Option<crate::generated::mixed::types::Ids>,
    request: crate::generated::mixed::types::ABody,
}
impl MakeA {
    pub(crate) fn new(
        client: crate::generated::mixed::Client,
        id: crate::generated::mixed::types::Id,
        request: crate::generated::mixed::types::ABody,
    ) -> Self {
        Self {
            options: client.transport().options(),
            client,
            id,
            ids: None,
            request: request,
        }
    }
    /// Sets it; left out of the request unless this is called.
    pub fn ids(mut self, ids: crate::generated::mixed::types::Ids) -> Self {
        self.ids = Some(ids);
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
    async fn send(
        self,
    ) -> Result<crate::Response<crate::generated::mixed::types::Sub>, crate::Error> {
        self.client
            .with_options(self.options)
            .make_a(&self.id, self.ids.as_ref(), &self.request)
            .await
    }
}
/// Shows nothing of what is set: parameters may be private.
impl std::fmt::Debug for MakeA {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MakeA").finish_non_exhaustive()
    }
}
impl IntoFuture for MakeA {
    type Output = Result<crate::Response<crate::generated::mixed::types::Sub>, crate::Error>;
    type IntoFuture = std::pin::Pin<Box<dyn Future<Output = Self::Output> + Send>>;
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
}
pub use make_a::MakeA;

impl Client {
    /// Sends a `POST` request to `/a/{id}`. Await what this gives to send the request.
    ///
    /// # Errors
    ///
    /// Awaiting gives [`Error`](crate::Error).
    pub fn make_a(
        &self,
        id: crate::generated::mixed::types::Id,
        request: crate::generated::mixed::types::ABody,
    ) -> MakeA {
        MakeA::new(self.raw.clone(), id, request)
    }
}

pub mod make_b {
//! The request of [`Client::make_b`](crate::Client::make_b), to be awaited.

/// The request of `make_b`, which is sent when it is awaited.
#[must_use = "nothing is sent until the request is awaited"]
pub struct MakeB {
    client: crate::generated::mixed::Client,
    options: crate::CallOptions,
    request: ::std::vec::Vec<crate::generated::mixed::types::MakeBBodyItem>,
}
impl MakeB {
    pub(crate) fn new(
        client: crate::generated::mixed::Client,
        request: ::std::vec::Vec<crate::generated::mixed::types::MakeBBodyItem>,
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
    ) -> Result<crate::Response<crate::generated::mixed::types::MakeBResponse>, crate::Error> {
        self.client.with_options(self.options).make_b(&self.request).await
    }
}
/// Shows nothing of what is set: parameters may be private.
impl std::fmt::Debug for MakeB {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MakeB").finish_non_exhaustive()
    }
}
impl IntoFuture for MakeB {
    type Output = Result<
        crate::Response<crate::generated::mixed::types::MakeBResponse>,
        crate::Error,
    >;
    type IntoFuture = std::pin::Pin<Box<dyn Future<Output = Self::Output> + Send>>;
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
}
pub use make_b::MakeB;

impl Client {
    /// Sends a `POST` request to `/b`. Await what this gives to send the request.
    ///
    /// # Errors
    ///
    /// Awaiting gives [`Error`](crate::Error).
    pub fn make_b(
        &self,
        request: ::std::vec::Vec<crate::generated::mixed::types::MakeBBodyItem>,
    ) -> MakeB {
        MakeB::new(self.raw.clone(), request)
    }
}
