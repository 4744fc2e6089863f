//! Reading a journal from its beginning, a line at a time: the records that count.

use std::io::BufRead;

use serde::Deserialize;

use super::{
    Dropped, Header, JournalError, Outcome, Record, error::failed_to, header::check_torn, line::Lines, rows::RowSets,
};

/// How much is read at once.
pub(super) const BUFFER: usize = 64 << 10;

/// The records of a journal that count, up to the first line that is not whole: the first final one of each row, and each
/// unknown one before it.
pub(super) struct Replay<R> {
    lines: Lines<R>,
    header: Header,
    rows: RowSets,
}

/// What counts of a line.
#[derive(Debug)]
pub(super) enum Found {
    /// A record, and where its line begins.
    Record { record: Record, start: u64 },
    /// From here on, the rows that the server has rejected are open again: `--retry-rejected`.
    Reopened {
        /// How many they are.
        rows: u64,
    },
}

/// The line that opens rejected rows again.
#[derive(Deserialize)]
struct Reopening {
    #[allow(dead_code, reason = "that it is there says all")]
    retry_rejected: bool,
}

/// What is known at the end of what counts.
#[derive(Debug)]
pub(super) struct End {
    pub(super) rows: RowSets,
    pub(super) dropped: Option<Dropped>,
    /// The length of what counts.
    pub(super) length: u64,
}

impl<R: BufRead> Replay<R> {
    /// Reads the header; nothing if the file has yet to begin.
    pub(super) fn new(reader: R) -> Result<Option<Self>, JournalError> {
        let mut lines = Lines::new(reader);
        let header = match lines.next().map_err(failed_to("read"))? {
            Some(json) => Header::parse(json)?,
            None => {
                check_torn(lines.raw())?;
                return Ok(None);
            }
        };
        Ok(Some(Self { lines, header, rows: RowSets::default() }))
    }

    pub(super) fn header(&self) -> &Header {
        &self.header
    }

    /// The next record that counts.
    pub(super) fn next(&mut self) -> Result<Option<Found>, JournalError> {
        while let Some(json) = self.lines.next().map_err(failed_to("read"))? {
            let parsed = serde_json::from_slice(json).ok();
            let known = parsed.filter(|record: &Record| (1..=self.header.input_rows).contains(&record.row));
            let known = known.and_then(|record| Some((usize::try_from(record.row).ok()?, record)));
            let Some((index, record)) = known else {
                if serde_json::from_slice::<Reopening>(json).is_ok() {
                    return Ok(Some(Found::Reopened { rows: self.rows.reopen() }));
                }
                // Its CRC is right, so this is no damage, and not cut off: somebody else wrote it.
                return Err(JournalError::UnknownRecord { line: self.lines.number() });
            };
            let counts = !self.rows.finished.contains(index);
            if counts && (record.outcome.is_final() || record.outcome == Outcome::Unknown) {
                self.rows.add(index, &record);
                return Ok(Some(Found::Record { record, start: self.lines.start() }));
            }
        }
        Ok(None)
    }

    /// To be called once there are no more records.
    pub(super) fn end(self) -> Result<End, JournalError> {
        let length = self.lines.start();
        Ok(End { rows: self.rows, dropped: self.lines.dropped().map_err(failed_to("read"))?, length })
    }
}
