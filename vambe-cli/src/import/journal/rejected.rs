//! The rows that a journal keeps as they stand in the input, rejected or unknown ones, in the order of the input.

use std::{
    cmp::Reverse,
    fmt,
    fs::File,
    io::{self, BufReader, Seek},
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
/// The journal has them in the order in which they were done. It is read twice: once for the places of these rows, 16
/// bytes each, which are then sorted; and once for the rows.
pub(crate) fn rejected(path: &Path) -> Result<KeptRows, JournalError> {
    kept(path, Outcome::Rejected)
}

/// The rows that may have been applied, in the same way.
pub(crate) fn unknown(path: &Path) -> Result<KeptRows, JournalError> {
    kept(path, Outcome::Unknown)
}

fn kept(path: &Path, outcome: Outcome) -> Result<KeptRows, JournalError> {
    let mut file = File::open(path).map_err(failed_to("opened"))?;
    let (mut places, mut sets) = (Vec::new(), RowSets::default());
    if let Some(mut replay) = Replay::new(BufReader::with_capacity(BUFFER, &file))? {
        while let Some(found) = replay.next()? {
            if let Found::Record { record, start } = found
                && record.outcome == outcome
            {
                places.push((record.row, start));
            }
        }
        // What came to be known of them since.
        sets = replay.end()?.rows;
        let still = if outcome == Outcome::Unknown { &sets.unknown } else { &sets.rejected };
        places.retain(|(row, _)| contains(still, *row));
    }
    // Of several records of a row, the last one, which comes first.
    places.sort_unstable_by_key(|&(row, start)| (row, Reverse(start)));
    places.dedup_by_key(|(row, _)| *row);
    file.rewind().map_err(failed_to("read"))?;
    let lines = Lines::new(BufReader::with_capacity(BUFFER, file));
    Ok(KeptRows { lines, places: places.into_iter(), sets })
}

/// See [`rejected`] and [`unknown`].
pub(crate) struct KeptRows {
    lines: Lines<BufReader<File>>,
    places: vec::IntoIter<(u64, u64)>,
    sets: RowSets,
}

impl KeptRows {
    /// The numbers of the rows that are left, in their order.
    pub(crate) fn numbers(&self) -> impl ExactSizeIterator<Item = u64> {
        self.places.as_slice().iter().map(|(row, _)| *row)
    }

    /// What is known of all rows.
    pub(crate) fn sets(&self) -> &RowSets {
        &self.sets
    }

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
        let (_, start) = self.places.next()?;
        Some(self.read(start))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.places.size_hint()
    }
}

impl fmt::Debug for KeptRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the buffer, which has rows of the input.
        f.debug_struct("KeptRows").field("rows", &self.places.len()).finish_non_exhaustive()
    }
}
