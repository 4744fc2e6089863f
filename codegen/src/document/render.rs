//! Problems as text in the style of rustc: message, position with the line of the text, and help.

use std::fmt::Write as _;

use super::{
    File, Input,
    diagnostic::Diagnostic,
    grouped::{grouped, listed},
    span::Span,
};

/// The maximum length of an excerpt in characters: JSON may be a single line.
const EXCERPT: usize = 100;

/// Renders the problems, separated by empty lines. Equal ones are one entry with the first places.
pub(crate) fn render(diagnostics: &[Diagnostic], input: &Input<'_>) -> String {
    let files = [File::Document, File::Overlay, File::Settings];
    // Found once: a text may be long, and have a thousand problems.
    let lines =
        files.map(|file| (file, input.file(file).text.trim_start_matches('\u{feff}').lines().collect::<Vec<_>>()));
    let pairs = diagnostics.iter().map(|diagnostic| ((&diagnostic.message, &diagnostic.help), diagnostic));
    let rendered = grouped(pairs).into_iter().filter_map(|(_, equal)| {
        let (first, others) = equal.split_first()?;
        let (_, lines) = lines.iter().find(|(file, _)| *file == first.span.file)?;
        Some(render_one(first, others, lines, input))
    });
    rendered.collect::<Vec<_>>().join("\n")
}

fn render_one(diagnostic: &Diagnostic, equal: &[&Diagnostic], lines: &[&str], input: &Input<'_>) -> String {
    let Diagnostic { pointer, span, operation, message, help, notes, .. } = diagnostic;
    let Span { file, line, column, .. } = *span;
    let name = input.file(file).name;
    let number = line.to_string();
    let margin = " ".repeat(number.len());
    let mut text = format!("error: {}\n{margin}--> {name}:{line}:{column}\n", one_line(message));
    if let Some((excerpt, underline)) = excerpt(*span, lines) {
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
    if !equal.is_empty() {
        let places: Vec<_> = equal.iter().map(|diagnostic| place(diagnostic, input)).collect();
        let _ = writeln!(text, "{margin} = note: the same at {}", one_line(&listed(&places)));
    }
    let _ = writeln!(text, "{margin} = help: {}", one_line(help));
    text
}

/// Returns the name of the file of a problem, and its position there as `line:column`.
pub(crate) fn place<'a>(diagnostic: &Diagnostic, input: &Input<'a>) -> (&'a str, String) {
    let Span { file, line, column, .. } = diagnostic.span;
    (input.file(file).name, format!("{line}:{column}"))
}

/// Cuts out the line, or the part of it around the position, and draws the marks below it.
fn excerpt(span: Span, lines: &[&str]) -> Option<(String, String)> {
    let line = lines.get(span.line.checked_sub(1)?)?;
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
    fn equal_problems_are_one_entry_with_the_first_places() {
        let spec = "a: 1\n".repeat(900);
        let problems: Vec<_> = (1..=870).map(|line| diagnostic(line, 1, 1)).collect();
        let text = render(&problems, &Input::new("a.yaml", &spec));
        assert_eq!(text.matches("error: ").count(), 1, "{text}");
        let others = "a.yaml:2:1, 3:1, 4:1, 5:1, 6:1 and 864 more";
        assert!(text.contains(&format!(" = note: the same at {others}\n")), "{text}");
    }

    #[test]
    fn of_a_long_line_only_the_part_around_the_place_is_shown() {
        let spec = format!("{}HERE{}", "a".repeat(500), "b".repeat(500));
        let text = render(&[diagnostic(1, 501, 4)], &Input::new("a.json", &spec));
        let rows: Vec<_> = text.lines().collect();
        let column = rows[3].find("HERE").unwrap();
        assert_eq!(rows[4].find("^^^^"), Some(column), "{text}");
        assert!(rows[3].len() < 130 && rows[3].contains("| ... a") && rows[3].ends_with("b ..."), "{text}");
    }

    #[test]
    fn prints_no_control_character_and_survives_any_position() {
        for (line, column) in [(1, 1), (1, 900), (7, 1), (0, 0), (usize::MAX, usize::MAX)] {
            let text = render(&[diagnostic(line, column, 4)], &Input::new("a.yaml", "a\u{1b}[31m\t: x"));
            assert!(!text.contains('\u{1b}') && !text.contains('\t'), "{text}");
        }
    }
}
