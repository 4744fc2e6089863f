//! The client that openapi-generator 7.26.0 (`-g rust --library reqwest`) generates from the same document.
//!
//! The function and the types are its output, without what a call does not use: other kinds of keys, other body types, and `Debug`.

use std::collections::HashMap;

use reqwest::StatusCode;
use serde::{Deserialize, Serialize, de::Error as _};
use uuid::Uuid;

use crate::{
    Failure,
    contender::Call,
    update::{API_KEY, PAIRS, TICKET, check},
};

struct Configuration {
    base_path: String,
    user_agent: Option<String>,
    client: reqwest::Client,
    api_key: Option<ApiKey>,
}

struct ApiKey {
    prefix: Option<String>,
    key: String,
}

#[derive(Clone, Default, Serialize, Deserialize)]
struct UpdateTicketMetadataRequest {
    #[serde(rename = "ticket_id", skip_serializing_if = "Option::is_none")]
    ticket_id: Option<Uuid>,
    #[serde(rename = "ai_contact_id", skip_serializing_if = "Option::is_none")]
    ai_contact_id: Option<Uuid>,
    #[serde(rename = "contact_number", skip_serializing_if = "Option::is_none")]
    contact_number: Option<String>,
    #[serde(rename = "allow_closed_ticket", skip_serializing_if = "Option::is_none")]
    allow_closed_ticket: Option<bool>,
    #[serde(rename = "metadata")]
    metadata: HashMap<String, String>,
}

#[derive(Clone, Default, Serialize, Deserialize)]
struct UpdateTicketMetadataResponse {
    #[serde(rename = "status")]
    status: String,
}

#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("error in reqwest: {0}")]
    Reqwest(#[from] reqwest::Error),
    #[error("error in serde: {0}")]
    Serde(#[from] serde_json::Error),
    #[error("error in response: status code {status}, {content}")]
    Response { status: StatusCode, content: String },
}

enum ContentType {
    Json,
    Text,
    Unsupported(String),
}

impl From<&str> for ContentType {
    fn from(content_type: &str) -> Self {
        if content_type.starts_with("application") && content_type.contains("json") {
            Self::Json
        } else if content_type.starts_with("text/plain") {
            Self::Text
        } else {
            Self::Unsupported(content_type.to_string())
        }
    }
}

async fn update_ticket_metadata(
    configuration: &Configuration,
    update_ticket_metadata_request: Option<UpdateTicketMetadataRequest>,
) -> Result<UpdateTicketMetadataResponse, Error> {
    let p_body_update_ticket_metadata_request = update_ticket_metadata_request;

    let uri_str = format!("{}/api/public/ticket/metadata", configuration.base_path);
    let mut req_builder = configuration.client.request(reqwest::Method::POST, &uri_str);

    if let Some(ref user_agent) = configuration.user_agent {
        req_builder = req_builder.header(reqwest::header::USER_AGENT, user_agent.clone());
    }
    if let Some(ref apikey) = configuration.api_key {
        let key = apikey.key.clone();
        let value = match apikey.prefix {
            Some(ref prefix) => format!("{} {}", prefix, key),
            None => key,
        };
        req_builder = req_builder.header("x-api-key", value);
    };
    req_builder = req_builder.json(&p_body_update_ticket_metadata_request);

    let req = req_builder.build()?;
    let resp = configuration.client.execute(req).await?;

    let status = resp.status();
    let content_type =
        resp.headers().get("content-type").and_then(|v| v.to_str().ok()).unwrap_or("application/octet-stream");
    let content_type = ContentType::from(content_type);

    if !status.is_client_error() && !status.is_server_error() {
        let content = resp.text().await?;
        match content_type {
            ContentType::Json => serde_json::from_str(&content).map_err(Error::from),
            ContentType::Text => {
                Err(Error::from(serde_json::Error::custom("Received `text/plain` content type response")))
            }
            ContentType::Unsupported(unknown_type) => {
                Err(Error::from(serde_json::Error::custom(format!("Received `{unknown_type}` content type response"))))
            }
        }
    } else {
        let content = resp.text().await?;
        Err(Error::Response { status, content })
    }
}

#[derive(Clone)]
pub(crate) struct OpenApiGenerator(std::sync::Arc<Configuration>);

impl OpenApiGenerator {
    pub(crate) fn new(base_url: &str) -> Self {
        Self(std::sync::Arc::new(Configuration {
            base_path: base_url.to_owned(),
            user_agent: Some("OpenAPI-Generator/2026-11-22/rust".to_owned()),
            client: reqwest::Client::new(),
            api_key: Some(ApiKey { prefix: None, key: API_KEY.to_owned() }),
        }))
    }
}

impl Call for OpenApiGenerator {
    async fn call(&self) -> Result<(), Failure> {
        let metadata = PAIRS.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        let request =
            UpdateTicketMetadataRequest { ticket_id: Some(TICKET), metadata, ..UpdateTicketMetadataRequest::default() };
        check(Some(update_ticket_metadata(&self.0, Some(request)).await?.status.as_str()))
    }
}
