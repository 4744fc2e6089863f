//! The phone number of a contact: accepted in any common notation, normalised to E.164.

use std::{fmt, str::FromStr};

/// The fewest digits with a country code: some islands have four-digit numbers after a three-digit code.
const MIN_DIGITS: usize = 7;
/// The most digits with a country code, by E.164.
const MAX_DIGITS: usize = 15;

/// The phone number of a contact, with its country code.
///
/// It is parsed from any common notation, such as `+56 9 1234-5678` or `(+56) 9.1234.5678`, and normalised to E.164: `+` and the
/// digits. Spaces, hyphens, dots, slashes, brackets and the invisible characters of copied numbers are ignored. The addresses of
/// other products are accepted, too: `tel:+56912345678`, `whatsapp:+56912345678`, and `56912345678@c.us`, which has no `+`.
///
/// Any other number without `+` is an error: `912345678` is a number of Chile without its country code, but with a `+` it would be
/// a number of India.
///
/// `Debug` redacts the number and there is no `Display`; [`as_str`](Self::as_str) returns it.
///
/// # Example
///
/// ```
/// use vambe_api::ContactNumber;
///
/// let number: ContactNumber = "+56 9 1234-5678".parse()?;
/// assert_eq!(number.as_str(), "+56912345678");
/// assert_eq!(number, "56912345678@c.us".parse()?);
/// assert_eq!(format!("{number:?}"), "ContactNumber([redacted])");
/// # Ok::<(), vambe_api::InvalidContactNumber>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContactNumber(String);

impl ContactNumber {
    /// Returns the number as it is sent: `+` and 7 to 15 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ContactNumber {
    type Err = InvalidContactNumber;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let Notation { digits, before, mut plus } = Notation::of(text);
        let mut number = String::from("+");
        for (index, c) in digits.chars().enumerate() {
            let position = before + index + 1;
            match c {
                '0'..='9' => number.push(c),
                '+' if !plus && number.len() == 1 => plus = true,
                '+' => return Err(InvalidContactNumber::MisplacedPlus { position }),
                _ if is_separator(c) => {}
                _ if c.is_alphabetic() => return Err(InvalidContactNumber::Letter { position }),
                _ => return Err(InvalidContactNumber::UnexpectedCharacter { position }),
            }
        }
        match number.len() - 1 {
            0 => Err(InvalidContactNumber::Empty),
            // No country code begins with 0: this is a national number, or one with an exit code.
            _ if number.starts_with("+0") => Err(InvalidContactNumber::LeadingZero),
            digits if digits < MIN_DIGITS => Err(InvalidContactNumber::TooShort { digits }),
            digits if digits > MAX_DIGITS => Err(InvalidContactNumber::TooLong { digits }),
            _ if !plus => Err(InvalidContactNumber::MissingPlus),
            _ => Ok(Self(number)),
        }
    }
}

/// The part of a text that is the number.
struct Notation<'a> {
    digits: &'a str,
    /// The number of characters before it.
    before: usize,
    /// Whether the notation always has a country code, without a `+`.
    plus: bool,
}

impl<'a> Notation<'a> {
    fn of(text: &'a str) -> Self {
        let start = text.trim_start_matches(is_separator);
        let before = text.chars().count() - start.chars().count();
        if let Some(digits) = start.trim_end_matches(is_separator).strip_suffix("@c.us") {
            return Self { digits, before, plus: true };
        }
        let address = start
            .split_once(':')
            .filter(|(scheme, _)| ["tel", "whatsapp"].iter().any(|known| scheme.eq_ignore_ascii_case(known)));
        match address {
            Some((scheme, digits)) => Self { digits, before: before + scheme.len() + 1, plus: false },
            None => Self { digits: start, before, plus: false },
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

impl TryFrom<&str> for ContactNumber {
    type Error = InvalidContactNumber;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl TryFrom<String> for ContactNumber {
    type Error = InvalidContactNumber;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ContactNumber> for String {
    fn from(number: ContactNumber) -> Self {
        number.0
    }
}

impl fmt::Debug for ContactNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ContactNumber").field(&crate::Redacted).finish()
    }
}

/// The error of a text that is not a phone number with a country code.
///
/// It has positions, counted in characters from 1, and never the number itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidContactNumber {
    /// The text has no digits.
    Empty,
    /// The text has a letter.
    Letter {
        /// The position of the character, from 1.
        position: usize,
    },
    /// The text has a character that is neither a digit nor a common separator.
    UnexpectedCharacter {
        /// The position of the character, from 1.
        position: usize,
    },
    /// The text has a `+` after the first digit, or more than one.
    MisplacedPlus {
        /// The position of the character, from 1.
        position: usize,
    },
    /// The number has no `+`, so it may lack its country code.
    MissingPlus,
    /// The number begins with 0, which no country code does.
    LeadingZero,
    /// The number has fewer than 7 digits.
    TooShort {
        /// The number of digits.
        digits: usize,
    },
    /// The number has more than the 15 digits that E.164 allows.
    TooLong {
        /// The number of digits.
        digits: usize,
    },
}

impl fmt::Display for InvalidContactNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the contact number has no digits: write it as in +56912345678"),
            Self::Letter { position } => {
                write!(f, "the contact number has a letter at character {position}: write digits only")
            }
            Self::UnexpectedCharacter { position } => write!(
                f,
                "the contact number has an unexpected character at character {position}: write digits, separated by \
                 spaces, hyphens, dots or brackets"
            ),
            Self::MisplacedPlus { position } => write!(
                f,
                "the contact number has a misplaced `+` at character {position}: write a single one, before the country code"
            ),
            Self::MissingPlus => {
                f.write_str("the contact number has no `+`: write it with `+` and its country code, as in +56912345678")
            }
            Self::LeadingZero => f.write_str(
                "the contact number begins with 0: write it with its country code and no exit code, as in +56912345678",
            ),
            Self::TooShort { digits } => write!(
                f,
                "the contact number has {digits} digits, at least {MIN_DIGITS} are required: write it with its country code"
            ),
            Self::TooLong { digits } => write!(
                f,
                "the contact number has {digits} digits, at most {MAX_DIGITS} are allowed: write a single number, without an extension"
            ),
        }
    }
}

impl std::error::Error for InvalidContactNumber {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalises_common_notations_to_e164() {
        for text in [
            "+56912345678",
            "+56 9 1234-5678",
            " (+56) 9 1234 5678 ",
            "(+56) 9.1234.5678",
            "tel:+56-9-1234-5678",
            " Tel: +56912345678",
            "whatsapp:+56912345678",
            "56912345678@c.us",
            " 56912345678@c.us ",
            "+56/9/12345678",
            "\u{202a}+56\u{a0}9\u{2011}1234\u{2011}5678\u{202c}",
        ] {
            assert_eq!(text.parse::<ContactNumber>().unwrap().as_str(), "+56912345678", "{text:?}");
        }
    }

    #[test]
    fn rejects_other_texts_with_the_reason() {
        use InvalidContactNumber::*;
        let cases = [
            ("", Empty),
            ("+", Empty),
            (" - ", Empty),
            ("+56 9 CALL", Letter { position: 7 }),
            ("ñ", Letter { position: 1 }),
            ("+56912345678 ext 2", Letter { position: 14 }),
            ("tel:+56912345678;ext=2", UnexpectedCharacter { position: 17 }),
            (" whatsapp:+56x", Letter { position: 14 }),
            ("sip:+56912345678", Letter { position: 1 }),
            ("56912345678@g.us", UnexpectedCharacter { position: 12 }),
            ("56912345678", MissingPlus),
            ("912345678", MissingPlus),
            ("(56) 9.1234.5678", MissingPlus),
            ("tel:912345678", MissingPlus),
            ("whatsapp:56912345678", MissingPlus),
            ("0912345678@c.us", LeadingZero),
            ("+569;12345678", UnexpectedCharacter { position: 5 }),
            ("+569\u{0}", UnexpectedCharacter { position: 5 }),
            ("٥٦٩١٢٣٤٥٦٧٨", UnexpectedCharacter { position: 1 }),
            ("+56📞", UnexpectedCharacter { position: 4 }),
            ("++56912345678", MisplacedPlus { position: 2 }),
            ("569+12345678", MisplacedPlus { position: 4 }),
            ("0056912345678", LeadingZero),
            ("+0912345678", LeadingZero),
            ("123456", TooShort { digits: 6 }),
            ("1234567890123456", TooLong { digits: 16 }),
        ];
        for (text, expected) in cases {
            assert_eq!(text.parse::<ContactNumber>().unwrap_err(), expected, "{text:?}");
        }
    }

    #[test]
    fn accepts_the_shortest_and_the_longest_number() {
        for text in ["1234567", "123456789012345"] {
            let number = format!("+{text}");
            assert_eq!(number.parse::<ContactNumber>().unwrap().as_str(), number);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_rejected_or_normalised_to_e164(text in ".*") {
            if let Ok(number) = text.parse::<ContactNumber>() {
                let digits = number.as_str().strip_prefix('+').unwrap();
                assert!((7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()));
                assert_eq!(number.as_str().parse(), Ok(number.clone()), "normalising twice is normalising once");
                assert!(!format!("{number:?}").contains(digits));
            }
        }

        #[test]
        fn separators_do_not_change_a_number(digits in "[1-9][0-9]{6,14}", separators in "[ ()./-]{16}") {
            let mut text = String::from("+");
            for (digit, separator) in digits.chars().zip(separators.chars()) {
                text.extend([digit, separator]);
            }
            assert_eq!(text.parse::<ContactNumber>().unwrap().as_str(), format!("+{digits}"));
        }
    }
}
