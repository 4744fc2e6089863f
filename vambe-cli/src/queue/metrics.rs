//! The page that Prometheus reads from a worker.

use std::{convert::Infallible, net::SocketAddr};

use http_body_util::Full;
use hyper::{Request, Response, StatusCode, body::Bytes, header, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use vambe_queue::{Admin, Error, WorkerStats};

use super::{QueueError, prometheus};

/// Listens on the address. The returned future serves the page for as long as it is polled.
pub(super) async fn serve(
    address: SocketAddr,
    url: String,
    quota_url: String,
    stats: WorkerStats,
) -> Result<impl Future<Output = Infallible>, QueueError> {
    let listener = TcpListener::bind(address).await.map_err(QueueError::Metrics)?;
    Ok(async move {
        loop {
            // A failed connection, or no file descriptor left, ends nothing but the reading of metrics.
            let Ok((stream, _)) = listener.accept().await else {
                tokio::task::yield_now().await;
                continue;
            };
            let service = service_fn(|request| page(request, &url, &quota_url, &stats));
            let mut server = http1::Builder::new();
            // One reader at a time, which may not stay.
            server.timer(TokioTimer::new()).header_read_timeout(std::time::Duration::from_secs(5)).keep_alive(false);
            let _ = server.serve_connection(TokioIo::new(stream), service).await;
        }
    })
}

async fn page<B>(
    request: Request<B>,
    url: &str,
    quota_url: &str,
    stats: &WorkerStats,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (status, text) = if request.uri().path() != "/metrics" {
        (StatusCode::NOT_FOUND, "the metrics are at /metrics\n".to_owned())
    } else {
        match read(url, quota_url, stats).await {
            Ok(text) => (StatusCode::OK, text),
            Err(_) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "the database of the queue or of its quota cannot be used\n".to_owned(),
            ),
        }
    };
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    let plain = header::HeaderValue::from_static("text/plain; version=0.0.4");
    response.headers_mut().insert(header::CONTENT_TYPE, plain);
    Ok(response)
}

async fn read(url: &str, quota_url: &str, stats: &WorkerStats) -> Result<String, Error> {
    // Connections of its own: it is rarely read, and a worker's own connections stay free.
    let status = Admin::connect(url).await?.queue_status().await?;
    let quotas = Admin::connect(quota_url).await?.quotas().await?;
    Ok(prometheus::text(&status, &quotas, Some(stats.report())))
}
