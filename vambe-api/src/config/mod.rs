//! The builder of a client: its settings, their defaults and its errors.

mod api_key;
mod base_url;
mod builder;
mod error;

pub(crate) use api_key::ApiKey;
pub(crate) use base_url::BaseUrl;
pub use builder::ClientBuilder;
pub use error::ConfigError;
