//! The faults of a row, with line and column, and never with a value.

use std::fmt;

use vambe_api::TicketRef;

use super::{cells::Cells, later_keys::LaterKeys, workbook};

/// The maximum number of faults that are reported of a row, which can have one a byte.
const MAX_FAULTS: usize = 16;
/// The maximum number of characters that are shown of a name, and of names in a list.
const MAX_NAME: usize = 64;
const MAX_NAMES: usize = 20;

/// One problem in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The line, from 1. A quoted cell may start in a later line than its row.
    pub(crate) line: u64,
    /// The character in the line, or the column of a sheet, from 1.
    pub(crate) column: u64,
    /// The name of the cell, such as B7, in a sheet.
    pub(crate) cell: Option<String>,
    /// The problem, with the name of the column or key and without a value, and the fix.
    pub(crate) reason: String,
}

impl Fault {
    /// Returns the position as people read it: `7:2`, or `B7` in a sheet.
    pub(crate) fn place(&self) -> String {
        self.cell.clone().unwrap_or_else(|| format!("{}:{}", self.line, self.column))
    }
}

/// The faults of a row, at least one, in the order of the text; then missing parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Faults {
    faults: Vec<Fault>,
    left_out: usize,
    ticket: Option<TicketRef>,
    later: LaterKeys,
}

impl Faults {
    /// Adds the parts of the row that are valid.
    pub(super) fn with_row(self, ticket: Option<TicketRef>, later: LaterKeys) -> Self {
        Self { ticket, later, ..self }
    }

    /// Returns the ticket of the row, if it names exactly one.
    pub(crate) fn ticket(&self) -> Option<&TicketRef> {
        self.ticket.as_ref()
    }

    /// Returns the keys that an earlier import has noted as set by later rows.
    pub(crate) fn later(&self) -> &LaterKeys {
        &self.later
    }

    /// Returns the first 16 faults.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Fault> {
        self.faults.iter()
    }

    /// Returns the number of further faults.
    pub(crate) fn left_out(&self) -> usize {
        self.left_out
    }
}

/// Collects the faults of one record.
pub(super) struct FaultCollector<'a> {
    /// The record, and its first line.
    raw: &'a [u8],
    line: u64,
    is_sheet: bool,
    faults: Faults,
}

impl<'a> FaultCollector<'a> {
    pub(super) fn new(raw: &'a [u8], line: u64, is_sheet: bool) -> Self {
        Self {
            raw,
            line,
            is_sheet,
            faults: Faults { faults: Vec::new(), left_out: 0, ticket: None, later: LaterKeys::default() },
        }
    }

    /// Adds a fault at a byte of the record.
    pub(super) fn add(&mut self, offset: usize, reason: impl fmt::Display) {
        // Before position and reason, which take time: there may be millions of faults.
        if self.faults.faults.len() == MAX_FAULTS {
            self.faults.left_out += 1;
            return;
        }
        let (line, column, cell) = if self.is_sheet {
            let column =
                Cells::new(self.raw, workbook::DELIMITER).take_while(|cell| cell.start <= offset).count() as u64;
            (self.line, column, Some(format!("{}{}", workbook::column_name(column), self.line)))
        } else {
            let (line, column) = position(self.raw, offset, self.line);
            (line, column, None)
        };
        self.faults.faults.push(Fault { line, column, cell, reason: reason.to_string() });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.faults.faults.is_empty()
    }

    pub(super) fn finish(self) -> Faults {
        self.faults
    }
}

/// Returns line and character, both from 1, of a byte of a record whose first line is `line`.
///
/// Counts invalid UTF-8 the way editors show it.
pub(super) fn position(raw: &[u8], offset: usize, mut line: u64) -> (u64, u64) {
    let before = raw.get(..offset).unwrap_or(raw);
    let mut begin = 0;
    for (index, byte) in before.iter().enumerate() {
        let within_crlf = *byte == b'\r' && raw.get(index + 1) == Some(&b'\n');
        if matches!(byte, b'\n' | b'\r') && !within_crlf {
            line += 1;
            begin = index + 1;
        }
    }
    let before = String::from_utf8_lossy(before.get(begin..).unwrap_or_default());
    (line, before.chars().count() as u64 + 1)
}

/// Displays a name shortened and without control characters.
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars().take(MAX_NAME) {
            write!(f, "{}", c.escape_debug())?;
        }
        if self.0.chars().nth(MAX_NAME).is_some() { f.write_str("…") } else { Ok(()) }
    }
}

/// Formats a list of [`Escaped`] names.
pub(super) fn names(names: &[String]) -> String {
    let list: Vec<_> = names.iter().take(MAX_NAMES).map(|name| format!("`{name}`")).collect();
    match names.len().checked_sub(MAX_NAMES) {
        None | Some(0) => list.join(", "),
        Some(more) => format!("{} and {more} more", list.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_a_line_and_a_character() {
        for (raw, offset, expected) in [
            (&b"abc"[..], 0, (5, 1)),
            (b"abc", 2, (5, 3)),
            ("ñandú".as_bytes(), 2, (5, 2)),
            (b"a\nb", 2, (6, 1)),
            (b"a\r\nbc", 4, (6, 2)),
            (b"a\rb\r\r\nc", 6, (8, 1)),
            (b"\xff\xffa", 2, (5, 3)),
            (b"abc", 99, (5, 4)),
        ] {
            assert_eq!(position(raw, offset, 5), expected, "{raw:?}");
        }
    }

    #[test]
    fn reports_a_bounded_number_of_faults_and_counts_the_rest() {
        let mut collector = FaultCollector::new(b"", 1, false);
        for _ in 0..20 {
            collector.add(0, "wrong");
        }
        let faults = collector.finish();
        assert_eq!((faults.iter().len(), faults.left_out()), (16, 4));
    }

    #[test]
    fn shortens_and_escapes_names() {
        assert_eq!(Escaped("a\u{1b}[2J\n").to_string(), "a\\u{1b}[2J\\n");
        assert_eq!(Escaped(&"ñ".repeat(64)).to_string(), "ñ".repeat(64));
        assert_eq!(Escaped(&"ñ".repeat(65)).to_string(), "ñ".repeat(64) + "…");
        assert_eq!(names(&vec!["a".to_owned(); 22]), format!("{} and 2 more", vec!["`a`"; 20].join(", ")));
    }
}
