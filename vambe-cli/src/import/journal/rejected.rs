//! The rows that a journal keeps as they stand in the input, rejected or unknown ones, in the order of the input.

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
    replay::{BUFFER, Found, Replay},
    rows::{RowSets, contains},
};
use crate::import::input::Raw;

/// The number of rows that are sorted at once: 16 bytes each.
const SORTED: usize = 1 << 17;

/// A row that was rejected or is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeptRow {
    /// Which row of the input, from 1.
    pub(crate) row: u64,
    /// On which line of the input it begins, if the journal says so.
    pub(crate) line: Option<u64>,
    /// The HTTP status; none if the server did not answer.
    pub(crate) status: Option<u16>,
    pub(crate) reason: String,
    /// The row as it stands in the input.
    pub(crate) input: Raw,
}

/// The rejected rows of a journal, in the order of the input. Nothing is locked, cut or written.
///
/// The journal has them in the order in which they were done. It is read once to know which rows are still rejected, and once
/// for each 131,072 of them, to find and sort the places of the next ones: so 2 MiB are enough for any number.
pub(crate) fn rejected(path: &Path) -> Result<KeptRows, JournalError> {
    kept_in_parts(path, Outcome::Rejected, SORTED)
}

/// The rows that may have been applied, in the same way.
pub(crate) fn unknown(path: &Path) -> Result<KeptRows, JournalError> {
    kept_in_parts(path, Outcome::Unknown, SORTED)
}

/// The same, sorting so many rows at once.
pub(super) fn kept_in_parts(path: &Path, outcome: Outcome, sorted: usize) -> Result<KeptRows, JournalError> {
    let file = File::open(path).map_err(failed_to("opened"))?;
    let mut rows = KeptRows { file, outcome, sorted, sets: RowSets::default(), part: None, after: 0 };
    if let Some(mut replay) = Replay::new(rows.reader()?, None)? {
        while replay.next()?.is_some() {}
        rows.sets = replay.end().rows;
    }
    rows.part = rows.next_part()?;
    Ok(rows)
}

/// See [`rejected`] and [`unknown`].
pub(crate) struct KeptRows {
    file: File,
    outcome: Outcome,
    sorted: usize,
    sets: RowSets,
    /// Those that are sorted; nothing once there are no more.
    part: Option<Part>,
    /// The row that came last.
    after: u64,
}

/// The next rows, and where their lines begin.
struct Part {
    lines: Lines<BufReader<File>>,
    places: vec::IntoIter<(u64, Reverse<u64>)>,
    is_last: bool,
}

impl KeptRows {
    /// What is known of all rows.
    pub(crate) fn sets(&self) -> &RowSets {
        &self.sets
    }

    fn reader(&self) -> Result<BufReader<File>, JournalError> {
        let mut file = self.file.try_clone().map_err(failed_to("opened"))?;
        file.rewind().map_err(failed_to("read"))?;
        Ok(BufReader::with_capacity(BUFFER, file))
    }

    /// Finds the first rows after those that came already.
    fn next_part(&self) -> Result<Option<Part>, JournalError> {
        let rows = if self.outcome == Outcome::Unknown { &self.sets.unknown } else { &self.sets.rejected };
        // The last of them is on top. Of several records of a row, the last one counts, so that it comes first.
        let mut first = BinaryHeap::new();
        let mut is_last = true;
        if let Some(mut replay) = Replay::new(self.reader()?, None)? {
            while let Some(found) = replay.next()? {
                let Found::Record { record: Record { row, outcome, .. }, start } = found else { continue };
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
        let mut places = first.into_sorted_vec();
        places.dedup_by_key(|(row, _)| *row);
        if places.is_empty() {
            return Ok(None);
        }
        Ok(Some(Part { lines: Lines::new(self.reader()?), places: places.into_iter(), is_last }))
    }

    fn try_next(&mut self) -> Result<Option<KeptRow>, JournalError> {
        while let Some(part) = &mut self.part {
            if let Some((row, Reverse(start))) = part.places.next() {
                self.after = row;
                return part.read(start).map(Some);
            }
            let is_last = part.is_last;
            // Before the next one is made, so that there is one at a time.
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
            // It was whole a moment ago.
            return Err(failed_to("read")(io::Error::other("it was changed while it was read")));
        };
        Ok(KeptRow { row, line, status, reason: reason.unwrap_or_default(), input: input.unwrap_or_default() })
    }
}

impl Iterator for KeptRows {
    type Item = Result<KeptRow, JournalError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.try_next().transpose()
    }
}

impl fmt::Debug for KeptRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the buffer, which has rows of the input.
        f.debug_struct("KeptRows").field("after", &self.after).finish_non_exhaustive()
    }
}
