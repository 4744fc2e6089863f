//! Iterates over the rows of an input.

use std::sync::Arc;

use super::{
    Row, csv,
    error::InputError,
    fault::{FaultCollector, Faults},
    format::Format,
    header::{self, Column},
    leading_fields, ndjson,
    raw::Raw,
    reading::Reading,
    records::{MAX_RECORD, Record, RecordReader},
    update::Update,
};

/// Iterates over the rows. Ends after an error.
pub(crate) struct Rows {
    reader: RecordReader<'static>,
    layout: Layout,
    /// The number of rows so far, and its maximum.
    number: u64,
    most: u64,
    /// The number of the last row, `--limit-rows`.
    last: u64,
    reading: Arc<Reading>,
    /// The current record, whose memory is reused.
    buffer: Vec<u8>,
    ended: bool,
}

/// The format of the rows.
enum Layout {
    Csv { delimiter: u8, columns: Vec<Column>, header: Header },
    Ndjson,
}

/// The header of a CSV file, for a file of failed rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// The header as it is in the input, without the columns of an earlier import.
    pub(crate) raw: Raw,
    pub(crate) delimiter: u8,
    /// True if lines end with `\r\n`.
    pub(crate) crlf: bool,
    /// True if the file starts with a byte order mark, by which spreadsheets recognise UTF-8.
    pub(crate) bom: bool,
}

impl Rows {
    pub(super) fn new(
        mut reader: RecordReader<'static>,
        format: Format,
        reading: Arc<Reading>,
    ) -> Result<Self, InputError> {
        let mut buffer = Vec::new();
        let layout = match format {
            Format::Ndjson => Layout::Ndjson,
            Format::Csv { delimiter } => {
                let record = reader.next(&mut buffer)?.ok_or(InputError::NoHeader)?;
                if record.too_large {
                    return Err(InputError::HeaderTooLarge);
                }
                let columns = header::columns(&buffer, record.line, delimiter, &reading)?;
                let raw = csv::strip_notes(&buffer, &columns, delimiter).into();
                let header = Header { raw, delimiter, crlf: reader.after_return(), bom: reader.bom() };
                Layout::Csv { delimiter, columns, header }
            }
        };
        Ok(Self { reader, layout, number: 0, most: u64::MAX, last: u64::MAX, reading, buffer, ended: false })
    }

    /// Ends with [`InputError::Changed`] if there are more rows.
    pub(super) fn at_most(self, rows: u64) -> Self {
        Self { most: rows, ..self }
    }

    /// Ends after the row with this number.
    pub(crate) fn until(self, last: Option<u64>) -> Self {
        Self { last: last.unwrap_or(u64::MAX), ..self }
    }

    /// Returns the header of CSV.
    pub(super) fn header(&self) -> Option<&Header> {
        match &self.layout {
            Layout::Csv { header, .. } => Some(header),
            Layout::Ndjson => None,
        }
    }

    fn row(&self, record: Record) -> Row {
        let Record { line, too_large } = record;
        let record = self.buffer.as_slice();
        let (raw, content) = match &self.layout {
            _ if too_large => (Vec::new(), self.too_large(line)),
            Layout::Csv { delimiter, columns, .. } => (
                csv::strip_notes(record, columns, *delimiter),
                csv::update(record, line, columns, *delimiter, &self.reading),
            ),
            Layout::Ndjson => (leading_fields::strip_notes(record), ndjson::update(record, line, &self.reading)),
        };
        Row { number: self.number, line, raw: raw.into(), content }
    }

    fn too_large(&self, line: u64) -> Result<Update, Faults> {
        let mut faults = FaultCollector::new(&[], line, self.reading.is_sheet);
        faults.add(0, format_args!("the row is larger than {} MiB: make it smaller", MAX_RECORD >> 20));
        Err(faults.finish())
    }
}

impl Iterator for Rows {
    type Item = Result<Row, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended || self.number >= self.last {
            return None;
        }
        match self.reader.next(&mut self.buffer) {
            Ok(Some(_)) if self.number >= self.most => {
                self.ended = true;
                Some(Err(InputError::Changed))
            }
            Ok(Some(record)) => {
                self.number += 1;
                Some(Ok(self.row(record)))
            }
            Ok(None) => {
                self.ended = true;
                None
            }
            Err(error) => {
                self.ended = true;
                Some(Err(error))
            }
        }
    }
}
