//! The rejected rows of a journal, in the order of the input.

use std::{
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
    replay::{BUFFER, Replay},
};
use crate::import::input::Raw;

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
/// The journal has them in the order in which they were done. It is read twice: once for the places of these rows, 16
/// bytes each, which are then sorted; and once for the rows.
pub(crate) fn rejected(path: &Path) -> Result<Rejected, JournalError> {
    let mut file = File::open(path).map_err(failed_to("opened"))?;
    let mut places = Vec::new();
    if let Some(mut replay) = Replay::new(BufReader::with_capacity(BUFFER, &file))? {
        while let Some(found) = replay.next()? {
            if found.record.outcome == Outcome::Rejected {
                places.push((found.record.row, found.start));
            }
        }
    }
    places.sort_unstable();
    file.rewind().map_err(failed_to("read"))?;
    let lines = Lines::new(BufReader::with_capacity(BUFFER, file));
    Ok(Rejected { lines, places: places.into_iter() })
}

/// See [`rejected`].
pub(crate) struct Rejected {
    lines: Lines<BufReader<File>>,
    places: vec::IntoIter<(u64, u64)>,
}

impl Rejected {
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
        let (_, start) = self.places.next()?;
        Some(self.read(start))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.places.size_hint()
    }
}

impl fmt::Debug for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the buffer, which has rows of the input.
        f.debug_struct("Rejected").field("rows", &self.places.len()).finish_non_exhaustive()
    }
}
