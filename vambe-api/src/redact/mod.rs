//! Redacts private texts in the texts of a server: the text is cut first, then its sorted suffixes are searched.

mod needles;
mod redactor;

use needles::{Needle, Needles, PATTERN_CHARS, normal};
pub(crate) use redactor::Redactor;
#[cfg(test)]
pub(crate) use redactor::tests::redactor_for_body;

/// Upper bound on a shown text, in characters.
const SHOWN_CHARS: usize = 500;
/// Upper bound on the searched text: the shown part, and enough beyond it to recognise a private text that begins there, even
/// with up to three separators after each character.
const SEARCHED_CHARS: usize = SHOWN_CHARS + 4 * PATTERN_CHARS;

/// Returns the text on one line, at most [`SHOWN_CHARS`] characters long, with each private text replaced by `[redacted]`.
///
/// It recognises a private text in another case, and with other white space or punctuation.
fn redact(needles: &Needles, text: &str) -> String {
    let chars: Vec<char> = text.chars().take(SEARCHED_CHARS).collect();
    let mut redacted = vec![false; chars.len()];
    Haystack::new(&chars, true).mark(&needles.normal, &mut redacted);
    if !needles.plain.is_empty() {
        Haystack::new(&chars, false).mark(&needles.plain, &mut redacted);
    }
    let mut shown = String::new();
    let mut was_redacted = false;
    for (&c, &redacted) in chars.iter().zip(&redacted).take(SHOWN_CHARS) {
        match (redacted, was_redacted) {
            (true, true) => {}
            (true, false) => shown.push_str("[redacted]"),
            (false, _) => shown.push(if is_printable(c) { c } else { ' ' }),
        }
        was_redacted = redacted;
    }
    if chars.len() > SHOWN_CHARS || shown.chars().nth(SHOWN_CHARS).is_some() {
        shown = shown.chars().take(SHOWN_CHARS - 1).chain(['…']).collect();
    }
    shown
}

/// A searched text, with the index of the original character of each byte.
struct Haystack<'a> {
    text: String,
    origins: Vec<usize>,
    chars: &'a [char],
}

impl<'a> Haystack<'a> {
    fn new(chars: &'a [char], in_normal_form: bool) -> Self {
        let (mut text, mut origins) = (String::with_capacity(chars.len()), Vec::with_capacity(chars.len()));
        for (index, &c) in chars.iter().enumerate() {
            if in_normal_form {
                text.extend(normal(c));
            } else {
                text.push(c);
            }
            origins.resize(text.len(), index);
        }
        Self { text, origins, chars }
    }

    /// Marks the characters of every private text that occurs.
    fn mark(&self, needles: &[Needle], redacted: &mut [bool]) {
        // Sorted suffixes find each of thousands of patterns in a few comparisons, and the message is short.
        let mut suffixes: Vec<&str> =
            self.text.char_indices().filter_map(|(start, _)| self.text.get(start..)).collect();
        suffixes.sort_unstable();
        for Needle { pattern, whole_word } in needles {
            let first = suffixes.partition_point(|suffix| *suffix < pattern.as_str());
            let occurrences = suffixes.iter().skip(first).take_while(|suffix| suffix.starts_with(pattern));
            for suffix in occurrences {
                let start = self.text.len() - suffix.len();
                let bounds = (self.origins.get(start), self.origins.get(start + pattern.len() - 1));
                let (Some(&start), Some(&end)) = bounds else { continue };
                let is_letter = |index: Option<usize>| {
                    index.and_then(|index| self.chars.get(index)).is_some_and(|c| c.is_alphanumeric())
                };
                if *whole_word && (is_letter(start.checked_sub(1)) || is_letter(end.checked_add(1))) {
                    continue;
                }
                // Include the `+` of a phone number.
                let plus = start.checked_sub(1).filter(|&before| self.chars.get(before) == Some(&'+'));
                if let Some(redacted) = redacted.get_mut(plus.unwrap_or(start)..=end) {
                    redacted.fill(true);
                }
            }
        }
    }
}

/// Returns `true` if a character neither moves the cursor of a terminal nor changes the text direction.
fn is_printable(c: char) -> bool {
    c == ' '
        || !(c.is_control()
            || c.is_whitespace()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redact_all(private: &[&str], text: &str) -> String {
        let mut needles = Needles::default();
        private.iter().for_each(|private| needles.add(private));
        redact(&needles, text)
    }

    #[test]
    fn redacts_a_private_text_in_any_spelling() {
        let cases = [
            (r#"say "x""#, r#"no say \"x\"!"#, "no [redacted]\\\"!"),
            ("line\nbreak", "no line\\nbreak", "no [redacted]"),
            ("line\nbreak", "no line break", "no [redacted]"),
            ("año 🦤", "no a\\u00f1o \\uD83E\\uDDA4.", "no [redacted]."),
            (
                r#"<a href="b">Tom's & co</a>"#,
                "no &lt;a href=&quot;b&quot;&gt;Tom&#39;s &amp; co&lt;/a&gt;",
                "no &[redacted];",
            ),
            ("  padded value ", "no 'padded value'", "no '[redacted]'"),
            ("two  words", "no two words", "no [redacted]"),
            ("two words", "no two\t\n words", "no [redacted]"),
            ("+56912345678", "no +56 9 1234-5678 or (56) 912345678", "no [redacted] or ([redacted]"),
            ("Ünser Wert", "no ÜNSER WERT or ünser wert", "no [redacted] or [redacted]"),
            ("---", "no ---", "no [redacted]"),
            ("🦤", "no🦤bird", "no[redacted]bird"),
            ("東京", "不明な東京です", "不明な[redacted]です"),
            ("   ", "no   ", "no   "),
            ("", "no", "no"),
        ];
        for (private, text, expected) in cases {
            assert_eq!(redact_all(&[private], text), expected, "{private:?}");
        }
    }

    #[test]
    fn redacts_a_short_text_only_as_a_whole_word() {
        let cases = [
            (vec!["e"], "e, not the", "[redacted], not the"),
            (vec!["aa"], "aaa aa", "aaa [redacted]"),
            (vec!["12"], "12 of 123", "[redacted] of 123"),
            (vec!["high", "higher"], "higher than high", "[redacted] than [redacted]"),
            (vec!["abcd", "cdef"], "x abcdef", "x [redacted]"),
        ];
        for (private, text, expected) in cases {
            assert_eq!(redact_all(&private, text), expected, "{private:?}");
        }
    }

    #[test]
    fn hides_a_text_that_the_cut_would_divide() {
        for length in [20, 255, 256, 257, 300, 511, 512, 600, 5_000] {
            let private: String = ('a'..='z').cycle().take(length).collect();
            let spaced: String = private.chars().flat_map(|c| [c, ' ']).collect();
            for (private, echo) in [(&private, &private), (&private, &spaced)] {
                for start in [0, 250, SHOWN_CHARS - 10] {
                    let shown = redact_all(&[private], &format!("{}{echo} end", "-".repeat(start)));
                    assert!(!shown.contains("abc") && !shown.contains("a b"), "{length} at {start}: {shown}");
                    assert!(shown.chars().count() <= SHOWN_CHARS);
                }
            }
        }
    }

    /// Invariant: redacting searches a bounded part of a message.
    #[test]
    fn searches_a_bounded_part_of_the_text() {
        let mut needles = Needles::default();
        needles.add(&"x".repeat(1 << 20));
        let lengths: Vec<_> = needles.normal.iter().map(|needle| needle.pattern.len()).collect();
        assert_eq!(lengths, [PATTERN_CHARS; 2]);
        let text = "x".repeat(1 << 20);
        let searched: Vec<char> = text.chars().take(SEARCHED_CHARS).collect();
        assert!(Haystack::new(&searched, true).text.len() <= SEARCHED_CHARS);
        assert_eq!(redact(&needles, &text), "[redacted]…");
    }

    #[test]
    fn shows_one_line_of_at_most_500_characters() {
        let shown = redact_all(&["e"], &format!("a\n\u{1b}[2J\u{202e}{}", "é e ".repeat(400)));
        assert!(!shown.contains(|c| !is_printable(c)), "{shown}");
        assert!(shown.chars().count() == SHOWN_CHARS && shown.ends_with('…'), "{shown}");
        assert_eq!(redact_all(&[], &"x".repeat(SHOWN_CHARS)), "x".repeat(SHOWN_CHARS));
    }

    proptest::proptest! {
        #[test]
        fn no_private_text_of_some_length_is_left(
            texts in proptest::collection::vec("[a-c+ ]{0,3}[a-c]{4,6}[a-c+ ]{0,3}", 1..4),
            message in "[a-c+ ]{0,40}",
        ) {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let letters = |text: &str| text.chars().filter(char::is_ascii_alphabetic).collect::<String>();
            // Split off the placeholders, which consist of letters too.
            for rest in redact_all(&texts, &message).split("[redacted]") {
                assert!(texts.iter().all(|text| !letters(rest).contains(&letters(text))), "{rest}");
            }
        }

        #[test]
        fn any_texts_are_searched_for(texts: Vec<String>, message: String) {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            assert!(redact_all(&texts, &message).chars().count() <= SHOWN_CHARS);
        }
    }
}
