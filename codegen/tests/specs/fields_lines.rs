//! The hand-written lines that are proposed for codegen/tests/specs/fields.yaml.

pub struct Client { pub raw: crate::generated::fields::Client }

pub mod put_thing {
//! The request of [`Client::put_thing`](crate::Client::put_thing), to be awaited.

/// The request of `put_thing`, which is sent when it is awaited.
#[must_use = "nothing is sent until the request is awaited"]
pub struct PutThing {
    client: crate::generated::fields::Client,
    options: crate::CallOptions,
    request: crate::generated::fields::types::Thing,
}
impl PutThing {
    pub(crate) fn new(
        client: crate::generated::fields::Client,
        request: crate::generated::fields::types::Thing,
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
    ) -> Result<crate::Response<crate::generated::fields::types::Thing>, crate::Error> {
        self.client.with_options(self.options).put_thing(&self.request).await
    }
}
/// Shows nothing of what is set: parameters may be private.
impl std::fmt::Debug for PutThing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PutThing").finish_non_exhaustive()
    }
}
impl IntoFuture for PutThing {
    type Output = Result<crate::Response<crate::generated::fields::types::Thing>, crate::Error>;
    type IntoFuture = std::pin::Pin<Box<dyn Future<Output = Self::Output> + Send>>;
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
}
pub use put_thing::PutThing;

impl Client {
    /// Sends a `PUT` request to `/things`. Await what this gives to send the request.
    ///
    /// # Errors
    ///
    /// Awaiting gives [`Error`](crate::Error).
    pub fn put_thing(&self, request: crate::generated::fields::types::Thing) -> PutThing {
        PutThing::new(self.raw.clone(), request)
    }
}
