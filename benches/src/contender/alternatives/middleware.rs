//! reqwest with the retries of reqwest-middleware and reqwest-retry.

use reqwest::{Url, header};
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware};
use reqwest_retry::{RetryTransientMiddleware, policies::ExponentialBackoff};

use crate::{
    Failure,
    contender::Call,
    update::{API_KEY, Answer, PATH, Update},
};

#[derive(Clone)]
pub(crate) struct Middleware {
    client: ClientWithMiddleware,
    url: Url,
}

impl Middleware {
    pub(crate) fn new(base_url: &str) -> Result<Self, Failure> {
        let policy = ExponentialBackoff::builder().build_with_max_retries(2);
        let retries = RetryTransientMiddleware::new_with_policy(policy);
        let client = ClientBuilder::new(reqwest::Client::new()).with(retries).build();
        Ok(Self { client, url: format!("{base_url}{PATH}").parse()? })
    }

    async fn send(&self, update: &Update<'_>) -> Result<Answer, Failure> {
        let request = self.client.post(self.url.clone()).header("x-api-key", API_KEY);
        let request = request.header(header::CONTENT_TYPE, "application/json").body(serde_json::to_vec(update)?);
        Ok(request.send().await?.error_for_status()?.json::<Answer>().await?)
    }
}

impl Call for Middleware {
    async fn call(&self) -> Result<(), Failure> {
        self.send(&Update::new()).await?.check()
    }
}
