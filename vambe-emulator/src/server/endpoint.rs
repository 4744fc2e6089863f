//! The one endpoint: the checks of a request in their order, and the update if all of them pass.
//!
//! Nothing here reads from or writes to a connection.

use http::{HeaderMap, Method, StatusCode, header, request::Parts};

use super::{
    body::{Body, End},
    response::{self, ErrorResponse},
    update::Update,
};
use crate::world::World;

/// The path of the one endpoint; its method is POST.
pub const METADATA_PATH: &str = "/api/public/ticket/metadata";

/// The name of the header with the API key.
pub(super) const API_KEY_HEADER: &str = "x-api-key";

/// Checks a request and applies its update.
///
/// The crate docs promise the order of the checks.
pub(super) fn apply(head: &Parts, body: &Body, api_keys: &[String], world: &mut World) -> Result<(), ErrorResponse> {
    if !is_update(head) {
        return Err(ErrorResponse::new(StatusCode::NOT_FOUND, format!("Cannot {} {}", head.method, head.uri.path())));
    }
    check_api_key(&head.headers, api_keys)?;
    check_content_type(&head.headers)?;
    check_body_arrived(body)?;
    let update = Update::from_json(&body.bytes)?;
    Ok(world.update(&update.target, update.allow_closed_ticket, update.metadata)?)
}

/// Returns `true` if the request is for the one endpoint. The query is ignored: it is the caller's
/// data, and no message repeats it.
pub(super) fn is_update(head: &Parts) -> bool {
    head.method == Method::POST && head.uri.path() == METADATA_PATH
}

fn check_api_key(headers: &HeaderMap, api_keys: &[String]) -> Result<(), ErrorResponse> {
    let mut sent = headers.get_all(API_KEY_HEADER).iter();
    match (sent.next(), sent.next()) {
        (Some(key), None) if api_keys.iter().any(|accepted| key == accepted.as_str()) => Ok(()),
        // Two headers are rejected even if both hold an accepted key: no client sends them on purpose.
        _ => Err(response::unauthorized()),
    }
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
