//! Reads the rows of a file.
//!
//! From the bytes up: `source` (stored bytes), `text` (decompressed), `records`, `csv` and `ndjson` (updates). The statistics
//! stop at records, so they count exactly the numbered rows.

use std::{
    io::{self, Read},
    path::Path,
};

mod cells;
mod csv;
mod error;
mod fault;
mod format;
mod hashing;
mod header;
mod later_keys;
mod leading_fields;
mod ndjson;
mod object;
mod raw;
mod records;
mod rows;
mod source;
#[cfg(test)]
mod tests;
mod text;
mod update;
mod zstd;

pub(crate) use self::{
    error::InputError,
    fault::{Fault, Faults},
    format::{Format, FormatName, parse_delimiter},
    later_keys::{LATER_FIELD, LaterKeys},
    ndjson::LINE_FIELD,
    raw::Raw,
    rows::{Header, Rows},
    update::{ERROR_FIELD, Update},
};
use self::{
    format::{Compression, by_name},
    hashing::{Fingerprint, Hashing, Verified},
    records::RecordReader,
    source::{Source, State},
    text::Text,
};

/// The options of the command line for an input.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Options {
    /// `--input-format`; by default from the file name, then from the first character: `{` starts NDJSON.
    pub(crate) format: Option<FormatName>,
    /// `--delimiter`; by default a comma, or a tab for `.tsv`.
    pub(crate) delimiter: Option<u8>,
}

/// A file of updates, or a copy of the standard input, which can be read several times.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    source: Source,
    format: Format,
    compression: Option<Compression>,
}

/// The statistics of an input, from one pass that does not parse rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InputStats {
    /// The SHA-256 of the stored bytes, compressed or not.
    pub(crate) sha256: [u8; 32],
    /// The number of stored bytes.
    pub(crate) bytes: u64,
    /// The number of rows, valid or not, without the header.
    pub(crate) rows: u64,
    state: Option<State>,
}

impl InputStats {
    fn fingerprint(&self) -> Fingerprint {
        Fingerprint { sha256: self.sha256, bytes: self.bytes }
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
    /// Opens a file; its first bytes decide about decompression.
    pub(crate) fn open(path: &Path, options: Options) -> Result<Self, InputError> {
        let (format, compression) = by_name(path);
        Self::new(Source::open(path)?, options, format, compression)
    }

    /// Copies the standard input, or any other stream.
    pub(crate) fn copy_of(stream: impl Read, options: Options) -> Result<Self, InputError> {
        Self::new(Source::copy_of(stream)?, options, None, None)
    }

    fn new(
        source: Source,
        options: Options,
        named_format: Option<Format>,
        named_compression: Option<Compression>,
    ) -> Result<Self, InputError> {
        let mut first = Vec::new();
        let read = source.reader().take(4).read_to_end(&mut first);
        read.map_err(|source| InputError::Read { source })?;
        let compression = Compression::of_bytes(&first);
        if let (None, Some(compression)) = (compression, named_compression) {
            return Err(InputError::NotCompressed { compression });
        }
        let comma = Format::Csv { delimiter: b',' };
        let first = || Text::new(source.reader(), compression)?.first_visible();
        let format = match (options.format, named_format) {
            (Some(FormatName::Ndjson), _) => Format::Ndjson,
            // The name may give the delimiter, unless it is that of NDJSON.
            (Some(FormatName::Csv), Some(named @ Format::Csv { .. })) => named,
            (Some(FormatName::Csv), _) => comma,
            (None, Some(named)) => named,
            (None, None) => match first()? {
                Some(b'{' | b'[') => Format::Ndjson,
                _ => comma,
            },
        };
        if format == Format::Ndjson && first()? == Some(b'[') {
            return Err(InputError::JsonArray);
        }
        let format = match (format, options.delimiter) {
            (format, None) => format,
            (Format::Csv { .. }, Some(delimiter)) => Format::Csv { delimiter },
            (Format::Ndjson, Some(_)) => return Err(InputError::DelimiterForNdjson),
        };
        Ok(Self { source, format, compression })
    }

    /// Returns the format of the rows.
    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// Hashes the bytes and counts the rows. Fails if [`rows`](Self::rows) would end with an error, except for the header.
    pub(crate) fn stats(&self) -> Result<InputStats, InputError> {
        let state = self.source.state();
        let mut hashing = Hashing::new(self.source.reader());
        let mut reader = RecordReader::new(Text::new(&mut hashing, self.compression)?, self.format);
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
        let Fingerprint { sha256, bytes } = hashing.fingerprint();
        let header = u64::from(self.format != Format::Ndjson);
        Ok(InputStats { sha256, bytes, rows: records.saturating_sub(header), state })
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
        let reader = RecordReader::new(Text::new(self.source.reader(), self.compression)?, self.format);
        Rows::new(reader, self.format)
    }

    /// Returns the rows of the bytes of `stats`, without appended ones. Ends with [`InputError::Changed`] if one of these bytes
    /// has changed.
    pub(crate) fn rows_of(&self, stats: &InputStats) -> Result<Rows, InputError> {
        let source = Verified::new(self.source.reader_to(stats.bytes), stats.fingerprint());
        let reader = RecordReader::new(Text::new(source, self.compression)?, self.format);
        Ok(Rows::new(reader, self.format)?.at_most(stats.rows))
    }

    /// Returns the header of a CSV input, for a file of failed rows.
    pub(crate) fn header(&self) -> Result<Option<Header>, InputError> {
        Ok(self.rows()?.header().cloned())
    }
}
