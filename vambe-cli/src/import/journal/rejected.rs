//! The rejected rows of a journal, in the order of the input.

use std::{
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
    replay::{BUFFER, Replay},
};
use crate::import::input::Raw;

/// The number of rows that are sorted at once: 16 bytes each.
const SORTED: usize = 1 << 18;

/// A row that was rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RejectedRow {
    /// Which row of the input, from 1.
    pub(crate) row: u64,
    /// On which line of the input it begins.
    pub(crate) line: u64,
    /// The HTTP status; none if it was not the server that rejected it.
    pub(crate) status: Option<u16>,
    pub(crate) reason: String,
    /// The row as it stands in the input.
    pub(crate) input: Raw,
}

/// The rejected rows of a journal, in the order of the input. Nothing is locked, cut or written.
///
/// The journal has them in the order in which they were done. It is read once for each quarter of a million of them, to find
/// and sort the places of the next ones: so 4 MiB are enough for any number.
pub(crate) fn rejected(path: &Path) -> Result<Rejected, JournalError> {
    rejected_in_parts(path, SORTED)
}

/// The same, with `sorted` rows sorted at once.
pub(super) fn rejected_in_parts(path: &Path, sorted: usize) -> Result<Rejected, JournalError> {
    let file = File::open(path).map_err(failed_to("opened"))?;
    let mut rejected = Rejected { file, sorted, part: None, after: 0 };
    rejected.part = rejected.next_part()?;
    Ok(rejected)
}

/// See [`rejected`].
pub(crate) struct Rejected {
    file: File,
    sorted: usize,
    /// Those that are sorted; nothing once there are no more.
    part: Option<Part>,
    /// The row that came last.
    after: u64,
}

/// The next rows, and where their lines begin.
struct Part {
    lines: Lines<BufReader<File>>,
    places: vec::IntoIter<(u64, u64)>,
    is_last: bool,
}

impl Rejected {
    /// Finds the first rows after those that came already.
    fn next_part(&self) -> Result<Option<Part>, JournalError> {
        let reader = || {
            let mut file = self.file.try_clone().map_err(failed_to("opened"))?;
            file.rewind().map_err(failed_to("read"))?;
            Ok(BufReader::with_capacity(BUFFER, file))
        };
        // The last of them is on top.
        let mut first = BinaryHeap::new();
        let mut is_last = true;
        if let Some(mut replay) = Replay::new(reader()?, None)? {
            while let Some(found) = replay.next()? {
                let row = found.record.row;
                if found.record.outcome != Outcome::Rejected || row <= self.after {
                    continue;
                }
                if first.len() >= self.sorted {
                    is_last = false;
                    if first.peek().is_some_and(|&(last, _)| last < row) {
                        continue;
                    }
                    first.pop();
                }
                first.push((row, found.start));
            }
        }
        if first.is_empty() {
            return Ok(None);
        }
        Ok(Some(Part { lines: Lines::new(reader()?), places: first.into_sorted_vec().into_iter(), is_last }))
    }

    fn try_next(&mut self) -> Result<Option<RejectedRow>, JournalError> {
        while let Some(part) = &mut self.part {
            if let Some((row, start)) = part.places.next() {
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
    fn read(&mut self, start: u64) -> Result<RejectedRow, JournalError> {
        let json = self.lines.at(start).map_err(failed_to("read"))?;
        let record: Option<Record> = json.and_then(|json| serde_json::from_slice(json).ok());
        let Some(Record { row, line, status, reason, input, .. }) = record else {
            // It was whole a moment ago.
            return Err(failed_to("read")(io::Error::other("it was changed while it was read")));
        };
        Ok(RejectedRow {
            row,
            line: line.unwrap_or_default(),
            status,
            reason: reason.unwrap_or_default(),
            input: input.unwrap_or_default(),
        })
    }
}

impl Iterator for Rejected {
    type Item = Result<RejectedRow, JournalError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.try_next().transpose()
    }
}

impl fmt::Debug for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the buffer, which has rows of the input.
        f.debug_struct("Rejected").field("after", &self.after).finish_non_exhaustive()
    }
}
