//! The client that the options and the environment ask for.

use std::path::Path;

use vambe_api::{Client, ClientBuilder, ConfigError};

use crate::{
    api_key::{self, KeyFileError},
    args::ConnectionArgs,
    output,
};

/// Why there is no client. Where the library's words name its methods, these name the options.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClientError {
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    #[error("there is no API key: set VAMBE_API_KEY, or name a file that holds it with --api-key-file")]
    MissingKey,
    #[error("VAMBE_API_KEY is empty: set it to the API key, or name a file that holds it with --api-key-file")]
    EmptyKey,
    #[error("the base URL is http, which would show the API key to the network: write https")]
    PlainHttp,
    #[error(transparent)]
    Config(ConfigError),
}

impl From<ConfigError> for ClientError {
    fn from(error: ConfigError) -> Self {
        match error {
            ConfigError::MissingApiKey { .. } => Self::MissingKey,
            // An empty file is refused when it is read.
            ConfigError::EmptyApiKey => Self::EmptyKey,
            ConfigError::PlainHttp => Self::PlainHttp,
            error => Self::Config(error),
        }
    }
}

/// The API key. Without `Debug`, which would show it.
pub(crate) struct ApiKey(String);

impl ApiKey {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    #[cfg(test)]
    pub(crate) fn new(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// A builder with key and base URL; what is given on the command line counts more than the environment.
pub(crate) fn builder(args: &ConnectionArgs) -> Result<ClientBuilder, ClientError> {
    match &args.api_key_file {
        Some(path) => Ok(builder_without_key(args)?.api_key(read_key(path)?)),
        None => builder_without_key(args),
    }
}

/// The same, and the key that it has.
pub(crate) fn builder_and_key(args: &ConnectionArgs) -> Result<(ClientBuilder, ApiKey), ClientError> {
    let builder = builder_without_key(args)?;
    let key = match &args.api_key_file {
        Some(path) => read_key(path)?,
        // The builder takes the same, and refuses what is not Unicode.
        None => std::env::var("VAMBE_API_KEY").map_err(|_| ClientError::MissingKey)?,
    };
    Ok((builder.api_key(&key), ApiKey(key)))
}

fn builder_without_key(args: &ConnectionArgs) -> Result<ClientBuilder, ClientError> {
    let builder = ClientBuilder::from_env()?;
    Ok(match &args.base_url {
        Some(url) => builder.base_url(url),
        None => builder,
    })
}

/// Builds it; nothing is sent yet.
pub(crate) fn build(builder: ClientBuilder) -> Result<Client, ClientError> {
    Ok(builder.build()?)
}

fn read_key(path: &Path) -> Result<String, KeyFileError> {
    let file = api_key::read(path)?;
    if file.is_open_to_others {
        output::warn("others on this machine may read the file of --api-key-file; `chmod 600` keeps them out");
    }
    Ok(file.key)
}
