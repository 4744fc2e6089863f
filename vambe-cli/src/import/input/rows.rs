//! The rows of an input, one after the other.

use super::{
    Row, csv,
    error::InputError,
    fault::{Faults, Gathered},
    format::Format,
    frames::{Frame, Frames, MAX_RECORD},
    header::{self, Column},
    ndjson, notes,
    raw::Raw,
    update::Update,
};

/// The rows, read as they are asked for. After an error there are no more.
pub(crate) struct Rows {
    frames: Frames<'static>,
    layout: Layout,
    /// The number of rows so far, and the most that there may be.
    number: u64,
    most: u64,
    /// The record that is read; kept, so that its memory is.
    record: Vec<u8>,
    ended: bool,
}

/// What the rows have in common.
enum Layout {
    Csv { delimiter: u8, columns: Vec<Column>, header: Header },
    Ndjson,
}

/// The header of a CSV file as it stands there, for a file of the rows that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// The names without the column of earlier reasons, as they are written in the input.
    pub(crate) raw: Raw,
    /// What stands between them.
    pub(crate) delimiter: u8,
    /// Whether lines end with `\r\n`.
    pub(crate) crlf: bool,
    /// Whether the file begins with a byte order mark, by which a spreadsheet knows that it is UTF-8.
    pub(crate) bom: bool,
}

impl Rows {
    pub(super) fn new(mut frames: Frames<'static>, format: Format) -> Result<Self, InputError> {
        let mut record = Vec::new();
        let layout = match format {
            Format::Ndjson => Layout::Ndjson,
            Format::Csv { delimiter } => {
                let frame = frames.next(&mut record)?.ok_or(InputError::NoHeader)?;
                if frame.too_large {
                    return Err(InputError::HeaderTooLarge);
                }
                let columns = header::columns(&record, frame.line, delimiter)?;
                let raw = csv::without_error(&record, &columns, delimiter).into();
                let header = Header { raw, delimiter, crlf: frames.after_return(), bom: frames.bom() };
                Layout::Csv { delimiter, columns, header }
            }
        };
        Ok(Self { frames, layout, number: 0, most: u64::MAX, record, ended: false })
    }

    /// Ends with [`InputError::Changed`] where there are more rows than these.
    pub(super) fn at_most(self, rows: u64) -> Self {
        Self { most: rows, ..self }
    }

    /// The header, if there is one.
    pub(super) fn header(&self) -> Option<&Header> {
        match &self.layout {
            Layout::Csv { header, .. } => Some(header),
            Layout::Ndjson => None,
        }
    }

    fn row(&self, frame: Frame) -> Row {
        let Frame { line, too_large } = frame;
        let record = self.record.as_slice();
        let (raw, content) = match &self.layout {
            _ if too_large => (Vec::new(), Self::too_large(line)),
            Layout::Csv { delimiter, columns, .. } => {
                (csv::without_error(record, columns, *delimiter), csv::update(record, line, columns, *delimiter))
            }
            Layout::Ndjson => (notes::without_error(record), ndjson::update(record, line)),
        };
        Row { number: self.number, line, raw: raw.into(), content }
    }

    fn too_large(line: u64) -> Result<Update, Faults> {
        let mut faults = Gathered::new(&[], line);
        faults.add(0, format_args!("the row is larger than {} MiB: make it smaller", MAX_RECORD >> 20));
        faults.or(None)
    }
}

impl Iterator for Rows {
    type Item = Result<Row, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        match self.frames.next(&mut self.record) {
            Ok(Some(_)) if self.number >= self.most => {
                self.ended = true;
                Some(Err(InputError::Changed))
            }
            Ok(Some(frame)) => {
                self.number += 1;
                Some(Ok(self.row(frame)))
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
