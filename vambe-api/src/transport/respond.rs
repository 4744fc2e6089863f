//! Gets the response to one HTTP request: from the server or, with the feature `testing`, from a script.

use reqwest::Response;

use super::{Credentials, Handover, Request, Shared};
use crate::TransportError;
#[cfg(feature = "testing")]
use crate::testing::RecordedRequest;

/// Sends a request and waits for the head of the response.
pub(super) async fn respond(
    shared: &Shared,
    request: &Request<'_>,
    credentials: &Credentials,
    handover: Option<Handover>,
) -> Result<Response, TransportError> {
    #[cfg(feature = "testing")]
    if let Some(script) = &shared.settings.script {
        let http = request.to_http(credentials, None);
        let request = RecordedRequest::new(request.operation, &http);
        return scripted::respond(script.reply(request), shared.http_settings.connect_timeout, handover).await;
    }
    let request = request.to_http(credentials, handover.as_ref());
    shared.http.execute(request).await.map_err(TransportError::new)
}

#[cfg(feature = "testing")]
mod scripted {
    //! The reply of a script, as the HTTP library would return it.

    use std::{
        future, io,
        pin::Pin,
        task::{Context, Poll},
        time::Duration,
    };

    use bytes::Bytes;
    use http_body::{Body, Frame};
    use reqwest::Response;
    use tokio::time::sleep;

    use super::super::Handover;
    use crate::{
        TransportError,
        testing::{Answer, LOST, Outcome, Reply},
    };

    pub(super) async fn respond(
        reply: Reply,
        connect_timeout: Duration,
        handover: Option<Handover>,
    ) -> Result<Response, TransportError> {
        let Reply { outcome, delay } = reply;
        if matches!(outcome, Outcome::Refused) {
            wait(delay.min(connect_timeout)).await;
            return Err(TransportError::scripted_refusal(delay >= connect_timeout));
        }
        // A request that was given up before is dropped here.
        if handover.is_some_and(|handover| !handover.is_taken()) {
            return future::pending().await;
        }
        wait(delay).await;
        match outcome {
            Outcome::Answer(answer) => Ok(response(answer)),
            Outcome::Refused | Outcome::Lost => Err(TransportError::scripted(LOST)),
            Outcome::Silent => future::pending().await,
        }
    }

    /// Waits, without a timer for no time: it would take until the next tick of the clock.
    async fn wait(delay: Duration) {
        if !delay.is_zero() {
            sleep(delay).await;
        }
    }

    fn response(answer: Answer) -> Response {
        let Answer { status, headers, body, cut } = answer;
        let body = match cut {
            true => reqwest::Body::wrap(CutBody(Some(body))),
            false => body.into(),
        };
        let mut response = http::Response::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        response.into()
    }

    /// A body whose connection is lost before its end.
    struct CutBody(Option<Bytes>);

    impl Body for CutBody {
        type Data = Bytes;
        type Error = io::Error;

        fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
            let frame = self.0.take().map(Frame::data).ok_or_else(|| io::ErrorKind::ConnectionReset.into());
            Poll::Ready(Some(frame))
        }
    }
}
