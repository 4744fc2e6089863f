//! One line of a journal: `<CRC-32 of the rest, 8 hexadecimal digits> <JSON>\n`; and reading such lines.

use std::io::{self, BufRead, Read, Seek, Write};

use serde::Serialize;

/// The longest line that is written or read, so that a damaged file does not fill the memory.
///
/// The raw row is most of it: at most 2 MiB, of which JSON may write a byte as six.
pub(super) const MAX: usize = 16 << 20;

/// Adds a line to a buffer; returns its length.
pub(super) fn write(buffer: &mut Vec<u8>, value: &impl Serialize) -> io::Result<usize> {
    let before = buffer.len();
    // serde_json escapes line feeds: none can stand in the JSON.
    let json = serde_json::to_vec(value)?;
    write!(buffer, "{:08x} ", crc32fast::hash(&json))?;
    buffer.extend_from_slice(&json);
    buffer.push(b'\n');
    Ok(buffer.len().saturating_sub(before))
}

/// The JSON of a line, if the line is as it was written.
fn json(line: &[u8]) -> Option<&[u8]> {
    let (crc, rest) = line.strip_suffix(b"\n")?.split_at_checked(8)?;
    let json = rest.strip_prefix(b" ")?;
    (crc == format!("{:08x}", crc32fast::hash(json)).as_bytes()).then_some(json)
}

/// One line of a journal.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    /// The JSON of a line that is as it was written.
    Whole(&'a [u8]),
    /// The line is torn, or other bytes than were written.
    Damaged,
    /// There are no more.
    End,
}

/// The lines of a journal.
pub(super) struct Lines<R> {
    reader: R,
    line: Vec<u8>,
    number: u64,
    /// Where the line last read began, and where it ended.
    start: u64,
    end: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, line: Vec::new(), number: 0, start: 0, end: 0 }
    }

    /// The JSON of the next line; nothing at the end of the file, and if the line is not whole.
    pub(super) fn next(&mut self) -> io::Result<Option<&[u8]>> {
        self.read()?;
        Ok(json(&self.line))
    }

    /// The next line, whole or not.
    pub(super) fn next_line(&mut self) -> io::Result<Line<'_>> {
        self.read()?;
        Ok(match json(&self.line) {
            Some(json) => Line::Whole(json),
            None if self.line.is_empty() => Line::End,
            None => Line::Damaged,
        })
    }

    fn read(&mut self) -> io::Result<()> {
        self.line.clear();
        let limit = u64::try_from(MAX).unwrap_or(u64::MAX);
        self.reader.by_ref().take(limit).read_until(b'\n', &mut self.line)?;
        self.start = self.end;
        self.end = self.end.saturating_add(u64::try_from(self.line.len()).unwrap_or(u64::MAX));
        self.number = self.number.saturating_add(1);
        Ok(())
    }

    /// The line last read, whole or not.
    pub(super) fn raw(&self) -> &[u8] {
        &self.line
    }

    /// Which line was last read, from 1.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// Returns the offset at which the line last read begins; at the end, the length of the file.
    pub(super) fn start(&self) -> u64 {
        self.start
    }
}

impl<R: Read + Seek> Lines<io::BufReader<R>> {
    /// The JSON of the line that begins at this place.
    pub(super) fn at(&mut self, start: u64) -> io::Result<Option<&[u8]>> {
        // Relative, since that keeps what is in the buffer: the journal is nearly in the order of the input.
        self.reader.seek_relative(start.cast_signed().wrapping_sub(self.end.cast_signed()))?;
        self.end = start;
        self.next()
    }
}
