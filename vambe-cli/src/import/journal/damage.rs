//! The lines of a journal that are not as they were written.

/// The lines that could not be read, counted from the beginning of the file to its end.
#[derive(Debug, Default)]
pub(super) struct Damage {
    /// Lines before one that is whole.
    lines: u64,
    /// The lines after the last one that is whole.
    end: Option<Dropped>,
    /// True if one of those has its line end.
    has_line_end: bool,
}

/// A torn end of the file, which is cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dropped {
    pub(super) start: u64,
    pub(crate) lines: u64,
    pub(crate) bytes: u64,
}

impl Damage {
    /// Records a line that is whole.
    pub(super) fn whole(&mut self) {
        if let Some(end) = self.end.take() {
            self.lines = self.lines.saturating_add(end.lines);
            self.has_line_end = false;
        }
    }

    /// Records a line that is not, which begins at `start`.
    pub(super) fn damaged(&mut self, start: u64, line: &[u8]) {
        let end = self.end.get_or_insert(Dropped { start, lines: 0, bytes: 0 });
        end.lines = end.lines.saturating_add(1);
        end.bytes = end.bytes.saturating_add(u64::try_from(line.len()).unwrap_or(u64::MAX));
        self.has_line_end |= line.ends_with(b"\n");
    }

    /// Returns how many lines are lost, once the end of the file is reached; 0 if the file is at most [torn](Self::torn).
    ///
    /// A line that was written to its end and is another now is not torn.
    pub(super) fn lines(&self) -> u64 {
        let at_end = self.end.filter(|_| self.has_line_end).map_or(0, |end| end.lines);
        self.lines.saturating_add(at_end)
    }

    /// Returns the torn end that a crash has left, if the file is not damaged otherwise.
    pub(super) fn torn(&self) -> Option<Dropped> {
        self.end.filter(|_| self.lines() == 0)
    }
}
