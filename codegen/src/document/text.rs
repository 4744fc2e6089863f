//! From bytes to text that can be parsed: size, encoding, and characters that neither YAML nor JSON allows.

use super::{diagnostic::Diagnostic, error::Error, span::Span};

/// The maximum size of a document in bytes. The largest published API descriptions have about half of that.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

const UTF_8: &str = "save it as UTF-8";

/// Reads bytes as the text of a document.
///
/// # Errors
///
/// The document is too large or not UTF-8; [`Error`] has the position of the first such byte.
///
/// # Example
///
/// ```
/// assert_eq!(vambe_codegen::decode(b"openapi: 3.0.3")?, "openapi: 3.0.3");
/// let error = vambe_codegen::decode(b"info:\n  title: caf\xe9\n").unwrap_err();
/// let diagnostic = &error.diagnostics()[0];
/// assert_eq!((diagnostic.span.line, diagnostic.span.column), (2, 13));
/// assert_eq!(diagnostic.message, "the byte 0xe9 at offset 18 is not UTF-8");
/// # Ok::<(), vambe_codegen::Error>(())
/// ```
pub fn decode(bytes: &[u8]) -> Result<&str, Error> {
    check_size(bytes.len())?;
    if let [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, _, ..] | [_, 0, ..] = bytes {
        let message = "the document is UTF-16 or UTF-32, or not text";
        return Err(Diagnostic::at(Span::START, message, UTF_8).into());
    }
    str::from_utf8(bytes).map_err(|error| {
        let offset = error.valid_up_to();
        let byte = bytes.get(offset).copied().unwrap_or_default();
        let before = bytes.get(..offset).unwrap_or_default();
        let message = format!("the byte {byte:#04x} at offset {offset} is not UTF-8");
        Diagnostic::at(end_of(&String::from_utf8_lossy(before)), message, UTF_8).into()
    })
}

/// Removes the byte order mark.
///
/// # Errors
///
/// The text is too large, or has a control character.
pub(crate) fn check(text: &str) -> Result<&str, Diagnostic> {
    check_size(text.len())?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let forbidden = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}');
    match text.char_indices().find(|(_, c)| forbidden(*c)) {
        None => Ok(text),
        Some((offset, c)) => {
            let message = format!("the control character U+{:04X} is not allowed", u32::from(c));
            let help = "remove it, or check that this is the right file";
            Err(Diagnostic::at(end_of(text.get(..offset).unwrap_or_default()), message, help))
        }
    }
}

fn check_size(bytes: usize) -> Result<(), Diagnostic> {
    if bytes <= MAX_BYTES {
        return Ok(());
    }
    let message = format!("the document is larger than {} MiB", MAX_BYTES / 1024 / 1024);
    Err(Diagnostic::at(Span::START, message, "split it, and generate from the part that the client needs"))
}

/// Returns the position after this text.
fn end_of(before: &str) -> Span {
    let line = before.rsplit('\n').next().unwrap_or_default();
    Span::new(before.matches('\n').count() + 1, line.chars().count() + 1, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_bytes_that_are_not_text() {
        let cases: [(&[u8], &str, (usize, usize)); 6] = [
            (b"\xff\xfea\0", "UTF-16", (1, 1)),
            (b"\xfe\xff\0a", "UTF-16", (1, 1)),
            (b"o\0p\0", "UTF-16", (1, 1)),
            (b"\0\0\0o", "UTF-16", (1, 1)),
            (b"\x7fELF\x02\xe9", "the byte 0xe9 at offset 5 is not UTF-8", (1, 6)),
            (b"a\nb\n\xc3", "the byte 0xc3 at offset 4 is not UTF-8", (3, 1)),
        ];
        for (bytes, expected, position) in cases {
            let error = decode(bytes).unwrap_err();
            let diagnostic = &error.diagnostics()[0];
            assert!(diagnostic.message.contains(expected), "{diagnostic:?}");
            assert_eq!((diagnostic.span.line, diagnostic.span.column), position, "{diagnostic:?}");
        }
    }

    #[test]
    fn rejects_control_characters() {
        for (text, position) in [("a: b\u{0}", (1, 5)), ("a: 1\n\u{1b}[0m", (2, 1)), ("a: \u{7f}", (1, 4))] {
            let span = check(text).unwrap_err().span;
            assert_eq!((span.line, span.column), position, "{text:?}");
        }
    }

    #[test]
    fn accepts_a_byte_order_mark_and_any_line_end() {
        assert_eq!(check("\u{feff}a: 1\r\n\tb\r").unwrap(), "a: 1\r\n\tb\r");
    }

    #[test]
    fn rejects_a_huge_document_before_parsing() {
        let text = "a: b\n".repeat(10 * 1024 * 1024);
        for error in [decode(text.as_bytes()).unwrap_err(), crate::generate(&text, "huge.yaml").unwrap_err()] {
            assert_eq!(error.diagnostics()[0].message, "the document is larger than 16 MiB");
        }
    }
}
