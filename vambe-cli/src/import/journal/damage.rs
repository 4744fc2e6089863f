//! Damaged lines of a journal: a torn end or lost lines.

/// Counts damaged lines while a journal is read.
#[derive(Debug, Default)]
pub(super) struct Damage {
    /// Damaged lines before a whole line.
    lines: u64,
    /// The damaged lines after the last whole line.
    end: Option<Dropped>,
    /// True if one of these has a line end.
    has_line_end: bool,
}

/// A torn end of the file, which is truncated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dropped {
    pub(super) start: u64,
    pub(crate) lines: u64,
    pub(crate) bytes: u64,
}

impl Damage {
    /// Adds a whole line.
    pub(super) fn whole(&mut self) {
        if let Some(end) = self.end.take() {
            self.lines = self.lines.saturating_add(end.lines);
            self.has_line_end = false;
        }
    }

    /// Adds a damaged line that begins at `start`.
    pub(super) fn damaged(&mut self, start: u64, line: &[u8]) {
        let end = self.end.get_or_insert(Dropped { start, lines: 0, bytes: 0 });
        end.lines = end.lines.saturating_add(1);
        end.bytes = end.bytes.saturating_add(u64::try_from(line.len()).unwrap_or(u64::MAX));
        self.has_line_end |= line.ends_with(b"\n");
    }

    /// Returns the number of lost lines, at the end of the file; 0 if the file is whole or [torn](Self::torn).
    ///
    /// A damaged line with a line end was once written whole, so it is lost rather than torn.
    pub(super) fn lines(&self) -> u64 {
        let at_end = self.end.filter(|_| self.has_line_end).map_or(0, |end| end.lines);
        self.lines.saturating_add(at_end)
    }

    /// Returns the torn end that a crash has left, if no line is lost.
    pub(super) fn torn(&self) -> Option<Dropped> {
        self.end.filter(|_| self.lines() == 0)
    }
}
