//! vambe-api's calls that fail, get long answers or are retried, with its defaults otherwise.

use std::time::Duration;

use vambe_api::{Client, ErrorKind, Metadata, TicketRef};

use super::Call;
use crate::{
    Failure,
    update::{API_KEY, MANY, TICKET, value},
};

/// A `404` as documented.
pub const NOT_FOUND: &str = "404";
/// A `400` with a message of 64 KiB, to a request with 1,000 pairs that the message repeats.
pub const LARGE: &str = "400 with a message of 64 KiB, of 1,000 pairs";
/// A success with 6,000 undocumented fields.
pub const FIELDS: &str = "200 with 6,000 unknown fields";
/// A `503`, then a success.
pub const RETRY: &str = "503, then 200";
/// A connection that the server closes after the request.
const RESET: &str = "lost connection";
/// A server that does not answer in time.
const TIME_OUT: &str = "time-out";

/// All bad paths.
pub const BAD_PATHS: [&str; 6] = [NOT_FOUND, LARGE, FIELDS, RETRY, RESET, TIME_OUT];

#[derive(Clone)]
pub(crate) struct BadPath {
    client: Client,
    pairs: usize,
    /// The error and the number of attempts, which make sure that the call takes this path.
    expected: (Option<ErrorKind>, u32),
}

impl BadPath {
    /// Creates the bad path with this name; `None` if no path has it.
    pub(crate) fn new(name: &str, url: &str) -> Result<Option<Self>, Failure> {
        // The server picks its answer by the first segment of the path.
        let (segment, pairs, kind, attempts) = match name {
            NOT_FOUND => ("not-found", 2, Some(ErrorKind::Status), 1),
            LARGE => ("large", MANY, Some(ErrorKind::Status), 1),
            FIELDS => ("fields", 2, None, 1),
            RETRY => ("retry", 2, None, 2),
            RESET => ("reset", 2, Some(ErrorKind::Interrupted), 1),
            TIME_OUT => ("silent", 2, Some(ErrorKind::Timeout), 1),
            _ => return Ok(None),
        };
        let client = Client::builder()
            .api_key(API_KEY)
            .base_url(format!("{url}/{segment}"))
            .backoff(Duration::ZERO, Duration::ZERO)
            .retry_budget(u32::MAX)
            .max_attempts(attempts)
            // Long enough for a connection under valgrind on a busy machine.
            .attempt_timeout(if name == TIME_OUT { Duration::from_millis(300) } else { Duration::from_secs(15) })
            .build()?;
        Ok(Some(Self { client, pairs, expected: (kind, attempts) }))
    }
}

impl Call for BadPath {
    async fn call(&self) -> Result<(), Failure> {
        let pairs = (0..self.pairs).map(|index| (format!("key_{index}"), value(index)));
        let metadata = Metadata::try_from_iter(pairs)?;
        let result = self.client.update_ticket_metadata(TicketRef::TicketId(TICKET), metadata).await;
        let found = match &result {
            Ok(response) => (None, response.attempts()),
            Err(error) => (Some(error.kind()), error.attempts()),
        };
        if found == self.expected {
            return Ok(());
        }
        Err(format!("the call ended as {found:?}, not as {:?}", self.expected).into())
    }
}
