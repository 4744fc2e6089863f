//! The arguments of `vambe ticket metadata import`.

use std::{ffi::OsString, fmt, num::NonZeroUsize, path::PathBuf, time::Duration};

use clap::{Args, ValueHint, error::ErrorKind};

use super::{ConnectionArgs, Format, InputArgs, Rate, duration};

/// Set key-value pairs on the tickets listed in a file
///
/// Each row names one ticket in a column `ticket_id`, `ai_contact_id` or `contact_number`; the other columns are the pairs. A
/// journal keeps the outcome of each row: run a stopped command again to resume it.
///
/// Example: vambe ticket metadata import returns.csv --rate 1000/h
#[derive(Args)]
pub(crate) struct ImportArgs {
    /// File to import, or `-` for the standard input
    #[arg(value_name = "FILE|-", value_hint = ValueHint::FilePath)]
    pub(crate) file: Input,
    /// Check all rows and send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Keep the journal in this file [default: next to the input]
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub(crate) journal: Option<PathBuf>,
    /// Resume a journal written with another API key of the same account
    #[arg(long)]
    pub(crate) same_account: bool,
    /// Write rejected rows to this file so they can be fixed and re-imported [default: next to the input]
    ///
    /// The column `vambe_later` lists the keys that later rows of the same ticket have set, each with the number of the last
    /// such row. An import of this file skips these keys.
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub(crate) failed: Option<PathBuf>,
    /// Write rows with an unknown outcome to this file [default: next to the input]
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub(crate) unknown: Option<PathBuf>,
    /// Stop when the server has rejected more than N rows in this run
    ///
    /// Without this option, a run stops if its first 20 responses are the same rejection, for example because of a wrong base
    /// URL, unless an earlier run has applied rows. None of these rows is recorded as rejected.
    #[arg(long, value_name = "N")]
    pub(crate) max_rejected: Option<u64>,
    /// Send rows again that the server rejected in earlier runs
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) retry_rejected: bool,
    /// Count rows with an unknown outcome of earlier runs as applied, and do not send them again
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) settle_unknown: bool,
    /// Also send values that overwrite newer ones, set by later rows of the same ticket
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) overwrite_newer: bool,
    /// Combine waiting rows of the same ticket into one request; later values win
    #[arg(long)]
    pub(crate) join_rows: bool,
    /// Print text, or one JSON object a line
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
    /// With --format json, also print an event for each applied row
    #[arg(long)]
    pub(crate) row_events: bool,
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
    /// Maximum request rate, e.g. 1000/h, 600/min, 10/s [default: unlimited]
    #[arg(long, value_name = "N/PERIOD", help_heading = "Connection")]
    pub(crate) rate: Option<Rate>,
    /// Spread requests evenly over the period of --rate instead of sending them in bursts
    #[arg(long, requires = "rate", help_heading = "Connection")]
    pub(crate) spread: bool,
    /// Maximum number of concurrent requests
    #[arg(long, value_name = "N", default_value = "8", help_heading = "Connection")]
    pub(crate) in_flight: NonZeroUsize,
    /// Stop if no request has succeeded for this long, not counting waits for the rate limit
    #[arg(
        long,
        value_name = "DURATION",
        default_value = "1h",
        value_parser = duration::parse,
        help_heading = "Connection"
    )]
    pub(crate) give_up_after: Duration,
}

impl ImportArgs {
    /// Checks what the grammar cannot express: options that exclude each other by their values.
    pub(super) fn check(&self, grammar: &mut clap::Command) -> Result<(), clap::Error> {
        self.input.check(grammar)?;
        if self.row_events && self.format == Format::Text {
            return Err(grammar.error(ErrorKind::ArgumentConflict, "--row-events is for --format json: add it"));
        }
        Ok(())
    }
}

/// The source of the rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// `-`
    Stdin,
    File(PathBuf),
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdin => f.write_str("-"),
            Self::File(path) => path.display().fmt(f),
        }
    }
}

impl From<OsString> for Input {
    fn from(text: OsString) -> Self {
        if text == "-" { Self::Stdin } else { Self::File(text.into()) }
    }
}
