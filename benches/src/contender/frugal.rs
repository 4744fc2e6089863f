//! reqwest by hand as frugal as it gets: the URL and the headers are made once, the key is static, and the answer is borrowed.

use reqwest::{
    Method, Request, Url,
    header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};

use super::Call;
use crate::{
    Failure,
    update::{API_KEY, BorrowedAnswer, PATH, Update},
};

#[derive(Clone)]
pub(crate) struct Frugal {
    client: reqwest::Client,
    url: Url,
}

impl Frugal {
    pub(crate) fn new(base_url: &str) -> Result<Self, Failure> {
        let headers = HeaderMap::from_iter([
            (HeaderName::from_static("x-api-key"), HeaderValue::from_static(API_KEY)),
            (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        ]);
        let client = reqwest::Client::builder().default_headers(headers).build()?;
        Ok(Self { client, url: format!("{base_url}{PATH}").parse()? })
    }

    async fn send(&self, update: &Update<'_>) -> Result<(), Failure> {
        let mut request = Request::new(Method::POST, self.url.clone());
        *request.body_mut() = Some(serde_json::to_vec(update)?.into());
        let response = self.client.execute(request).await?.error_for_status()?;
        let body = response.bytes().await?;
        serde_json::from_slice::<BorrowedAnswer<'_>>(&body)?.check()
    }
}

impl Call for Frugal {
    async fn call(&self) -> Result<(), Failure> {
        self.send(&Update::new()).await
    }
}
