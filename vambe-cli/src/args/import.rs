//! The arguments of `vambe ticket metadata import`.

use std::{ffi::OsString, fmt, num::NonZeroUsize, path::PathBuf, time::Duration};

use clap::{
    Args, ValueHint,
    builder::{OsStringValueParser, TypedValueParser as _},
    error::ErrorKind,
};

use super::{ConnectionArgs, Format, Rate, duration};
use crate::import::{FormatName, parse_delimiter};

/// Set key-value pairs on the tickets of a file
///
/// Each row names one ticket, in a column `ticket_id`, `ai_contact_id` or `contact_number`, and its other columns are the
/// pairs. What has become of each row is kept in a journal: a command that was stopped goes on where it was when it is run
/// again.
///
/// Example: vambe ticket metadata import returns.csv --rate 1000/h
#[derive(Args)]
pub(crate) struct ImportArgs {
    /// File to read, or `-` for the standard input
    #[arg(
        value_name = "FILE|-",
        value_hint = ValueHint::FilePath,
        value_parser = OsStringValueParser::new().map(Input::from),
    )]
    pub(crate) file: Input,
    /// Read and check all rows, and send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Keep the journal in this file, rather than beside the input
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub(crate) journal: Option<PathBuf>,
    /// Continue a journal that was written with another API key, for the same account
    #[arg(long)]
    pub(crate) same_account: bool,
    /// Write rejected rows to this file so that they can be fixed and imported again
    ///
    /// The column `vambe_later` names the keys that a later row of the same ticket has set since, each with the number of that
    /// row. The import of this file leaves them out.
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub(crate) failed: Option<PathBuf>,
    /// Write rows that may or may not have been applied to this file
    #[arg(long, value_name = "PATH", value_hint = ValueHint::FilePath)]
    pub(crate) unknown: Option<PathBuf>,
    /// Stop when the server has rejected more than N rows in this run
    ///
    /// Without this option, a run that has applied nothing yet stops when its first 20 answers are all the same refusal, for
    /// example because of a wrong base URL, and records none of these rows as rejected.
    #[arg(long, value_name = "N")]
    pub(crate) max_rejected: Option<u64>,
    /// Send rows again that the server rejected in earlier runs
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) retry_rejected: bool,
    /// Take rows as done that earlier runs may or may not have applied
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) settle_unknown: bool,
    /// Also send values that overwrite those of later rows of the same ticket
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) overwrite_newer: bool,
    /// Read the input as this, rather than as its name says
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) input_format: Option<FormatName>,
    /// What stands between the columns of a CSV file: one character, or `tab`
    #[arg(long, value_name = "CHARACTER", value_parser = parse_delimiter)]
    pub(crate) delimiter: Option<u8>,
    /// Send rows that wait for the same ticket as one request; the later values count
    #[arg(long)]
    pub(crate) join_rows: bool,
    /// Print the result as text or as a JSON object
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) connection: ConnectionArgs,
    /// Send at most so many requests in a time: 1000/h, 600/min, 10/s
    #[arg(long, value_name = "N/PERIOD", help_heading = "Connection")]
    pub(crate) rate: Option<Rate>,
    /// Send evenly over the period of --rate, instead of as fast as it allows
    #[arg(long, requires = "rate", help_heading = "Connection")]
    pub(crate) spread: bool,
    /// Have at most so many requests on the way at once
    #[arg(long, value_name = "N", default_value = "8", help_heading = "Connection")]
    pub(crate) in_flight: NonZeroUsize,
    /// Stop when nothing has got through for this long; waiting for the rate limit does not count
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
    /// What the grammar cannot say: options that exclude each other by their values.
    pub(super) fn check(&self, grammar: &mut clap::Command) -> Result<(), clap::Error> {
        if self.delimiter.is_some() && self.input_format == Some(FormatName::Ndjson) {
            let message = "--delimiter is for CSV: leave it out, or give --input-format csv";
            return Err(grammar.error(ErrorKind::ArgumentConflict, message));
        }
        Ok(())
    }
}

/// Where the rows come from.
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
