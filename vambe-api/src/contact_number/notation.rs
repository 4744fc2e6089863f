//! The notations of phone numbers: separators, and the addresses of other products.

use super::InvalidContactNumber;

/// The digits of a text, without everything else.
pub(super) struct Digits {
    /// `+` and the digits.
    pub(super) number: String,
    /// True if the text has a `+`, or is of a notation that always has a country code.
    pub(super) has_country_code: bool,
}

impl Digits {
    pub(super) fn of(text: &str) -> Result<Self, InvalidContactNumber> {
        let Notation { digits: part, before, has_country_code } = Notation::of(text);
        let (mut number, mut has_country_code) = (String::with_capacity(part.len() + 1), has_country_code);
        number.push('+');
        for (index, c) in part.chars().enumerate() {
            let position = before + index + 1;
            match c {
                '0'..='9' => number.push(c),
                '+' if !has_country_code && number == "+" => has_country_code = true,
                '+' => return Err(InvalidContactNumber::MisplacedPlus { position }),
                _ if is_separator(c) => {}
                _ if c.is_alphabetic() => return Err(InvalidContactNumber::Letter { position }),
                _ => return Err(InvalidContactNumber::UnexpectedCharacter { position }),
            }
        }
        Ok(Self { number, has_country_code })
    }
}

/// The part of a text that is the number.
struct Notation<'a> {
    digits: &'a str,
    /// The number of characters before it.
    before: usize,
    /// True if the notation always has a country code, without a `+`.
    has_country_code: bool,
}

impl<'a> Notation<'a> {
    fn of(text: &'a str) -> Self {
        let start = text.trim_start_matches(is_separator);
        let before = text.strip_suffix(start).unwrap_or_default().chars().count();
        if let Some(digits) = start.trim_end_matches(is_separator).strip_suffix("@c.us") {
            return Self { digits, before, has_country_code: true };
        }
        let address = start
            .split_once(':')
            .filter(|(scheme, _)| ["tel", "whatsapp"].iter().any(|known| scheme.eq_ignore_ascii_case(known)));
        match address {
            Some((scheme, digits)) => Self { digits, before: before + scheme.len() + 1, has_country_code: false },
            None => Self { digits: start, before, has_country_code: false },
        }
    }
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | '.' | '/' | '(' | ')' | '[' | ']')
        // Typographic hyphens and dashes.
        || matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}')
        // Zero-width and directional marks, which address books put around numbers.
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
