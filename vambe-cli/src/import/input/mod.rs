//! Reading the rows of a file.
//!
//! From the bytes up: `source` (stored bytes), `text` (decompressed), `frames` (records), `csv` and `ndjson` (updates).
//! The survey ends with `frames`, so it counts what the rows number.

use std::{
    io::{self, Read},
    path::Path,
};

mod cells;
mod csv;
mod error;
mod fault;
mod format;
mod frames;
mod hashing;
mod header;
mod later;
mod ndjson;
mod notes;
mod object;
mod raw;
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
    later::{LATER_FIELD, Later},
    ndjson::LINE_FIELD,
    raw::Raw,
    rows::{Header, Rows},
    update::{ERROR_FIELD, Update},
};
use self::{
    format::{Compression, by_name},
    frames::Frames,
    hashing::{Fingerprint, Hashing, Verified},
    source::{Source, State},
    text::Text,
};

/// What the command line says of an input.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Options {
    /// `--input-format`; without it the name of the file decides, then its first character: `{` begins NDJSON, another
    /// one CSV.
    pub(crate) format: Option<FormatName>,
    /// `--delimiter`; without it a comma, or a tab for `.tsv`.
    pub(crate) delimiter: Option<u8>,
}

/// A file of updates, or what came by standard input: it can be read several times.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    source: Source,
    format: Format,
    compression: Option<Compression>,
}

/// What one look at every byte tells, without judging rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Survey {
    /// Of the bytes as stored, compressed or not.
    pub(crate) sha256: [u8; 32],
    /// How many these are.
    pub(crate) bytes: u64,
    /// The rows, right and wrong ones; not the header.
    pub(crate) rows: u64,
    /// Length and time of the file.
    state: Option<State>,
}

impl Survey {
    fn fingerprint(&self) -> Fingerprint {
        Fingerprint { sha256: self.sha256, bytes: self.bytes }
    }
}

/// A change of a file since its [`Survey`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// The file has more bytes after those of the survey.
    Grown,
    /// The bytes of the survey have changed.
    Rewritten,
}

/// One row, right or wrong.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Which row it is, from 1.
    pub(crate) number: u64,
    /// The line of the decompressed text on which it begins, from 1.
    pub(crate) line: u64,
    /// The row as it stands in the input.
    pub(crate) raw: Raw,
    /// What it asks for, or all that is wrong with it.
    pub(crate) content: Result<Update, Faults>,
}

impl Input {
    /// Opens a file, which is decompressed if its first bytes say that it is compressed.
    pub(crate) fn open(path: &Path, options: Options) -> Result<Self, InputError> {
        let (format, compression) = by_name(path);
        Self::new(Source::open(path)?, options, format, compression)
    }

    /// Takes standard input, or any other stream, to its end.
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
            // A name may say which delimiter; one of NDJSON says nothing then.
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

    /// How the rows are written.
    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// Hashes the bytes and counts the rows. What ends [`rows`](Self::rows) with an error is told here already, but for a
    /// wrong header.
    pub(crate) fn survey(&self) -> Result<Survey, InputError> {
        let state = self.source.state();
        let mut hashing = Hashing::new(self.source.reader());
        let mut frames = Frames::new(Text::new(&mut hashing, self.compression)?, self.format);
        let (mut record, mut records) = (Vec::new(), 0_u64);
        while frames.next(&mut record)?.is_some() {
            records += 1;
        }
        drop(frames);
        // The decompression may leave some unread.
        io::copy(&mut hashing, &mut io::sink()).map_err(|source| InputError::Read { source })?;
        // Its last row may be a part of one.
        if self.source.state() != state {
            return Err(InputError::BeingWritten);
        }
        let Fingerprint { sha256, bytes } = hashing.fingerprint();
        let header = u64::from(self.format != Format::Ndjson);
        Ok(Survey { sha256, bytes, rows: records.saturating_sub(header), state })
    }

    /// Returns the change of the file since then, if there is one. A file that was put in its place does not matter: the one
    /// that is open stays as it was.
    pub(crate) fn change_since(&self, survey: &Survey) -> Option<Change> {
        let now = self.source.state();
        // A time alone may have been set by anything.
        if now == survey.state {
            return None;
        }
        let mut hashing = Hashing::new(self.source.reader_to(survey.bytes));
        // What cannot be read again is not the same either.
        let is_read = io::copy(&mut hashing, &mut io::sink()).is_ok();
        match now {
            _ if !is_read || hashing.fingerprint() != survey.fingerprint() => Some(Change::Rewritten),
            Some(now) if now.bytes > survey.bytes => Some(Change::Grown),
            _ => None,
        }
    }

    /// The rows from the first one on; each call begins anew.
    pub(crate) fn rows(&self) -> Result<Rows, InputError> {
        let frames = Frames::new(Text::new(self.source.reader(), self.compression)?, self.format);
        Rows::new(frames, self.format)
    }

    /// The same, of the bytes of a survey and no others: those that have come since are left out, and if any of these has
    /// changed, the rows end with [`InputError::Changed`].
    pub(crate) fn rows_of(&self, survey: &Survey) -> Result<Rows, InputError> {
        let source = Verified::new(self.source.reader_to(survey.bytes), survey.fingerprint());
        let frames = Frames::new(Text::new(source, self.compression)?, self.format);
        Ok(Rows::new(frames, self.format)?.at_most(survey.rows))
    }

    /// The header as it stands in the input, if it is CSV: what a file of failed rows begins with.
    pub(crate) fn header(&self) -> Result<Option<Header>, InputError> {
        Ok(self.rows()?.header().cloned())
    }
}
