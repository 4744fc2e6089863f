//! What ends the reading of an input, as opposed to a row that is wrong.

use std::{io, path::PathBuf};

use super::{fault::names, format::Compression, hashing::Changed, text::has_cause, zstd::WindowTooLarge};

/// Why an input cannot be read, or not to its end.
///
/// It names columns, and shows no value: neither of a row nor of a first line that may be a row.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum InputError {
    /// The file cannot be opened.
    #[error("`{}` cannot be opened", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The path leads to a directory.
    #[error("`{}` is a directory: give a file of it", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
    },
    /// Standard input or a pipe cannot be copied to a temporary file.
    #[error(
        "the input cannot be copied to a temporary file: make room, name another directory in TMPDIR, or give a file"
    )]
    Copy {
        /// Why.
        source: io::Error,
    },
    /// The name promises compressed data, and there is none.
    #[error("the name says that the file is compressed with {compression}, and it is not: rename it, or make it again")]
    NotCompressed {
        /// What the name says.
        compression: Compression,
    },
    /// A JSON document rather than one object a line.
    #[error("the input is a JSON array: write one object a line, for example with `jq -c '.[]'`")]
    JsonArray,
    /// A delimiter for an input without cells.
    #[error("the input is NDJSON, which has no delimiter: leave `--delimiter` out")]
    DelimiterForNdjson,
    /// The bytes are those of UTF-16 or UTF-32.
    #[error("the input is in UTF-16 or UTF-32: save it as UTF-8 (in Excel: \"CSV UTF-8\")")]
    Utf16,
    /// A read failed.
    #[error("the input cannot be read")]
    Read {
        /// Why.
        source: io::Error,
    },
    /// The file has changed while it was read for the first time.
    #[error("the input is still being written: wait until it is complete, and start again")]
    BeingWritten,
    /// The file is no longer what it was when it was read for the first time.
    #[error("the input was changed while it was imported: import it as it is now, with another --journal")]
    Changed,
    /// The compressed data is cut off.
    #[error(
        "the {compression} data ends too early: it was not copied or written to its end; fetch or make the file again"
    )]
    Truncated {
        /// Its kind.
        compression: Compression,
    },
    /// The compressed data is damaged.
    #[error("the {compression} data is damaged: fetch or make the file again")]
    Corrupt {
        /// Its kind.
        compression: Compression,
        /// What was found.
        source: io::Error,
    },
    /// Decompressing takes too much memory.
    #[error("the zstd data needs more than 64 MiB of memory: compress it without `--long` and `--ultra`, or with gzip")]
    WindowTooLarge,
    /// There is nothing in a CSV file.
    #[error("the input is empty: begin with a line that names the columns, such as `ticket_id,order_id`")]
    NoHeader,
    /// The first line is a row.
    #[error(
        "the first line seems to be a row: begin with a line that names the columns, such as `contact_number,order_id`"
    )]
    HeaderIsRow,
    /// The first line is too long to be one of names.
    #[error("the first line does not end within 2 MiB: begin with a line that names the columns")]
    HeaderTooLarge,
    /// The header is not in UTF-8.
    #[error("line {line}, column {column}: the name of a column is not UTF-8: save the file as UTF-8")]
    HeaderEncoding {
        /// Where it stands.
        line: u64,
        /// Which character of that line.
        column: u64,
    },
    /// A quoted name goes on after its quote.
    #[error("line {line}, column {column}: text follows a closing quote: within quotes, write a quote twice")]
    HeaderQuote {
        /// Where the name begins.
        line: u64,
        /// Which character of that line.
        column: u64,
    },
    /// A column has no name.
    #[error("column {number} of the header has no name: name it, or delete the column")]
    UnnamedColumn {
        /// Which one, from 1.
        number: usize,
    },
    /// Two columns have one name.
    #[error("the header has `{name}` twice: rename or delete one of the columns")]
    DuplicateColumn {
        /// The name, shortened.
        name: String,
    },
    /// A name that is nearly one with a meaning; as metadata it would be a mistake that nobody sees.
    #[error("the header has `{name}`: write `{meant}`, or another name if it is metadata")]
    MisspeltColumn {
        /// The name, shortened.
        name: String,
        /// What it should be.
        meant: &'static str,
    },
    /// No column says which ticket is meant.
    #[error("no column is ticket_id, ai_contact_id or contact_number; found: {}{}", names(columns), hint(*delimiter))]
    NoIdentifier {
        /// What there is.
        columns: Vec<String>,
        /// What seems to stand between the cells.
        delimiter: Option<u8>,
    },
    /// Every row would lack metadata.
    #[error("no column is metadata; found: {}: add a column for each key, named after it", names(columns))]
    NoMetadata {
        /// What there is.
        columns: Vec<String>,
    },
    /// A quote has no partner.
    #[error("the quoted cell that begins in line {line} does not end: within quotes, write a quote twice")]
    OpenQuote {
        /// Where the cell begins.
        line: u64,
    },
}

impl InputError {
    /// What a failed read means, by what is read.
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
    match delimiter {
        Some(b'\t') => "; it looks as if the columns were separated by tabs: give `--delimiter '\\t'`".to_owned(),
        Some(byte) => {
            let delimiter = char::from(byte);
            format!("; it looks as if the columns were separated by `{delimiter}`: give `--delimiter '{delimiter}'`")
        }
        None => String::new(),
    }
}
