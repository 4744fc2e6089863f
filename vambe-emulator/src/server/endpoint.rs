//! The table of endpoints: the checks of a request in their order, and the effect if all of them pass.
//!
//! Nothing here reads from or writes to a connection.

use std::{borrow::Cow, fmt, sync::Arc};

use http::{HeaderMap, Method, Request, Response, StatusCode, header, request::Parts};

use super::{
    body::{Body, End},
    payload::Payload,
    response::{self, ErrorResponse},
    update::Update,
};
use crate::world::World;

/// The path of the endpoint that updates the metadata of a ticket; its method is POST.
pub const METADATA_PATH: &str = "/api/public/ticket/metadata";

/// The name of the header with the API key.
pub(super) const API_KEY_HEADER: &str = "x-api-key";

/// The endpoints of the API. A further one is a further row.
const ENDPOINTS: &[Endpoint] =
    &[Endpoint { method: Method::POST, path: Cow::Borrowed(METADATA_PATH), handler: Handler::State(update_metadata) }];

/// A method and a path, and the handler of their requests.
#[derive(Clone, Debug)]
pub(crate) struct Endpoint {
    method: Method,
    /// A segment in braces, such as `{id}`, matches any segment.
    path: Cow<'static, str>,
    handler: Handler,
}

#[derive(Clone)]
enum Handler {
    /// Works on the state, under its lock.
    State(fn(&Parts, &Body, &mut World) -> Result<Response<Payload>, ErrorResponse>),
    /// The handler of a test, called without the lock, since it may use the emulator.
    Test(Arc<TestHandler>),
}

pub(super) type TestHandler = dyn Fn(&Request<Vec<u8>>) -> Response<Vec<u8>> + Send + Sync;

impl Endpoint {
    pub(crate) fn of_test(
        method: Method,
        path: String,
        handler: impl Fn(&Request<Vec<u8>>) -> Response<Vec<u8>> + Send + Sync + 'static,
    ) -> Self {
        Self { method, path: path.into(), handler: Handler::Test(Arc::new(handler)) }
    }

    /// Finds the endpoint of a request. Those of the test come first, so that they can replace one of the API.
    ///
    /// The query is ignored: it is the caller's data, and no message repeats it.
    pub(super) fn find<'a>(of_test: &'a [Self], head: &Parts) -> Option<&'a Self> {
        let path = head.uri.path();
        of_test.iter().chain(ENDPOINTS).find(|row| row.method == head.method && matches(&row.path, path))
    }

    /// Returns the handler of a test; `None` for an endpoint of the API.
    pub(super) fn test_handler(&self) -> Option<&TestHandler> {
        match &self.handler {
            Handler::State(_) => None,
            Handler::Test(handler) => Some(handler.as_ref()),
        }
    }
}

impl fmt::Debug for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::State(_) => "State",
            Self::Test(_) => "Test",
        })
    }
}

/// Returns `true` if the path has the segments of the template.
fn matches(template: &str, path: &str) -> bool {
    if template == path || !template.contains('{') {
        return template == path;
    }
    let mut segments = path.split('/');
    let is_parameter = |part: &str| part.starts_with('{') && part.ends_with('}');
    template
        .split('/')
        .all(|part| segments.next().is_some_and(|found| found == part || (is_parameter(part) && !found.is_empty())))
        && segments.next().is_none()
}

/// Checks a request and applies its update.
///
/// `from_test` is the response of a test's handler, or `None` if the API key kept the request from it. The crate docs
/// promise the order of the checks.
pub(super) fn answer(
    endpoint: Option<&Endpoint>,
    from_test: Option<Response<Payload>>,
    head: &Parts,
    body: &Body,
    api_keys: &[String],
    world: &mut World,
) -> Result<Response<Payload>, ErrorResponse> {
    match endpoint.map(|endpoint| &endpoint.handler) {
        None => {
            let message = format!("Cannot {} {}", head.method, head.uri.path());
            let other = ENDPOINTS.iter().find(|row| matches(&row.path, head.uri.path()));
            Err(ErrorResponse::new(StatusCode::NOT_FOUND, message).of_method(other.map(|row| row.method.clone())))
        }
        Some(Handler::Test(_)) => from_test.ok_or_else(unauthorized),
        Some(Handler::State(handler)) => {
            check_api_key(&head.headers, api_keys)?;
            handler(head, body, world)
        }
    }
}

fn update_metadata(head: &Parts, body: &Body, world: &mut World) -> Result<Response<Payload>, ErrorResponse> {
    check_content_type(&head.headers)?;
    check_body_arrived(body)?;
    let update = Update::from_json(&body.bytes)?;
    world.update(&update.target, update.allow_closed_ticket, update.metadata)?;
    Ok(response::updated())
}

pub(super) fn check_api_key(headers: &HeaderMap, api_keys: &[String]) -> Result<(), ErrorResponse> {
    let mut sent = headers.get_all(API_KEY_HEADER).iter();
    match (sent.next(), sent.next()) {
        (Some(key), None) if api_keys.iter().any(|accepted| key == accepted.as_str()) => Ok(()),
        // Two headers are rejected even if both hold an accepted key: no client sends them on purpose.
        _ => Err(unauthorized()),
    }
}

/// Returns the error of a request without a valid API key.
pub(super) fn unauthorized() -> ErrorResponse {
    ErrorResponse::new(StatusCode::UNAUTHORIZED, "Unauthorized")
}

fn check_content_type(headers: &HeaderMap) -> Result<(), ErrorResponse> {
    let is_json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|content_type| content_type.to_str().ok())
        .and_then(|content_type| content_type.split(';').next())
        .is_some_and(|media_type| media_type.trim().eq_ignore_ascii_case("application/json"));
    if is_json {
        Ok(())
    } else {
        Err(ErrorResponse::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Content-Type must be application/json"))
    }
}

fn check_body_arrived(body: &Body) -> Result<(), ErrorResponse> {
    match body.end {
        End::Complete => Ok(()),
        End::TooLarge => Err(ErrorResponse::new(StatusCode::PAYLOAD_TOO_LARGE, "request entity too large")),
        End::CutOff => Err(ErrorResponse::new(StatusCode::BAD_REQUEST, "request aborted")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_matches_one_segment_that_is_not_empty() {
        for (template, path, expected) in [
            ("/a/b", "/a/b", true),
            ("/a/b", "/a/b/", false),
            ("/a/b", "/a", false),
            ("/a/{id}", "/a/7", true),
            ("/a/{id}", "/a/", false),
            ("/a/{id}", "/a/7/b", false),
            ("/a/{id}/b", "/a/7/b", true),
            ("/a/{id}/b", "/a/7/c", false),
        ] {
            assert_eq!(matches(template, path), expected, "{template} {path}");
        }
    }
}
