//! The terminal: its size, its colours, and lines that wrap at words.

use std::{borrow::Cow, env, io};

use anstream::{AutoStream, ColorChoice, adapter::strip_str};
use anstyle::{AnsiColor, Style};
use terminal_size::{Height, Width};

/// The smallest width for which lines are wrapped, so that one word in a line remains readable.
const NARROWEST: usize = 20;

/// The meaning of a colour. Each is also said in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Paint {
    Good,
    Bad,
    Doubtful,
}

impl Paint {
    /// Colours a text for any terminal; [`for_stdout`] and [`for_stderr`] remove the colours where they are not wanted.
    pub(crate) fn text(self, text: &str) -> String {
        let color = match self {
            Self::Good => AnsiColor::Green,
            Self::Bad => AnsiColor::Red,
            Self::Doubtful => AnsiColor::Yellow,
        };
        let style = Style::new().fg_color(Some(color.into()));
        format!("{style}{text}{style:#}")
    }
}

/// Prepares a text for the standard output: see [`prepare`].
pub(crate) fn for_stdout(text: &str) -> Cow<'_, str> {
    let size = terminal_size::terminal_size_of(io::stdout());
    prepare(text, AutoStream::choice(&io::stdout()), size)
}

/// Prepares a text for the standard error: see [`prepare`].
pub(crate) fn for_stderr(text: &str) -> Cow<'_, str> {
    let size = terminal_size::terminal_size_of(io::stderr());
    prepare(text, AutoStream::choice(&io::stderr()), size)
}

/// Returns true if the standard error has colours: a terminal unless NO_COLOR is set, or anything with CLICOLOR_FORCE.
pub(crate) fn stderr_has_colours() -> bool {
    AutoStream::choice(&io::stderr()) != ColorChoice::Never
}

/// Removes the colours of a text.
pub(crate) fn without_colours(text: &str) -> String {
    strip_str(text).to_string()
}

/// Returns true if lines on the terminal can be drawn again.
pub(crate) fn has_cursor_control() -> bool {
    cfg!(windows) || env::var_os("TERM").is_some_and(|term| term != "dumb")
}

/// Returns true if the locale has characters beyond ASCII.
pub(crate) fn has_unicode() -> bool {
    // The first of these that is set and not empty counts, as in POSIX.
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(|name| env::var(name).ok());
    let locale = locale.into_iter().find(|value| !value.is_empty()).unwrap_or_default().to_ascii_lowercase();
    cfg!(windows) || locale.contains("utf-8") || locale.contains("utf8")
}

/// Cuts off lines that a terminal has no room for, above a free last line. The text is wrapped already.
pub(crate) fn fit(text: &str) -> String {
    let rows = terminal_size::terminal_size_of(io::stdout()).map_or(usize::MAX, |(_, Height(rows))| rows.into());
    let rows = rows.saturating_sub(1).max(1);
    text.lines().take(rows).flat_map(|line| [line, "\n"]).collect()
}

/// Removes colours where there are none, and wraps lines at words on a terminal.
fn prepare(text: &str, choice: ColorChoice, size: Option<(Width, Height)>) -> Cow<'_, str> {
    let text = match choice {
        ColorChoice::Never => Cow::Owned(without_colours(text)),
        _ => Cow::Borrowed(text),
    };
    match size {
        Some((Width(width), _)) => Cow::Owned(wrap(&text, usize::from(width))),
        None => text,
    }
}

/// Wraps lines that are longer than `width` at spaces. The rest of a line is indented like its start, and in a table like its
/// last column.
fn wrap(text: &str, width: usize) -> String {
    let mut wrapped = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        if length(line) <= width || width < NARROWEST {
            wrapped.push_str(line);
        } else {
            wrap_line(line, width, &mut wrapped);
        }
        wrapped.push_str(end);
    }
    wrapped
}

fn wrap_line(line: &str, width: usize, wrapped: &mut String) {
    let indent = indent(line).min(width / 2);
    let mut used = 0;
    for (index, word) in line.split(' ').enumerate() {
        let length = length(word);
        if index > 0 {
            // Also after a word that is longer than a line, which the terminal breaks.
            if used + 1 + length > width && used > indent {
                wrapped.push('\n');
                wrapped.extend(std::iter::repeat_n(' ', indent));
                used = indent;
            } else {
                wrapped.push(' ');
                used += 1;
            }
        }
        wrapped.push_str(word);
        used += length;
    }
}

/// Returns the column of the last text after two spaces, in a line that begins with two spaces; 0 for any other line.
fn indent(line: &str) -> usize {
    if !line.starts_with("  ") {
        return 0;
    }
    line.rfind("  ").map_or(0, |at| length(line.get(..at).unwrap_or_default()) + 2)
}

/// Returns the number of characters that are visible.
fn length(text: &str) -> usize {
    strip_str(text).map(|part| part.chars().count()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_wrap_at_words_below_the_last_column() {
        for (text, width, expected) in [
            ("short\n", 20, "short\n"),
            ("one two three four five six\n", 20, "one two three four\nfive six\n"),
            (
                "  2  rejected  404  Contact not found here\n",
                36,
                "  2  rejected  404  Contact not\n                  found here\n",
            ),
            ("an-unbreakable-word-of-many-letters and\n", 20, "an-unbreakable-word-of-many-letters\nand\n"),
            ("a b c d", 5, "a b c d"),
            ("\u{1b}[31mred\u{1b}[0m words of twenty\n", 20, "\u{1b}[31mred\u{1b}[0m words of twenty\n"),
            ("", 20, ""),
        ] {
            assert_eq!(wrap(text, width), expected, "{text:?}");
        }
    }

    #[test]
    fn colours_are_removed_where_they_are_not_wanted() {
        let text = Paint::Bad.text("2 rejected");
        assert_eq!(prepare(&text, ColorChoice::Never, None), "2 rejected");
        assert_eq!(prepare(&text, ColorChoice::AlwaysAnsi, None), "\u{1b}[31m2 rejected\u{1b}[0m");
    }

    #[test]
    fn wrapping_keeps_every_word() {
        let text = "  1  rejected    -  a rather long reason, which is said in many words\nand a line\n";
        for width in 20..80 {
            let wrapped = wrap(text, width);
            assert_eq!(wrapped.split_whitespace().collect::<Vec<_>>(), text.split_whitespace().collect::<Vec<_>>());
        }
    }
}
