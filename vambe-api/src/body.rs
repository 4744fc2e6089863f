//! Reading the body of an answer: never more than a bound, and never losing what came before a break.

use reqwest::Response;

/// The most that is read of an answer. The documented ones are under 100 bytes.
const MAX_BYTES: usize = 64 * 1024;

/// What could be read of a body.
#[derive(Clone, Debug, Default)]
pub(crate) struct Body {
    pub(crate) bytes: Vec<u8>,
    /// Whether there was more: it was too long, or broke off.
    pub(crate) cut: bool,
}

impl Body {
    pub(crate) async fn read(mut response: Response) -> Self {
        let mut body = Self::default();
        loop {
            match response.chunk().await {
                Ok(None) => return body,
                Ok(Some(chunk)) => {
                    let room = MAX_BYTES - body.bytes.len();
                    body.bytes.extend(chunk.iter().take(room));
                    if chunk.len() > room {
                        body.cut = true;
                        return body;
                    }
                }
                // The status has come already, and tells more than this would.
                Err(_) => {
                    body.cut = true;
                    return body;
                }
            }
        }
    }
}
