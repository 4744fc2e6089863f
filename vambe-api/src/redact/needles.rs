//! The forms in which private texts are searched for.

/// The longest pattern, in characters of its normal form. A longer text is searched for as two patterns.
pub(super) const PATTERN_CHARS: usize = 256;
/// Private texts this short are hidden only as whole words, to avoid mangling messages.
const SHORT: usize = 3;

/// The private texts, in the forms in which they are searched for.
#[derive(Default)]
pub(crate) struct Needles {
    /// Searched for in the normal form of a text.
    pub(super) normal: Vec<Needle>,
    /// Nothing but punctuation, which has no normal form; searched for as it is.
    pub(super) plain: Vec<Needle>,
}

pub(super) struct Needle {
    pub(super) pattern: String,
    /// Whether it is so short that it is hidden only as a whole word.
    pub(super) whole_word: bool,
}

impl Needles {
    /// Adds the patterns of a private text: as it is, and as JSON and HTML write it where that differs.
    pub(crate) fn add(&mut self, text: &str) {
        let form = normal_form(text);
        if form.is_empty() {
            let pattern: String = text.trim().chars().take(PATTERN_CHARS).collect();
            if !pattern.is_empty() {
                self.plain.push(Needle { whole_word: pattern.chars().nth(SHORT).is_none(), pattern });
            }
            return;
        }
        self.add_form(form);
        if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" +-_.:/".contains(&byte)) {
            // Nothing in it is ever escaped.
            return;
        }
        for escape in [json, ascii_json, html] {
            if text.chars().any(|c| escape(c).is_some()) {
                let escaped: String = text.chars().map(|c| escape(c).unwrap_or_else(|| c.to_string())).collect();
                self.add_form(normal_form(&escaped));
            }
        }
    }

    fn add_form(&mut self, form: String) {
        // Letters outside ASCII are often whole words without a separator around them.
        let whole_word = form.is_ascii() && form.len() <= SHORT;
        match form.char_indices().nth(PATTERN_CHARS) {
            None if form.is_empty() => {}
            None => self.normal.push(Needle { pattern: form, whole_word }),
            Some((end, _)) => {
                // The second pattern ends where the text ends, so that it is as long as the first and no more frequent.
                let start = form.char_indices().rev().nth(PATTERN_CHARS - 1).map_or(0, |(start, _)| start);
                for pattern in [form.get(..end), form.get(start..)].into_iter().flatten() {
                    self.normal.push(Needle { pattern: pattern.to_owned(), whole_word });
                }
            }
        }
    }
}

/// The beginning of a text in the form in which it is searched for, as much of it as is ever shown.
fn normal_form(text: &str) -> String {
    let mut form = String::with_capacity(text.len().min(2 * PATTERN_CHARS));
    if text.is_ascii() {
        // As below, in a tenth of the time: most values are ASCII.
        let letters = text.bytes().filter(u8::is_ascii_alphanumeric).take(2 * PATTERN_CHARS);
        form.extend(letters.map(|letter| char::from(letter.to_ascii_lowercase())));
    } else {
        form.extend(text.chars().flat_map(normal).take(2 * PATTERN_CHARS));
    }
    form
}

/// The characters by which one is compared: none for white space and punctuation, else in lower case.
pub(super) fn normal(c: char) -> impl Iterator<Item = char> {
    let is_separator = if c.is_ascii() {
        !c.is_ascii_alphanumeric()
    } else {
        c.is_whitespace() || c.is_control() || is_invisible_or_dash(c)
    };
    (!is_separator).then(|| c.to_lowercase()).into_iter().flatten()
}

/// Soft hyphens, zero-width and directional marks, and dashes.
fn is_invisible_or_dash(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2010}'..='\u{2015}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The escape of JSON for a character, if it has one; without punctuation, which is no part of the normal form.
fn json(c: char) -> Option<String> {
    match c {
        '\u{8}' => Some("b".to_owned()),
        '\t' => Some("t".to_owned()),
        '\n' => Some("n".to_owned()),
        '\u{c}' => Some("f".to_owned()),
        '\r' => Some("r".to_owned()),
        _ if c.is_ascii_control() => Some(format!("u{:04x}", u32::from(c))),
        _ => None,
    }
}

/// The same for a server that writes ASCII alone.
fn ascii_json(c: char) -> Option<String> {
    let escape = || c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("u{unit:04x}")).collect();
    if c.is_ascii() { json(c) } else { Some(escape()) }
}

/// The escape of HTML for a character, if it needs one.
fn html(c: char) -> Option<String> {
    let name = match c {
        '&' => "amp",
        '<' => "lt",
        '>' => "gt",
        '"' => "quot",
        '\'' => "39",
        _ => return None,
    };
    Some(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn the_normal_form_of_ascii_is_that_of_any_text(text in "[ -~\\t]{0,40}") {
            assert_eq!(normal_form(&text), text.chars().flat_map(normal).collect::<String>());
        }
    }
}
