//! Reading a journal from its beginning, a line at a time: the records that count.

use std::io::BufRead;

use fixedbitset::FixedBitSet;

use super::{Dropped, Header, JournalError, Record, error::failed_to, header::check_torn, line::Lines};

/// How much is read at once.
pub(super) const BUFFER: usize = 64 << 10;

/// The final records of a journal, the first of each row, up to the first line that is not whole.
pub(super) struct Replay<R> {
    lines: Lines<R>,
    header: Header,
    final_rows: FixedBitSet,
}

/// A record, and where its line begins.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) record: Record,
    pub(super) start: u64,
}

/// What is known at the end of what counts.
#[derive(Debug)]
pub(super) struct End {
    pub(super) final_rows: FixedBitSet,
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
        Ok(Some(Self { lines, header, final_rows: FixedBitSet::new() }))
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
            // Its CRC is right, so this is no damage, and not cut off: somebody else wrote it.
            let Some((index, record)) = known else {
                return Err(JournalError::UnknownRecord { line: self.lines.number() });
            };
            if record.outcome.is_final() && !self.final_rows.contains(index) {
                self.final_rows.grow_and_insert(index);
                return Ok(Some(Found { record, start: self.lines.start() }));
            }
        }
        Ok(None)
    }

    /// To be called once there are no more records.
    pub(super) fn end(self) -> Result<End, JournalError> {
        let length = self.lines.start();
        Ok(End { final_rows: self.final_rows, dropped: self.lines.dropped().map_err(failed_to("read"))?, length })
    }
}
