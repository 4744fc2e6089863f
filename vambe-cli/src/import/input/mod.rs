//! Reads the rows of a file.
//!
//! From the bytes up: `source` (stored bytes), `text` (decompressed and decoded), `records`, `csv` and `ndjson` (updates). A
//! sheet of a workbook becomes a text first. The statistics stop at records, so they count exactly the numbered rows.

use std::{
    io::{self, Read},
    sync::Arc,
};

mod cells;
mod csv;
mod delimiter;
mod encoding;
mod error;
mod fault;
mod format;
mod hashing;
mod header;
mod later_keys;
mod leading_fields;
mod names;
mod ndjson;
mod object;
mod open;
mod raw;
mod reading;
mod records;
mod rows;
mod source;
#[cfg(test)]
mod tests;
mod text;
mod update;
mod workbook;
mod zstd;

pub(crate) use self::{
    encoding::{Encoding, parse_encoding},
    error::InputError,
    fault::{Fault, Faults},
    format::{Format, FormatName, parse_delimiter},
    later_keys::{LATER_FIELD, LaterKeys},
    names::{ColumnMap, parse_column_map},
    ndjson::LINE_FIELD,
    raw::Raw,
    reading::Reading,
    rows::{Header, Rows},
    update::{ERROR_FIELD, Update},
};
use self::{
    format::Compression,
    hashing::{Fingerprint, Hashing, Verified},
    records::RecordReader,
    source::{Source, State},
    text::Text,
    workbook::Sheet,
};

/// The options of the command line for an input.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    /// `--input-format`; by default from the file name, then from the first character: `{` starts NDJSON.
    pub(crate) format: Option<FormatName>,
    /// `--delimiter`; by default an unmistakable one, then a comma, or a tab for `.tsv`.
    pub(crate) delimiter: Option<u8>,
    /// `--encoding`; by default detected.
    pub(crate) encoding: Option<Encoding>,
    /// `--sheet`; by default the only visible one with content.
    pub(crate) sheet: Option<String>,
    pub(crate) reading: Reading,
}

/// A file of updates, or a copy of the standard input, which can be read several times.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    source: Source,
    format: Format,
    compression: Option<Compression>,
    encoding: Encoding,
    /// The sheet of a workbook, with the state of the workbook before it was converted.
    sheet: Option<(Sheet, Option<State>)>,
    reading: Arc<Reading>,
    /// The properties that were detected and are not the usual ones.
    detected: Vec<String>,
}

/// The statistics of an input, from one pass that does not parse rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InputStats {
    /// The SHA-256 of the stored bytes, compressed or not.
    pub(crate) sha256: [u8; 32],
    /// The number of stored bytes.
    pub(crate) bytes: u64,
    checksum: u64,
    /// The number of rows, valid or not, without the header.
    pub(crate) rows: u64,
    state: Option<State>,
}

impl InputStats {
    fn fingerprint(&self) -> Fingerprint {
        Fingerprint { sha256: self.sha256, checksum: self.checksum, bytes: self.bytes }
    }
}

/// A change of a file since its [`InputStats`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// Bytes were appended.
    Grown,
    /// Existing bytes were changed.
    Rewritten,
}

/// One row, valid or not.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// The number of the row, from 1.
    pub(crate) number: u64,
    /// The line of the decompressed text on which the row begins, from 1.
    pub(crate) line: u64,
    /// The row as it is in the input.
    pub(crate) raw: Raw,
    pub(crate) content: Result<Update, Faults>,
}

impl Input {
    /// Returns the name of the sheet that is read, in a workbook.
    pub(crate) fn sheet(&self) -> Option<&str> {
        self.sheet.as_ref().map(|(sheet, _)| sheet.name.as_str())
    }

    /// Describes how the input is read, as far as that was detected and is not the usual way: "as Windows-1252".
    pub(crate) fn detected(&self) -> Option<String> {
        (!self.detected.is_empty()).then(|| self.detected.join(", "))
    }

    /// Returns the encoding of the text.
    pub(crate) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Returns the options for the content of a row.
    pub(crate) fn reading(&self) -> &Reading {
        &self.reading
    }

    /// Returns the format of the rows.
    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// Hashes the bytes and counts the rows. Fails if [`rows`](Self::rows) would end with an error, except for the header.
    pub(crate) fn stats(&self) -> Result<InputStats, InputError> {
        let state = self.sheet.as_ref().map_or_else(|| self.source.state(), |(_, state)| *state);
        let mut hashing = Hashing::new(self.source.reader());
        let text = match &self.sheet {
            Some((sheet, _)) => Text::new(sheet.csv.reader(), None, self.encoding)?,
            None => Text::new(&mut hashing, self.compression, self.encoding)?,
        };
        let mut reader = RecordReader::new(text, self.format, self.sheet.is_some());
        let (mut record, mut records) = (Vec::new(), 0_u64);
        while reader.next(&mut record)?.is_some() {
            records += 1;
        }
        drop(reader);
        // The decompressor may leave bytes unread.
        io::copy(&mut hashing, &mut io::sink()).map_err(|source| InputError::Read { source })?;
        // The last row may be incomplete.
        if self.source.state() != state {
            return Err(InputError::BeingWritten);
        }
        let Fingerprint { sha256, checksum, bytes } = hashing.fingerprint();
        let header = u64::from(self.format != Format::Ndjson);
        Ok(InputStats { sha256, bytes, checksum, rows: records.saturating_sub(header), state })
    }

    /// Returns the change of the open file since `stats`, if any. Another file at its path does not matter.
    pub(crate) fn change_since(&self, stats: &InputStats) -> Option<Change> {
        let now = self.source.state();
        // A changed time alone means nothing, so the bytes decide.
        if now == stats.state {
            return None;
        }
        let mut hashing = Hashing::new(self.source.reader_to(stats.bytes));
        // A file that cannot be read again counts as rewritten.
        let is_read = io::copy(&mut hashing, &mut io::sink()).is_ok();
        match now {
            _ if !is_read || hashing.fingerprint() != stats.fingerprint() => Some(Change::Rewritten),
            Some(now) if now.bytes > stats.bytes => Some(Change::Grown),
            _ => None,
        }
    }

    /// Returns the rows from the first one on.
    pub(crate) fn rows(&self) -> Result<Rows, InputError> {
        let source = self.sheet.as_ref().map_or(&self.source, |(sheet, _)| &sheet.csv);
        self.rows_from(source.reader())
    }

    fn rows_from(&self, source: impl Read + Send + 'static) -> Result<Rows, InputError> {
        let text = Text::new(source, self.compression, self.encoding)?;
        let records = RecordReader::new(text, self.format, self.sheet.is_some());
        Rows::new(records, self.format, Arc::clone(&self.reading))
    }

    /// Returns the rows of the bytes of `stats`, without appended ones. Ends with [`InputError::Changed`] if one of these bytes
    /// has changed.
    pub(crate) fn rows_of(&self, stats: &InputStats) -> Result<Rows, InputError> {
        let rows = match &self.sheet {
            // The copy of a sheet does not change.
            Some(_) => self.rows()?,
            None => self.rows_from(Verified::new(self.source.reader_to(stats.bytes), stats.fingerprint()))?,
        };
        Ok(rows.at_most(stats.rows))
    }

    /// Returns the header of a CSV input, for a file of failed rows.
    pub(crate) fn header(&self) -> Result<Option<Header>, InputError> {
        Ok(self.rows()?.header().cloned())
    }
}
