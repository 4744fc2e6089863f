//! A minimal server on one thread, so that the measurement is about the client.

mod answers;

use std::{
    convert::Infallible,
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{Request, Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::Failure;

pub(crate) use answers::Answers;

/// Answers requests, without end: with the documented success, or as the first segment of the path says.
///
/// # Errors
///
/// Returns an error if a connection cannot be accepted.
pub async fn serve(listener: TcpListener) -> io::Result<Infallible> {
    let answers = Arc::new(Answers::new());
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let (answers, failed) = (Arc::clone(&answers), Arc::new(AtomicBool::new(false)));
        let answer = service_fn(move |request| answer(request, Arc::clone(&answers), Arc::clone(&failed)));
        // Every connection ends when its client disconnects.
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), answer));
    }
}

/// Answers a request; `failed` is true if the last request of the connection for a retry has failed.
async fn answer(
    request: Request<Incoming>,
    answers: Arc<Answers>,
    failed: Arc<AtomicBool>,
) -> Result<Response<Full<Bytes>>, Failure> {
    let (parts, body) = request.into_parts();
    body.collect().await?;
    match parts.uri.path().split('/').nth(1).unwrap_or_default() {
        "not-found" => answers.not_found(),
        "large" => answers.large(),
        "fields" => answers.fields(),
        "retry" if !failed.fetch_xor(true, Ordering::Relaxed) => answers.unavailable(),
        // An error of the service closes the connection.
        "reset" => Err("the connection is closed without an answer".into()),
        "silent" => std::future::pending().await,
        _ => answers.ok(),
    }
}
