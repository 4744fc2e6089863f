//! The arguments of `vambe ticket metadata report`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

/// Write the report on an import as a web page to forward
///
/// The page has counts, a chart over time, the reasons of rejected and unknown rows with their lines, and what to do next. It is
/// one file, which loads nothing and has no script. The command reads the journal of the import and changes nothing.
///
/// Example: vambe ticket metadata report returns.csv --html returns.html
#[derive(Args)]
pub(crate) struct ReportArgs {
    /// Imported file, if its journal is next to it, or the journal itself
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: PathBuf,
    /// Write the page to this file, or to the standard output for `-`
    #[arg(long, value_name = "OUT|-", value_hint = ValueHint::FilePath)]
    pub(crate) html: PathBuf,
    /// Show the beginning of example rows, with their contact numbers and values
    #[arg(long)]
    pub(crate) show_values: bool,
}
