//! The unchanged client that progenitor generates from the same document, with its own runtime.

use reqwest::header::{HeaderMap, HeaderValue};

use self::generated::types::UpdateTicketMetadataRequest;
use crate::{
    Failure,
    contender::Call,
    update::{API_KEY, PAIRS, TICKET, check},
};

#[allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::unwrap_used,
    clippy::panic
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/progenitor.rs"));
}

#[derive(Clone)]
pub(crate) struct Progenitor(generated::Client);

impl Progenitor {
    pub(crate) fn new(base_url: &str) -> Result<Self, Failure> {
        let headers = HeaderMap::from_iter([("x-api-key".parse()?, HeaderValue::from_static(API_KEY))]);
        let http = reqwest::Client::builder().default_headers(headers).build()?;
        Ok(Self(generated::Client::new_with_client(base_url, http)))
    }
}

impl Call for Progenitor {
    async fn call(&self) -> Result<(), Failure> {
        let metadata = PAIRS.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        let request = UpdateTicketMetadataRequest::Variant0 { allow_closed_ticket: false, metadata, ticket_id: TICKET };
        let answer = self.0.update_ticket_metadata(&request).await;
        check(Some(answer.map_err(|error| error.to_string())?.status.as_str()))
    }
}
