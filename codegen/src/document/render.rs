//! Problems as text in the style of rustc: message, position with the line of the text, and help.

use std::fmt::Write as _;

use super::{Input, diagnostic::Diagnostic, span::Span};
use crate::Text;

/// The maximum length of an excerpt in characters: JSON may be a single line.
const EXCERPT: usize = 100;

/// Renders every problem, separated by empty lines.
pub(crate) fn render(diagnostics: &[Diagnostic], input: &Input<'_>) -> String {
    let rendered: Vec<_> = diagnostics.iter().map(|diagnostic| render_one(diagnostic, input)).collect();
    rendered.join("\n")
}

fn render_one(diagnostic: &Diagnostic, input: &Input<'_>) -> String {
    let Diagnostic { pointer, span, operation, message, help, notes } = diagnostic;
    let Span { file, line, column, .. } = *span;
    let Text { name, text: spec } = input.file(file);
    let number = line.to_string();
    let margin = " ".repeat(number.len());
    let mut text = format!("error: {}\n{margin}--> {name}:{line}:{column}\n", one_line(message));
    if let Some((excerpt, underline)) = excerpt(*span, spec) {
        // Writing to a `String` does not fail.
        let _ = write!(text, "{margin} |\n{number} | {excerpt}\n{margin} | {underline}\n");
    }
    let pointer = Some(pointer).filter(|pointer| !pointer.is_empty());
    let rows = [("pointer", pointer), ("operation", operation.as_ref())];
    for (row, value) in rows.into_iter().filter_map(|(row, value)| Some((row, value?))) {
        let _ = writeln!(text, "{margin} = {row}: {}", one_line(value));
    }
    for note in notes {
        let _ = writeln!(text, "{margin} = note: {}", one_line(note));
    }
    let _ = writeln!(text, "{margin} = help: {}", one_line(help));
    text
}

/// Cuts out the line, or the part of it around the position, and draws the marks below it.
fn excerpt(span: Span, spec: &str) -> Option<(String, String)> {
    let spec = spec.strip_prefix('\u{feff}').unwrap_or(spec);
    let line = spec.lines().nth(span.line.checked_sub(1)?)?;
    let before = span.column.checked_sub(1)?;
    let from = if before < EXCERPT { 0 } else { before - EXCERPT / 2 };
    let mut excerpt: String = line.chars().skip(from).take(EXCERPT).map(printable).collect();
    let length = excerpt.chars().count();
    let at = before - from;
    let width = span.width.clamp(1, length.saturating_sub(at).max(1));
    let (mut start, mut end) = ("", "");
    if from > 0 {
        start = "... ";
    }
    if line.chars().nth(from + EXCERPT).is_some() {
        end = " ...";
    }
    excerpt = format!("{start}{excerpt}{end}");
    let underline = " ".repeat(start.len() + at) + &"^".repeat(width);
    Some((excerpt.trim_end().to_owned(), underline))
}

/// Keeps control characters of the document from the terminal, and every character one column wide.
fn printable(c: char) -> char {
    match c {
        '\t' | '\n' | '\r' => ' ',
        c if c.is_control() => '\u{fffd}',
        c => c,
    }
}

fn one_line(text: &str) -> String {
    text.chars().map(printable).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diagnostic(line: usize, column: usize, width: usize) -> Diagnostic {
        Diagnostic {
            pointer: "/a".into(),
            operation: Some("set_thing".into()),
            ..Diagnostic::at(Span::new(line, column, width), "it is\nwrong", "fix it")
        }
        .with_related("the first", Span::START)
    }

    #[test]
    fn a_problem_is_rendered_with_its_line_and_marks() {
        let spec = "x\n\n\n\n\n\n\n\n\n  a: 1\n";
        let expected = "\
error: it is wrong
  --> a.yaml:10:3
   |
10 |   a: 1
   |   ^
   = pointer: /a
   = operation: set_thing
   = note: the first is at line 1, column 1
   = help: fix it
";
        assert_eq!(render(&[diagnostic(10, 3, 1)], &Input::new("a.yaml", spec)), expected);
    }

    #[test]
    fn of_a_long_line_only_the_part_around_the_place_is_shown() {
        let spec = format!("{}HERE{}", "a".repeat(500), "b".repeat(500));
        let text = render_one(&diagnostic(1, 501, 4), &Input::new("a.json", &spec));
        let rows: Vec<_> = text.lines().collect();
        let column = rows[3].find("HERE").unwrap();
        assert_eq!(rows[4].find("^^^^"), Some(column), "{text}");
        assert!(rows[3].len() < 130 && rows[3].contains("| ... a") && rows[3].ends_with("b ..."), "{text}");
    }

    #[test]
    fn prints_no_control_character_and_survives_any_position() {
        for (line, column) in [(1, 1), (1, 900), (7, 1), (0, 0), (usize::MAX, usize::MAX)] {
            let text = render_one(&diagnostic(line, column, 4), &Input::new("a.yaml", "a\u{1b}[31m\t: x"));
            assert!(!text.contains('\u{1b}') && !text.contains('\t'), "{text}");
        }
    }
}
