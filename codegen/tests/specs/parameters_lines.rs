//! The hand-written lines that are proposed for codegen/tests/specs/parameters.yaml.

pub struct Client { pub raw: crate::generated::parameters::Client }

pub mod get_tag {
//! The request of [`Client::get_tag`](crate::Client::get_tag), to be awaited.

/// The request of `get_tag`, which is sent when it is awaited.
#[must_use = "nothing is sent until the request is awaited"]
pub struct GetTag {
    client: crate::generated::parameters::Client,
    options: crate::CallOptions,
    contact_number: String,
    tag_id: ::uuid::Uuid,
    state: crate::generated::parameters::types::State,
    x_tenant: String,
    ids: Option<::std::vec::Vec<::uuid::Uuid>>,
    limit: Option<i64>,
    since: Option<String>,
    verbose: Option<bool>,
    x_trace: Option<String>,
}
impl GetTag {
    pub(crate) fn new(
        client: crate::generated::parameters::Client,
        contact_number: String,
        tag_id: ::uuid::Uuid,
        state: crate::generated::parameters::types::State,
        x_tenant: String,
    ) -> Self {
        Self {
            options: client.transport().options(),
            client,
            contact_number,
            tag_id,
            state,
            x_tenant,
            ids: None,
            limit: None,
            since: None,
            verbose: None,
            x_trace: None,
        }
    }
    /// Sets it; left out of the request unless this is called.
    pub fn ids(mut self, ids: ::std::vec::Vec<::uuid::Uuid>) -> Self {
        self.ids = Some(ids);
        self
    }
    /// Sets it; left out of the request unless this is called.
    pub fn limit(mut self, limit: i64) -> Self {
        self.limit = Some(limit);
        self
    }
    /// Sets it; left out of the request unless this is called.
    pub fn since(mut self, since: String) -> Self {
        self.since = Some(since);
        self
    }
    /// Sets it; left out of the request unless this is called.
    pub fn verbose(mut self, verbose: bool) -> Self {
        self.verbose = Some(verbose);
        self
    }
    /// Sets it; left out of the request unless this is called.
    pub fn x_trace(mut self, x_trace: String) -> Self {
        self.x_trace = Some(x_trace);
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
    ) -> Result<crate::Response<crate::generated::parameters::types::Tag>, crate::Error> {
        self.client
            .with_options(self.options)
            .get_tag(
                &self.contact_number,
                &self.tag_id,
                self.ids.as_ref(),
                self.limit,
                self.since.as_deref(),
                self.state,
                self.verbose,
                self.x_trace.as_deref(),
                &self.x_tenant,
            )
            .await
    }
}
/// Shows nothing of what is set: parameters may be private.
impl std::fmt::Debug for GetTag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GetTag").finish_non_exhaustive()
    }
}
impl IntoFuture for GetTag {
    type Output = Result<crate::Response<crate::generated::parameters::types::Tag>, crate::Error>;
    type IntoFuture = std::pin::Pin<Box<dyn Future<Output = Self::Output> + Send>>;
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
}
pub use get_tag::GetTag;

impl Client {
    /// Sends a `GET` request to `/contacts/{contact_number}/tags/{tag-id}`. Await what this gives to send the request.
    ///
    /// # Errors
    ///
    /// Awaiting gives [`Error`](crate::Error).
    pub fn get_tag(
        &self,
        contact_number: String,
        tag_id: ::uuid::Uuid,
        state: crate::generated::parameters::types::State,
        x_tenant: String,
    ) -> GetTag {
        GetTag::new(self.raw.clone(), contact_number, tag_id, state, x_tenant)
    }
}

pub mod delete_tag {
//! The request of [`Client::delete_tag`](crate::Client::delete_tag), to be awaited.

/// The request of `delete_tag`, which is sent when it is awaited.
#[must_use = "nothing is sent until the request is awaited"]
pub struct DeleteTag {
    client: crate::generated::parameters::Client,
    options: crate::CallOptions,
    contact_number: String,
    tag_id: ::uuid::Uuid,
}
impl DeleteTag {
    pub(crate) fn new(
        client: crate::generated::parameters::Client,
        contact_number: String,
        tag_id: ::uuid::Uuid,
    ) -> Self {
        Self {
            options: client.transport().options(),
            client,
            contact_number,
            tag_id,
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
        self.client
            .with_options(self.options)
            .delete_tag(&self.contact_number, &self.tag_id)
            .await
    }
}
/// Shows nothing of what is set: parameters may be private.
impl std::fmt::Debug for DeleteTag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeleteTag").finish_non_exhaustive()
    }
}
impl IntoFuture for DeleteTag {
    type Output = Result<crate::Response<()>, crate::Error>;
    type IntoFuture = std::pin::Pin<Box<dyn Future<Output = Self::Output> + Send>>;
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
}
pub use delete_tag::DeleteTag;

impl Client {
    /// Sends a `DELETE` request to `/contacts/{contact_number}/tags/{tag-id}`. Await what this gives to send the request.
    ///
    /// # Errors
    ///
    /// Awaiting gives [`Error`](crate::Error).
    pub fn delete_tag(
        &self,
        contact_number: String,
        tag_id: ::uuid::Uuid,
    ) -> DeleteTag {
        DeleteTag::new(self.raw.clone(), contact_number, tag_id)
    }
}

pub mod patch_tag {
//! The request of [`Client::patch_tag`](crate::Client::patch_tag), to be awaited.

/// The request of `patch_tag`, which is sent when it is awaited.
#[must_use = "nothing is sent until the request is awaited"]
pub struct PatchTag {
    client: crate::generated::parameters::Client,
    options: crate::CallOptions,
    contact_number: String,
    tag_id: ::uuid::Uuid,
    request: crate::generated::parameters::types::Tag,
}
impl PatchTag {
    pub(crate) fn new(
        client: crate::generated::parameters::Client,
        contact_number: String,
        tag_id: ::uuid::Uuid,
        request: crate::generated::parameters::types::Tag,
    ) -> Self {
        Self {
            options: client.transport().options(),
            client,
            contact_number,
            tag_id,
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
    async fn send(self) -> Result<crate::Response<()>, crate::Error> {
        self.client
            .with_options(self.options)
            .patch_tag(&self.contact_number, &self.tag_id, &self.request)
            .await
    }
}
/// Shows nothing of what is set: parameters may be private.
impl std::fmt::Debug for PatchTag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PatchTag").finish_non_exhaustive()
    }
}
impl IntoFuture for PatchTag {
    type Output = Result<crate::Response<()>, crate::Error>;
    type IntoFuture = std::pin::Pin<Box<dyn Future<Output = Self::Output> + Send>>;
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
}
pub use patch_tag::PatchTag;

impl Client {
    /// Sends a `PATCH` request to `/contacts/{contact_number}/tags/{tag-id}`. Await what this gives to send the request.
    ///
    /// # Errors
    ///
    /// Awaiting gives [`Error`](crate::Error).
    pub fn patch_tag(
        &self,
        contact_number: String,
        tag_id: ::uuid::Uuid,
        request: crate::generated::parameters::types::Tag,
    ) -> PatchTag {
        PatchTag::new(self.raw.clone(), contact_number, tag_id, request)
    }
}

pub mod put_level {
//! The request of [`Client::put_level`](crate::Client::put_level), to be awaited.

/// The request of `put_level`, which is sent when it is awaited.
#[must_use = "nothing is sent until the request is awaited"]
pub struct PutLevel {
    client: crate::generated::parameters::Client,
    options: crate::CallOptions,
    level: crate::generated::parameters::types::PutLevelLevel,
    ratio: f32,
    state: crate::generated::parameters::types::State,
}
impl PutLevel {
    pub(crate) fn new(
        client: crate::generated::parameters::Client,
        level: crate::generated::parameters::types::PutLevelLevel,
        ratio: f32,
        state: crate::generated::parameters::types::State,
    ) -> Self {
        Self {
            options: client.transport().options(),
            client,
            level,
            ratio,
            state,
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
        self.client
            .with_options(self.options)
            .put_level(&self.level, self.ratio, self.state)
            .await
    }
}
/// Shows nothing of what is set: parameters may be private.
impl std::fmt::Debug for PutLevel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PutLevel").finish_non_exhaustive()
    }
}
impl IntoFuture for PutLevel {
    type Output = Result<crate::Response<()>, crate::Error>;
    type IntoFuture = std::pin::Pin<Box<dyn Future<Output = Self::Output> + Send>>;
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
}
pub use put_level::PutLevel;

impl Client {
    /// Sends a `PUT` request to `/levels/{level}/{ratio}/{state}`. Await what this gives to send the request.
    ///
    /// # Errors
    ///
    /// Awaiting gives [`Error`](crate::Error).
    pub fn put_level(
        &self,
        level: crate::generated::parameters::types::PutLevelLevel,
        ratio: f32,
        state: crate::generated::parameters::types::State,
    ) -> PutLevel {
        PutLevel::new(self.raw.clone(), level, ratio, state)
    }
}
