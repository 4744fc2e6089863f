//! The errors that end the reading of an input, as opposed to faults of a row.

use std::{io, path::PathBuf};

use super::{
    delimiter::describe,
    encoding::{Encoding, NOT_TEXT},
    fault::names,
    format::Compression,
    hashing::Changed,
    names::option,
    text::has_cause,
    workbook::WorkbookError,
    zstd::WindowTooLarge,
};

/// An error that ends the reading of an input.
///
/// Shows names of columns, but no value: neither of a row nor of a first line that may be a row.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InputError {
    #[error("cannot open `{}`", path.display())]
    Open { path: PathBuf, source: io::Error },
    #[error("`{}` is a directory: name a file in it", path.display())]
    Directory { path: PathBuf },
    /// Standard input and pipes are copied.
    #[error(
        "cannot copy the input to a temporary file: free some space, set TMPDIR to another directory, or give a file"
    )]
    Copy { source: io::Error },
    #[error("the file is named like {compression} data but is not compressed: rename it, or create it again")]
    NotCompressed { compression: Compression },
    #[error("the input is a JSON array: write one object a line, for example with `jq -c '.[]'`")]
    JsonArray,
    #[error("the input is NDJSON, which has no delimiter: leave out `--delimiter`")]
    DelimiterForNdjson,
    #[error("the input is UTF-32: save it as UTF-8")]
    Utf32,
    #[error("the input has the byte order mark of {marked}, but --encoding is {named}: leave out --encoding")]
    OtherMark { marked: Encoding, named: Encoding },
    #[error("cannot read the input")]
    Read { source: io::Error },
    #[error("the input is still being written: wait until it is complete, then run the command again")]
    BeingWritten,
    /// Reported as `ImportError::InputChanged`.
    #[error("the input was changed during the import")]
    Changed,
    #[error("the {compression} data ends too early: download or create the file again")]
    Truncated { compression: Compression },
    #[error("the {compression} data is damaged: download or create the file again")]
    Corrupt { compression: Compression, source: io::Error },
    #[error("the zstd data needs more than 64 MiB of memory: compress it without `--long` and `--ultra`, or with gzip")]
    WindowTooLarge,
    #[error("the input is empty: start with a line of column names, such as `ticket_id,order_id`")]
    NoHeader,
    #[error("the first line looks like a row: start with a line of column names, such as `contact_number,order_id`")]
    HeaderIsRow,
    #[error("the first line is longer than 2 MiB: start with a line of column names")]
    HeaderTooLarge,
    #[error("line {line}, column {column}: the column name {NOT_TEXT}")]
    HeaderEncoding { line: u64, column: u64 },
    #[error("line {line}, column {column}: text follows a closing quote: write quotes within quotes twice")]
    HeaderQuote { line: u64, column: u64 },
    #[error("column {column} of the header has no name: name it, or delete the column")]
    UnnamedColumn { column: String },
    #[error("the column name in {cell} {reason}")]
    HeaderCell { cell: String, reason: &'static str },
    #[error(transparent)]
    Workbook(#[from] WorkbookError),
    #[error("two columns are `{name}`: rename or delete one of them")]
    DuplicateColumn { name: String },
    /// As metadata, such a column would be a silent mistake.
    #[error(
        "the header has `{name}`: write `{meant}` or add `{}`; if it is metadata, use another name",
        option(meant, name)
    )]
    MisspeltColumn { name: String, meant: &'static str },
    #[error(
        "no column is ticket_id, ai_contact_id or contact_number; found: {}{}{}",
        names(columns),
        hint(*delimiter),
        after_semicolon(advice)
    )]
    NoIdentifier { columns: Vec<String>, delimiter: Option<u8>, advice: String },
    #[error("no column is `{column}`, which --map names; found: {}{}", names(columns), hint(*delimiter))]
    NoSuchColumn { column: String, columns: Vec<String>, delimiter: Option<u8> },
    #[error("--map names `{field}` twice: give one column for it")]
    MappedTwice { field: String },
    #[error("the input is NDJSON, which has no columns: leave out --map")]
    MapForNdjson,
    #[error("`{name}` is a column and also in --set: leave out one of them")]
    SetTwice { name: String },
    #[error("--set has `{name}`, which is not a metadata key: give it as a column")]
    ReservedConstant { name: &'static str },
    #[error("no column is metadata; found: {}: add a column for each key, named like the key", names(columns))]
    NoMetadata { columns: Vec<String> },
    #[error("the quoted cell that starts in line {line} does not end: write quotes within quotes twice")]
    OpenQuote { line: u64 },
}

impl InputError {
    /// Classifies a failed read.
    pub(super) fn reading(source: io::Error, compression: Option<Compression>) -> Self {
        if has_cause(&source, |error| error.get_ref().is_some_and(|inner| inner.is::<Changed>())) {
            return Self::Changed;
        }
        let Some(compression) = compression else { return Self::Read { source } };
        if source.get_ref().is_some_and(|inner| inner.is::<WindowTooLarge>()) {
            return Self::WindowTooLarge;
        }
        if has_cause(&source, |error| error.kind() == io::ErrorKind::UnexpectedEof) {
            return Self::Truncated { compression };
        }
        match source.kind() {
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => Self::Corrupt { compression, source },
            _ => Self::Read { source },
        }
    }
}

fn hint(delimiter: Option<u8>) -> String {
    let Some(byte) = delimiter else { return String::new() };
    let option = if byte == b'\t' { "tab".to_owned() } else { format!("'{}'", char::from(byte)) };
    format!("; the delimiter looks like {}: use `--delimiter {option}`", describe(byte))
}

fn after_semicolon(advice: &str) -> String {
    if advice.is_empty() { String::new() } else { format!("; {advice}") }
}
