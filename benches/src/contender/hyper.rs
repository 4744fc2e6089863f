//! hyper with its connection pool, the base of every client here and therefore a lower bound.

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::{Request, Uri, header};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};

use super::Call;
use crate::{
    Failure,
    update::{API_KEY, Answer, PATH, Update},
};

#[derive(Clone)]
pub(crate) struct Hyper {
    client: Client<HttpConnector, Full<Bytes>>,
    uri: Uri,
}

impl Hyper {
    pub(crate) fn new(base_url: &str) -> Result<Self, Failure> {
        let uri = format!("{base_url}{PATH}").parse()?;
        Ok(Self { client: Client::builder(TokioExecutor::new()).build_http(), uri })
    }

    async fn send(&self, update: &Update<'_>) -> Result<Answer, Failure> {
        let request = Request::post(self.uri.clone())
            .header("x-api-key", API_KEY)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::from(serde_json::to_vec(update)?))?;
        let body = self.client.request(request).await?.into_body().collect().await?.to_bytes();
        Ok(serde_json::from_slice(&body)?)
    }
}

impl Call for Hyper {
    async fn call(&self) -> Result<(), Failure> {
        self.send(&Update::new()).await?.check()
    }
}
