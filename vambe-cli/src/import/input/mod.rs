//! Reads the rows of a file.
//!
//! From the bytes up: `source` (stored bytes), `text` (decompressed and decoded), `records`, `csv` and `ndjson` (updates). The statistics
//! stop at records, so they count exactly the numbered rows.

use std::{
    io::{self, Read},
    path::Path,
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
    format::{Compression, by_name},
    hashing::{Fingerprint, Hashing, Verified},
    records::RecordReader,
    source::{Source, State},
    text::Text,
    workbook::{Sheet, WorkbookError},
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
        workbook::reject_compound(&first)?;
        if workbook::is_zip(&first) {
            return Self::of_workbook(source, options);
        }
        if options.sheet.is_some() {
            return Err(WorkbookError::SheetOfText.into());
        }
        let compression = Compression::of_bytes(&first);
        if let (None, Some(compression)) = (compression, named_compression) {
            return Err(InputError::NotCompressed { compression });
        }
        let encoding = Encoding::of(text::decompressed(source.reader(), compression), options.encoding)?;
        let comma = Format::Csv { delimiter: b',' };
        let text = || Text::new(source.reader(), compression, encoding);
        let first = || text()?.first_visible();
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
        let mut detected = Vec::new();
        if options.encoding.is_none() && encoding != Encoding::UTF_8 {
            detected.push(format!("as {encoding}"));
        }
        let format = match (format, options.delimiter) {
            (Format::Csv { delimiter }, None) => match delimiter::detect(text, &options.reading.maps) {
                Some(found) if found != delimiter => {
                    detected.push(format!("with {} as the delimiter", delimiter::describe(found)));
                    Format::Csv { delimiter: found }
                }
                _ => format,
            },
            (Format::Ndjson, None) => format,
            (Format::Csv { .. }, Some(delimiter)) => Format::Csv { delimiter },
            (Format::Ndjson, Some(_)) => return Err(InputError::DelimiterForNdjson),
        };
        options.reading.check(format != Format::Ndjson)?;
        let reading = Arc::new(options.reading);
        Ok(Self { source, format, compression, encoding, sheet: None, reading, detected })
    }

    fn of_workbook(source: Source, options: Options) -> Result<Self, InputError> {
        let Options { format, delimiter, encoding, sheet, mut reading } = options;
        if format.is_some() || delimiter.is_some() || encoding.is_some() {
            return Err(WorkbookError::OptionsOfText.into());
        }
        let state = source.state();
        let named = sheet.is_some();
        let sheet = Sheet::convert(&source, sheet.as_deref())?;
        reading.is_sheet = true;
        reading.check(true)?;
        Ok(Self {
            source,
            format: Format::Csv { delimiter: workbook::DELIMITER },
            compression: None,
            encoding: Encoding::UTF_8,
            detected: if named { Vec::new() } else { vec![format!("from the sheet {:?}", sheet.name)] },
            sheet: Some((sheet, state)),
            reading: Arc::new(reading),
        })
    }

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
