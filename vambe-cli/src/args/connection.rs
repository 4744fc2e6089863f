//! The options of all commands that speak with the server.

use std::path::PathBuf;

use clap::{Args, ValueHint};

#[derive(Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct ConnectionArgs {
    /// Read the API key from this file, rather than from VAMBE_API_KEY
    ///
    /// A line break at its end does not count. Nobody else should be able to read it. If VAMBE_API_KEY is set too, the file
    /// counts.
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub(crate) api_key_file: Option<PathBuf>,
    /// Send to this URL, rather than to VAMBE_BASE_URL or `https://api.vambe.me`
    ///
    /// It has to be https, or http to this machine.
    // As text: it may hold a password, and is not shown if it is refused.
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    pub(crate) base_url: Option<String>,
}
