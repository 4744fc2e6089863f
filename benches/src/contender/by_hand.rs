//! reqwest as used by hand for one endpoint, with the URL parsed once: no retries, no deadline, no redaction.

use reqwest::Url;

use super::Call;
use crate::{
    Failure,
    update::{API_KEY, Answer, PATH, Update},
};

#[derive(Clone)]
pub(crate) struct ByHand {
    client: reqwest::Client,
    url: Url,
}

impl ByHand {
    pub(crate) fn new(base_url: &str) -> Result<Self, Failure> {
        Ok(Self { client: reqwest::Client::new(), url: format!("{base_url}{PATH}").parse()? })
    }

    async fn send(&self, update: &Update<'_>) -> Result<Answer, reqwest::Error> {
        let request = self.client.post(self.url.clone()).header("x-api-key", API_KEY).json(update);
        request.send().await?.error_for_status()?.json::<Answer>().await
    }
}

impl Call for ByHand {
    async fn call(&self) -> Result<(), Failure> {
        self.send(&Update::new()).await?.check()
    }
}
