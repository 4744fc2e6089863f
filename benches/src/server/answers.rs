//! The answers of the server; the long ones are made once.

use bytes::Bytes;
use http_body_util::Full;
use hyper::{Response, StatusCode, header};

use crate::{
    Failure,
    update::{MANY, value},
};

type Answer = Result<Response<Full<Bytes>>, Failure>;

/// The answers of the server.
pub(crate) struct Answers {
    large: Bytes,
    fields: Bytes,
}

impl Answers {
    pub(crate) fn new() -> Self {
        // It repeats the values of the request, as validation messages do, and fits into the client's limit of 64 KiB.
        let values: String = (0..MANY).cycle().map(|index| value(index) + " ").take(64 * 1024 / 20).collect();
        let fields: String = (0..6_000).map(|index| format!(r#", "f{index}": 1"#)).collect();
        Self {
            large: format!(r#"{{"statusCode": 400, "message": "{values}"}}"#).into(),
            fields: format!(r#"{{"status": "ok"{fields}}}"#).into(),
        }
    }

    pub(crate) fn ok(&self) -> Answer {
        json(StatusCode::OK, Bytes::from_static(br#"{"status":"ok"}"#))
    }

    /// An error with a message of about 64 KiB.
    pub(crate) fn large(&self) -> Answer {
        json(StatusCode::BAD_REQUEST, self.large.clone())
    }

    /// A success with 6,000 undocumented fields.
    pub(crate) fn fields(&self) -> Answer {
        json(StatusCode::OK, self.fields.clone())
    }

    pub(crate) fn not_found(&self) -> Answer {
        json(StatusCode::NOT_FOUND, Bytes::from_static(br#"{"statusCode":404,"message":"Ticket not found"}"#))
    }

    pub(crate) fn unavailable(&self) -> Answer {
        json(StatusCode::SERVICE_UNAVAILABLE, Bytes::new())
    }
}

fn json(status: StatusCode, body: Bytes) -> Answer {
    let response = Response::builder().status(status).header(header::CONTENT_TYPE, "application/json");
    Ok(response.body(Full::new(body))?)
}
