//! The replies that stand in for a server, and the requests that they were given to.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use reqwest::StatusCode;

use super::{RecordedRequest, Reply};
use crate::{Client, ConfigError};

/// A stand-in for the server: it replies to each attempt, and records the requests.
///
/// Cheap to clone; the clones share replies and records. Several clients can have the same script.
///
/// In blocking mode, delays and back-off take real time: set [`backoff`](crate::ClientBuilder::backoff) to zero.
///
/// # Example
///
/// A function decides by the request, and can keep state:
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use vambe_api::{Client, StatusCode, TicketRef, testing::{Reply, Script}};
///
/// let script = Script::from_fn(|request| match request.has_api_key("the-new-key") {
///     true => Reply::ok(),
///     false => Reply::error(StatusCode::UNAUTHORIZED, "Unauthorized"),
/// });
/// let client = Client::builder().api_key("the-old-key").script(&script).build()?;
///
/// let ticket = TicketRef::contact_number("+56912345678")?;
/// let error = client.update_ticket_metadata(ticket, [("order_id", "ORD-1")]).await.unwrap_err();
/// assert!(error.is_unauthorized());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Script(Arc<Shared>);

struct Shared {
    replies: Mutex<Replies>,
    requests: Mutex<Vec<RecordedRequest>>,
}

enum Replies {
    InOrder(VecDeque<Reply>),
    Computed(Box<dyn FnMut(&RecordedRequest) -> Reply + Send>),
}

impl Script {
    /// Creates a script with one reply for each attempt, in order.
    ///
    /// An attempt after the last reply gets `501`, which is not retried, with a message that says so.
    pub fn new(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self::with(Replies::InOrder(replies.into_iter().collect()))
    }

    /// Creates a script whose replies a function returns. It is called once for each attempt, one at a time.
    pub fn from_fn(reply: impl FnMut(&RecordedRequest) -> Reply + Send + 'static) -> Self {
        Self::with(Replies::Computed(Box::new(reply)))
    }

    /// Creates a client that this script answers, with default settings and the API key `test-key`.
    ///
    /// For other settings, use [`ClientBuilder::script`](crate::ClientBuilder::script).
    ///
    /// # Errors
    ///
    /// [`ConfigError::HttpClient`] if the HTTP client, which is built but not used, could not be set up.
    pub fn client(&self) -> Result<Client, ConfigError> {
        Client::builder().api_key("test-key").script(self).build()
    }

    /// Returns the requests of all attempts so far, in order. They include those whose connection was refused.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        lock(&self.0.requests).clone()
    }

    /// Returns the number of replies that no attempt has taken yet; 0 if a function returns them.
    pub fn unused(&self) -> usize {
        match &*lock(&self.0.replies) {
            Replies::InOrder(replies) => replies.len(),
            Replies::Computed(_) => 0,
        }
    }

    fn with(replies: Replies) -> Self {
        Self(Arc::new(Shared { replies: Mutex::new(replies), requests: Mutex::default() }))
    }

    /// Records a request and returns its reply.
    pub(crate) fn reply(&self, request: RecordedRequest) -> Reply {
        let count = {
            let mut requests = lock(&self.0.requests);
            requests.push(request.clone());
            requests.len()
        };
        match &mut *lock(&self.0.replies) {
            Replies::InOrder(replies) => replies.pop_front().unwrap_or_else(|| {
                let message = format!("the script has no reply for request {count}: add one");
                Reply::error(StatusCode::NOT_IMPLEMENTED, &message)
            }),
            Replies::Computed(reply) => reply(&request),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Shows the number of requests and of unused replies.
impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let requests = lock(&self.0.requests).len();
        f.debug_struct("Script").field("requests", &requests).field("unused", &self.unused()).finish_non_exhaustive()
    }
}
