//! Building a client: what can be set, what it is by default, and why it may be refused.

mod api_key;
mod base_url;
mod builder;
mod error;

pub(crate) use api_key::ApiKey;
pub(crate) use base_url::BaseUrl;
pub use builder::ClientBuilder;
pub use error::ConfigError;
