//! Creates the client from the options and the environment.

use std::path::Path;

use vambe_api::{Client, ClientBuilder, ConfigError};

use crate::{
    api_key::{self, KeyFileError},
    args::{ConnectionArgs, ServerArgs},
    output,
};

/// An error in the options or the environment. Where the library's messages name methods, these name options.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClientError {
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    #[error("no API key: set VAMBE_API_KEY, or name a file that holds the key with --api-key-file")]
    MissingKey,
    #[error("VAMBE_API_KEY is empty: set it to the API key, or name a file that holds the key with --api-key-file")]
    EmptyKey,
    #[error("the base URL uses http, which would expose the API key to the network: use https")]
    PlainHttp,
    #[cfg(feature = "queue")]
    #[error(transparent)]
    Quota(#[from] crate::quota::QuotaError),
    #[error(transparent)]
    Config(ConfigError),
}

impl From<ConfigError> for ClientError {
    fn from(error: ConfigError) -> Self {
        match error {
            ConfigError::MissingApiKey { .. } => Self::MissingKey,
            // From the environment: reading an empty file is an error of its own.
            ConfigError::EmptyApiKey => Self::EmptyKey,
            ConfigError::PlainHttp => Self::PlainHttp,
            error => Self::Config(error),
        }
    }
}

/// The API key. Has no `Debug`, which would show it.
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

/// Creates a client from the options, and from the environment where there is no option. Returns it with its key. Sends
/// nothing.
pub(crate) fn connect(
    args: &ConnectionArgs,
    configure: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> Result<(Client, ApiKey), ClientError> {
    let builder = builder(&args.server)?;
    #[cfg(feature = "queue")]
    let builder = match &args.quota {
        Some(name) => builder.shared_limit(crate::quota::connect(name)?),
        None => builder,
    };
    let key = api_key(&args.server)?;
    Ok((configure(builder.api_key(&key)).build()?, ApiKey(key)))
}

/// Creates a client for its connections only, with another key than the user's.
pub(crate) fn without_key(args: &ServerArgs) -> Result<Client, ClientError> {
    Ok(builder(args)?.api_key("none").build()?)
}

/// Returns the API key from the options or the environment.
pub(crate) fn api_key(args: &ServerArgs) -> Result<String, ClientError> {
    match &args.api_key_file {
        Some(path) => Ok(read_key(path)?),
        None => match std::env::var("VAMBE_API_KEY") {
            Ok(key) if key.trim().is_empty() => Err(ClientError::EmptyKey),
            Ok(key) => Ok(key),
            // `from_env` has rejected a key that is not Unicode.
            Err(_) => Err(ClientError::MissingKey),
        },
    }
}

pub(crate) fn builder(args: &ServerArgs) -> Result<ClientBuilder, ClientError> {
    let builder = ClientBuilder::from_env()?;
    Ok(match &args.base_url {
        Some(url) => builder.base_url(url),
        None => builder,
    })
}

fn read_key(path: &Path) -> Result<String, KeyFileError> {
    let file = api_key::read(path)?;
    if file.is_open_to_others {
        output::warn("other users of this machine can read the file of --api-key-file; restrict it with `chmod 600`");
    }
    Ok(file.key)
}
