//! What is wrong with a row, with its place, and never with a value.

use std::fmt;

use vambe_api::TicketRef;

use super::later::Later;

/// How many faults of a row are told; a row can have as many as it has bytes.
const MAX_FAULTS: usize = 16;
/// How much of a name is shown, in characters; and how many names of a list.
const MAX_NAME: usize = 64;
const MAX_NAMES: usize = 20;

/// One thing that is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The line of the text, from 1. A quoted cell may begin in a later line than its row.
    pub(crate) line: u64,
    /// The character of that line, from 1.
    pub(crate) column: u64,
    /// What is wrong, with the name of the column or key and without a value, and what to do.
    pub(crate) reason: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.line, self.column, self.reason)
    }
}

/// All that is wrong with a row, at least one thing; in the order of the text, then what is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Faults {
    told: Vec<Fault>,
    left_out: usize,
    ticket: Option<TicketRef>,
    later: Later,
}

impl Faults {
    /// Adds what is right with the row.
    pub(super) fn with_row(self, ticket: Option<TicketRef>, later: Later) -> Self {
        Self { ticket, later, ..self }
    }

    /// The ticket of the row, if it names exactly one.
    pub(crate) fn ticket(&self) -> Option<&TicketRef> {
        self.ticket.as_ref()
    }

    /// Keys that later rows have set, if an earlier import says so.
    pub(crate) fn later(&self) -> &Later {
        &self.later
    }

    /// The faults, at most 16 of them.
    pub(crate) fn iter(&self) -> std::slice::Iter<'_, Fault> {
        self.told.iter()
    }

    /// How many more there are.
    pub(crate) fn left_out(&self) -> usize {
        self.left_out
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.told.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            write!(f, "{separator}{fault}")?;
        }
        match self.left_out {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

impl std::error::Error for Faults {}

/// Gathers the faults of one record.
pub(super) struct Gathered<'a> {
    /// The record, and the line in which it begins.
    raw: &'a [u8],
    line: u64,
    faults: Faults,
}

impl<'a> Gathered<'a> {
    pub(super) fn new(raw: &'a [u8], line: u64) -> Self {
        Self { raw, line, faults: Faults { told: Vec::new(), left_out: 0, ticket: None, later: Later::default() } }
    }

    /// Adds what is wrong at a byte of the record.
    pub(super) fn add(&mut self, offset: usize, reason: impl fmt::Display) {
        // First, since the place and the reason take time, and there may be millions.
        if self.faults.told.len() == MAX_FAULTS {
            self.faults.left_out += 1;
            return;
        }
        let (line, column) = place(self.raw, offset, self.line);
        self.faults.told.push(Fault { line, column, reason: reason.to_string() });
    }

    /// The content, if nothing was wrong; there is none only if something was.
    pub(super) fn or<T>(self, content: Option<T>) -> Result<T, Faults> {
        content.filter(|_| self.faults.told.is_empty()).ok_or(self.faults)
    }
}

/// The line and the character in it, both from 1, of a byte of a record that begins in `line`.
///
/// What is not UTF-8 counts as an editor would show it.
pub(super) fn place(raw: &[u8], offset: usize, mut line: u64) -> (u64, u64) {
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

/// A name as it can be printed: without control characters, and not longer than anybody reads.
pub(super) struct Shown<'a>(pub(super) &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars().take(MAX_NAME) {
            write!(f, "{}", c.escape_debug())?;
        }
        if self.0.chars().nth(MAX_NAME).is_some() { f.write_str("…") } else { Ok(()) }
    }
}

/// A list of names that are shown already.
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
    fn a_place_is_a_line_and_a_character() {
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
            assert_eq!(place(raw, offset, 5), expected, "{raw:?}");
        }
    }

    #[test]
    fn only_so_many_faults_are_told_and_the_rest_is_counted() {
        let mut gathered = Gathered::new(b"", 1);
        for _ in 0..20 {
            gathered.add(0, "wrong");
        }
        let faults = gathered.or(Some(())).unwrap_err();
        assert_eq!((faults.iter().len(), faults.left_out()), (16, 4));
        assert!(faults.to_string().ends_with("line 1, column 1: wrong; and 4 more"), "{faults}");
    }

    #[test]
    fn names_are_shown_short_and_on_one_line() {
        assert_eq!(Shown("a\u{1b}[2J\n").to_string(), "a\\u{1b}[2J\\n");
        assert_eq!(Shown(&"ñ".repeat(64)).to_string(), "ñ".repeat(64));
        assert_eq!(Shown(&"ñ".repeat(65)).to_string(), "ñ".repeat(64) + "…");
        assert_eq!(names(&vec!["a".to_owned(); 22]), format!("{} and 2 more", vec!["`a`"; 20].join(", ")));
    }
}
