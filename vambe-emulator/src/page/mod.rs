//! The live page: its files, and the stream of its content.
//!
//! The files are embedded as they are written, and load nothing from elsewhere.

mod view;

use std::{sync::Arc, time::Duration};

use http::{HeaderValue, Response, header};
use hyper::body::Bytes;
use tokio::{
    sync::mpsc,
    time::{sleep, timeout},
};

use self::view::View;
use crate::server::{ServerBody, Shared};

/// The pause after each view: a person sees no more, and a busy emulator has other work.
const PAUSE: Duration = Duration::from_millis(100);
/// The longest time between two views. The chart moves on, and a page that was closed is noticed.
const PERIOD: Duration = Duration::from_secs(1);

/// The time until a page connects again, in milliseconds.
const RETRY_MS: u64 = 500;

/// Returns the response with a file of the page.
pub(crate) fn asset(path: &str) -> Option<Response<ServerBody>> {
    let (media_type, text) = match path {
        "/" => ("text/html; charset=utf-8", include_str!("index.html")),
        "/__emulator/page.css" => ("text/css; charset=utf-8", include_str!("page.css")),
        "/__emulator/page.js" => ("text/javascript; charset=utf-8", include_str!("page.js")),
        "/__emulator/chart.js" => ("text/javascript; charset=utf-8", include_str!("chart.js")),
        _ => return None,
    };
    Some(with_type(media_type, ServerBody::whole(text)))
}

/// Returns the endless response with the views, as server-sent events.
///
/// Each event is a whole view, so that a page that missed some still shows the right state.
pub(crate) fn events(shared: Arc<Shared>) -> Response<ServerBody> {
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        // Before the first view, so that no change goes unnoticed.
        let mut changes = shared.changes();
        // The page was closed if nobody receives.
        while sender.send(event(&View::of(&shared))).await.is_ok() {
            sleep(PAUSE).await;
            let _ = timeout(PERIOD, changes.changed()).await;
        }
    });
    with_type("text/event-stream", ServerBody::Pieces(receiver))
}

fn event(view: &View) -> Bytes {
    // Cannot fail: the keys are strings, and no `Serialize` of ours returns an error. JSON has no line break.
    let json = serde_json::to_string(view).unwrap_or_default();
    Bytes::from(format!("retry: {RETRY_MS}\ndata: {json}\n\n"))
}

fn with_type(media_type: &'static str, body: ServerBody) -> Response<ServerBody> {
    let mut response = Response::new(body);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}
