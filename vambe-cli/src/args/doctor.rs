//! The arguments of `vambe doctor`.

use clap::Args;

use super::ServerArgs;

/// Check the connection, the clock and the API key, each with a reason and a next step
///
/// Sends the same request twice, without and with the API key. It names no ticket, so the server has to reject it and changes
/// nothing. The command shows the request before it sends it.
#[derive(Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct DoctorArgs {
    #[command(flatten)]
    pub(crate) server: ServerArgs,
}

const EXIT_CODES: &str = "Exit codes:
  0  no problem was found
  2  the base URL is wrong, or there is no API key
  3  the server cannot be reached or used at present; follow the advice, then run the command again
  4  the server rejected the API key";
