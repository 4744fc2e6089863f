//! What to answer to a request: the checks in their order, and the update if all of them hold.
//!
//! Nothing here reads from or writes to a connection, so that whatever stands between a request
//! and its answer can be put around it.

use http::{HeaderMap, Method, header, request::Parts};

use crate::{
    answer::{Answer, Refusal, Updated},
    body::{Body, End},
    update::Update,
    world::World,
};

/// The path of the one endpoint; its method is POST.
pub const METADATA_PATH: &str = "/api/public/ticket/metadata";

/// The name of the header with the API key.
pub(crate) const API_KEY_HEADER: &str = "x-api-key";

/// Decides about a request, and applies it if it is accepted.
///
/// The order of the checks is part of what the crate docs promise.
pub(crate) fn answer(head: &Parts, body: &Body, api_keys: &[String], world: &mut World) -> Answer {
    if !is_update(head) {
        return Err(Refusal::unknown_route(head.method.as_str(), head.uri.path()));
    }
    check_api_key(&head.headers, api_keys)?;
    check_content_type(&head.headers)?;
    check_body_arrived(body)?;
    let update = Update::from_json(body.bytes())?;
    world.update(&update.target, update.allow_closed_ticket, update.metadata)?;
    Ok(Updated::new())
}

/// Whether a request is for the one endpoint. The query does not matter: it is the caller's data,
/// and no message repeats that.
pub(crate) fn is_update(head: &Parts) -> bool {
    head.method == Method::POST && head.uri.path() == METADATA_PATH
}

fn check_api_key(headers: &HeaderMap, api_keys: &[String]) -> Result<(), Refusal> {
    let mut sent = headers.get_all(API_KEY_HEADER).iter();
    match (sent.next(), sent.next()) {
        (Some(key), None) if api_keys.iter().any(|accepted| key == accepted.as_str()) => Ok(()),
        // Two headers are refused even if both hold an accepted key: no client means to send them.
        _ => Err(Refusal::unauthorized()),
    }
}

fn check_content_type(headers: &HeaderMap) -> Result<(), Refusal> {
    let is_json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|content_type| content_type.to_str().ok())
        .and_then(|content_type| content_type.split(';').next())
        .is_some_and(|media_type| media_type.trim().eq_ignore_ascii_case("application/json"));
    if is_json { Ok(()) } else { Err(Refusal::not_json()) }
}

fn check_body_arrived(body: &Body) -> Result<(), Refusal> {
    match body.end() {
        End::Complete => Ok(()),
        End::TooLarge => Err(Refusal::too_large()),
        End::CutOff => Err(Refusal::cut_off()),
    }
}
