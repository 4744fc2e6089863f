//! The search patterns of private texts.

/// Upper bound on a pattern, in characters of its normal form. A longer text becomes two patterns.
pub(super) const PATTERN_CHARS: usize = 256;
/// Private texts this short are redacted only as whole words, to avoid mangling messages.
const SHORT: usize = 3;

/// The search patterns of all private texts of a request.
#[derive(Default)]
pub(crate) struct Needles {
    /// Patterns for the normal form of a text.
    pub(super) normal: Vec<Needle>,
    /// Patterns of punctuation only, which has no normal form, for the text as it is.
    pub(super) plain: Vec<Needle>,
}

pub(super) struct Needle {
    pub(super) pattern: String,
    /// True if the pattern is so short that it is redacted only as a whole word.
    pub(super) whole_word: bool,
}

impl Needles {
    /// Adds the patterns of a private text: as it is, and as escaped in JSON and HTML if that differs.
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
            // None of these characters is ever escaped.
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
        // Non-ASCII text, such as Chinese, is often written without separators between words.
        let whole_word = form.is_ascii() && form.len() <= SHORT;
        match form.char_indices().nth(PATTERN_CHARS) {
            None if form.is_empty() => {}
            None => self.normal.push(Needle { pattern: form, whole_word }),
            Some((end, _)) => {
                // The second pattern ends with the text, so that it is as long and as specific as the first.
                let start = form.char_indices().rev().nth(PATTERN_CHARS - 1).map_or(0, |(start, _)| start);
                for pattern in [form.get(..end), form.get(start..)].into_iter().flatten() {
                    self.normal.push(Needle { pattern: pattern.to_owned(), whole_word });
                }
            }
        }
    }
}

/// Returns the beginning of a text in its normal form, as much as the two patterns need.
fn normal_form(text: &str) -> String {
    let mut form = String::with_capacity(text.len().min(2 * PATTERN_CHARS));
    if text.is_ascii() {
        // Equal to the general case, in a tenth of the time: most values are ASCII.
        let letters = text.bytes().filter(u8::is_ascii_alphanumeric).take(2 * PATTERN_CHARS);
        form.extend(letters.map(|letter| char::from(letter.to_ascii_lowercase())));
    } else {
        form.extend(text.chars().flat_map(normal).take(2 * PATTERN_CHARS));
    }
    form
}

/// Returns the normal form of a character: nothing for white space and punctuation, otherwise lower case.
pub(super) fn normal(c: char) -> impl Iterator<Item = char> {
    let is_separator = if c.is_ascii() {
        !c.is_ascii_alphanumeric()
    } else {
        c.is_whitespace() || c.is_control() || is_invisible_or_dash(c)
    };
    (!is_separator).then(|| c.to_lowercase()).into_iter().flatten()
}

/// Returns `true` for soft hyphens, zero-width and directional marks, and dashes.
fn is_invisible_or_dash(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2010}'..='\u{2015}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Returns the JSON escape of a character, if it has one, without the punctuation that the normal form drops.
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

/// Returns the JSON escape of a character in ASCII-only JSON, if it has one.
fn ascii_json(c: char) -> Option<String> {
    let escape = || c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("u{unit:04x}")).collect();
    if c.is_ascii() { json(c) } else { Some(escape()) }
}

/// Returns the HTML escape of a character, if it has one, without the punctuation that the normal form drops.
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
