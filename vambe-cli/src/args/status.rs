//! The arguments of `vambe ticket metadata status`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::Format;

/// Show the state of an import, also while it is running
///
/// Reads the journal of the import and changes nothing. It needs no API key and sends nothing.
///
/// Example: vambe ticket metadata status returns.csv --watch
#[derive(Args)]
pub(crate) struct StatusArgs {
    /// Imported file, if its journal is next to it, or the journal itself
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// Show each change until the run ends
    #[arg(long)]
    pub(crate) watch: bool,
    /// Also list every rejected and unknown row with its line and reason
    #[arg(long, conflicts_with = "watch")]
    pub(crate) rows: bool,
    /// Print text, or one JSON object a line
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}
