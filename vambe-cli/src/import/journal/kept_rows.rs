//! The rows whose input the journal keeps, rejected or unknown ones, in the order of the input.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    fmt,
    fs::File,
    io::{self, BufReader, Seek as _},
    path::Path,
    vec,
};

use super::{
    JournalError, Outcome, Record,
    error::failed_to,
    line::Lines,
    replay::{BUFFER, Entry, Replay},
    rows::{RowSets, contains},
};
use crate::import::input::Raw;

/// The number of rows that are sorted at once: 16 bytes each.
const SORTED: usize = 1 << 17;

/// A row that was rejected or is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeptRow {
    /// The number of the row in the input, from 1.
    pub(crate) row: u64,
    /// The line of the input on which it begins, if the journal has it.
    pub(crate) line: Option<u64>,
    /// The HTTP status; `None` without a response.
    pub(crate) status: Option<u16>,
    pub(crate) reason: String,
    /// The row as it is in the input.
    pub(crate) input: Raw,
}

/// The rejected or the unknown rows of a journal, in the order of the input. The file is only read.
///
/// The journal has them in the order of their outcomes. It is read once for each 131,072 rows, to find and sort the offsets
/// of the next ones, so 2 MiB are enough for any number.
pub(crate) struct KeptRows<'a> {
    file: File,
    outcome: Outcome,
    sorted: usize,
    rows: &'a RowSets,
    /// The rows that are sorted; `None` at the end.
    part: Option<Part>,
    /// The row that was returned last.
    after: u64,
}

/// The next rows, and the offsets of their lines.
struct Part {
    lines: Lines<BufReader<File>>,
    offsets: vec::IntoIter<(u64, Reverse<u64>)>,
    is_last: bool,
}

/// Reads which rows of a journal are final, rejected or unknown.
pub(crate) fn row_sets(path: &Path) -> Result<RowSets, JournalError> {
    let file = File::open(path).map_err(failed_to("open"))?;
    let Some(mut replay) = Replay::new(BufReader::with_capacity(BUFFER, file), None)? else {
        return Ok(RowSets::default());
    };
    while replay.next()?.is_some() {}
    Ok(replay.end().rows)
}

impl<'a> KeptRows<'a> {
    /// Opens a journal whose [`row_sets`] are `rows`. `outcome` is rejected or unknown.
    pub(crate) fn open(path: &Path, outcome: Outcome, rows: &'a RowSets) -> Result<Self, JournalError> {
        Self::in_parts(path, outcome, rows, SORTED)
    }

    /// Opens a journal, sorting `sorted` rows at once.
    pub(super) fn in_parts(
        path: &Path,
        outcome: Outcome,
        rows: &'a RowSets,
        sorted: usize,
    ) -> Result<Self, JournalError> {
        let file = File::open(path).map_err(failed_to("open"))?;
        let mut kept = Self { file, outcome, sorted, rows, part: None, after: 0 };
        kept.part = kept.next_part()?;
        Ok(kept)
    }

    fn reader(&self) -> Result<BufReader<File>, JournalError> {
        let mut file = self.file.try_clone().map_err(failed_to("open"))?;
        file.rewind().map_err(failed_to("read"))?;
        Ok(BufReader::with_capacity(BUFFER, file))
    }

    /// Finds the first rows after the last one that was returned.
    fn next_part(&self) -> Result<Option<Part>, JournalError> {
        let rows = if self.outcome == Outcome::Unknown { &self.rows.unknown } else { &self.rows.rejected };
        if rows.is_clear() {
            return Ok(None);
        }
        // The largest row is on top. The last of several records of a row counts, so it sorts first.
        let mut first = BinaryHeap::new();
        let mut is_last = true;
        if let Some(mut replay) = Replay::new(self.reader()?, None)? {
            while let Some(entry) = replay.next()? {
                let Entry::Record { record: Record { row, outcome, .. }, start } = entry else { continue };
                if outcome != self.outcome || row <= self.after || !contains(rows, row) {
                    continue;
                }
                if first.len() >= self.sorted {
                    is_last = false;
                    if first.peek().is_some_and(|&(last, _)| last < row) {
                        continue;
                    }
                    first.pop();
                }
                first.push((row, Reverse(start)));
            }
        }
        let mut offsets = first.into_sorted_vec();
        offsets.dedup_by_key(|(row, _)| *row);
        if offsets.is_empty() {
            return Ok(None);
        }
        Ok(Some(Part { lines: Lines::new(self.reader()?), offsets: offsets.into_iter(), is_last }))
    }

    fn try_next(&mut self) -> Result<Option<KeptRow>, JournalError> {
        while let Some(part) = &mut self.part {
            if let Some((row, Reverse(start))) = part.offsets.next() {
                self.after = row;
                return part.read(start).map(Some);
            }
            let is_last = part.is_last;
            // Dropped before the next one is made, so that only one exists.
            self.part = None;
            if !is_last {
                self.part = self.next_part()?;
            }
        }
        Ok(None)
    }
}

impl Part {
    fn read(&mut self, start: u64) -> Result<KeptRow, JournalError> {
        let json = self.lines.at(start).map_err(failed_to("read"))?;
        let record: Option<Record> = json.and_then(|json| serde_json::from_slice(json).ok());
        let Some(Record { row, line, status, reason, input, .. }) = record else {
            return Err(failed_to("read")(io::Error::other("the file was changed while it was read")));
        };
        Ok(KeptRow { row, line, status, reason: reason.unwrap_or_default(), input: input.unwrap_or_default() })
    }
}

impl Iterator for KeptRows<'_> {
    type Item = Result<KeptRow, JournalError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.try_next().transpose()
    }
}

impl fmt::Debug for KeptRows<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the buffer, which has rows of the input.
        f.debug_struct("KeptRows").field("after", &self.after).finish_non_exhaustive()
    }
}
