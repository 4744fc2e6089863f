//! The options of all commands that send requests: the server, the API key and the quota.

use std::path::PathBuf;

use clap::{Args, ValueHint};

/// The options of all commands that send updates.
#[derive(Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct ConnectionArgs {
    #[command(flatten)]
    pub(crate) server: ServerArgs,
    /// Take a slot of this shared quota for each request; VAMBE_QUOTA_URL is the URL of its database
    ///
    /// Without a slot, nothing is sent. Create a quota with `vambe quota set`.
    #[cfg(feature = "queue")]
    #[arg(long, value_name = "NAME")]
    pub(crate) quota: Option<String>,
}

/// The server and the API key.
#[derive(Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct ServerArgs {
    /// Read the API key from this file; takes precedence over VAMBE_API_KEY
    ///
    /// A line break at the end is ignored. The file should be readable by its owner only.
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub(crate) api_key_file: Option<PathBuf>,
    /// Base URL of the server; takes precedence over VAMBE_BASE_URL [default: `https://api.vambe.me`]
    ///
    /// Must be https; http is allowed for localhost only.
    // A string: it may hold a password, and clap would show an invalid URL.
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub(crate) base_url: Option<String>,
}
