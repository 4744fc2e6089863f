//! The control API, by which a test in another language reads and changes a running emulator.
//!
//! `docs/emulator.md` describes it for its users.

mod faults;
mod guard;
mod requests;
mod response;
mod state;

use std::sync::Arc;

use http::{Method, Request, Response, Uri, header};
use hyper::body::Incoming;

#[cfg(feature = "page")]
pub(crate) use self::faults::Plan;
use self::response::{Rejection, no_content, secured};
#[cfg(feature = "page")]
use crate::page;
use crate::server::{Answer, Body, ServerBody, Shared, Side};

/// The path that all paths of the control API begin with.
pub(crate) const PREFIX: &str = "/__emulator/";

/// The limit of a body in bytes: a seed of some hundred thousand tickets.
const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// Answers the requests of the control API in the place of the API.
pub(crate) const CONTROL: Side = Side { owns, answer };

fn owns(uri: &Uri) -> bool {
    uri.path().starts_with(PREFIX) || (cfg!(feature = "page") && uri.path() == "/")
}

fn answer(shared: Arc<Shared>, request: Request<Incoming>) -> Answer {
    Box::pin(async move {
        let response = route(shared, request).await.unwrap_or_else(Rejection::into_response);
        secured(response)
    })
}

async fn route(shared: Arc<Shared>, request: Request<Incoming>) -> Result<Response<ServerBody>, Rejection> {
    guard::check(request.headers())?;
    let (head, body) = request.into_parts();
    let path = head.uri.path();
    #[cfg(feature = "page")]
    if let Some(response) = page::asset(path) {
        return if head.method == Method::GET { Ok(response) } else { Err(Rejection::method("GET")) };
    }
    let query = head.uri.query().unwrap_or_default();
    match (path.strip_prefix(PREFIX).unwrap_or(path), &head.method) {
        ("state", &Method::GET) => Ok(state::get(&shared)),
        ("state", _) => Err(Rejection::method("GET")),
        ("reset", &Method::POST) => {
            shared.lock().restart();
            Ok(no_content())
        }
        ("reset", _) => Err(Rejection::method("POST")),
        (path, &Method::GET) if path.starts_with("history/") => state::history(&shared, path),
        (path, _) if path.starts_with("history/") => Err(Rejection::method("GET")),
        ("seed", &Method::PUT) => state::put_seed(&shared, &json(&head.headers, body).await?),
        ("seed", _) => Err(Rejection::method("PUT")),
        ("faults", &Method::GET) => Ok(faults::get(&shared)),
        ("faults", &Method::POST) => faults::post(&shared, &json(&head.headers, body).await?),
        ("faults", &Method::DELETE) => {
            shared.lock().clear_faults();
            Ok(no_content())
        }
        ("faults", _) => Err(Rejection::method("DELETE, GET, POST")),
        ("requests", &Method::GET) => requests::get(&shared, query).await,
        ("requests", &Method::DELETE) => {
            shared.lock().clear_requests();
            Ok(no_content())
        }
        ("requests", _) => Err(Rejection::method("DELETE, GET")),
        #[cfg(feature = "page")]
        ("events", &Method::GET) => Ok(page::events(shared)),
        #[cfg(feature = "page")]
        ("events", _) => Err(Rejection::method("GET")),
        _ => Err(Rejection::not_found()),
    }
}

/// Reads a JSON body. The media type is required, since pages of another origin can send only others unasked.
async fn json(headers: &http::HeaderMap, body: Incoming) -> Result<Vec<u8>, Rejection> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    let body = Body::read(body, BODY_LIMIT).await;
    if !media_type.eq_ignore_ascii_case("application/json") {
        return Err(Rejection::media_type());
    }
    body.complete().ok_or_else(Rejection::incomplete)
}
