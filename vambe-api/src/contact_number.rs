//! The phone number of a contact: what people write in, E.164 out.

use std::{fmt, str::FromStr};

/// The fewest digits of a number with its country code (some islands have four-digit numbers behind a three-digit code).
const MIN_DIGITS: usize = 7;
/// The most digits of a number with its country code, by E.164.
const MAX_DIGITS: usize = 15;

/// The phone number of a contact, with its country code.
///
/// Takes what people write, `+56 9 1234-5678` or `(56) 9.1234.5678`, and what Vambe itself sends elsewhere, the digits
/// without `+`. Spaces, hyphens, dots, slashes, brackets and the invisible marks that come along with copied numbers are
/// separators and fall away. It goes on the wire as the published page writes it: `+` and the digits.
///
/// `Debug` hides the number, and there is no `Display`: [`as_str`](Self::as_str) is the one way to see it.
///
/// # Example
///
/// ```
/// use vambe_api::ContactNumber;
///
/// let number: ContactNumber = "+56 9 1234-5678".parse()?;
/// assert_eq!(number.as_str(), "+56912345678");
/// assert_eq!(number, "56912345678".parse()?);
/// assert_eq!(format!("{number:?}"), "ContactNumber([redacted])");
/// # Ok::<(), vambe_api::InvalidContactNumber>(())
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContactNumber(String);

impl ContactNumber {
    /// The number as it is sent: `+` and 7 to 15 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ContactNumber {
    type Err = InvalidContactNumber;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut number = String::from("+");
        let mut plus = false;
        for (index, c) in text.chars().enumerate() {
            let position = index + 1;
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
            // No country code begins with 0: this is a number as dialled within a country, or with an exit code before it.
            _ if number.starts_with("+0") => Err(InvalidContactNumber::LeadingZero),
            digits if digits < MIN_DIGITS => Err(InvalidContactNumber::TooShort { digits }),
            digits if digits > MAX_DIGITS => Err(InvalidContactNumber::TooLong { digits }),
            _ => Ok(Self(number)),
        }
    }
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | '.' | '/' | '(' | ')' | '[' | ']')
        // Hyphens and dashes of typesetting.
        || matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}')
        // Zero-width and direction marks, which address books put around numbers.
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

/// Why a text is not a phone number with a country code.
///
/// It tells positions, counted in characters from 1, and never the number itself.
///
/// ```
/// use vambe_api::ContactNumber;
///
/// let error = "+56 9 call me".parse::<ContactNumber>().unwrap_err();
/// assert_eq!(error.to_string(), "the contact number has a letter at character 7: write digits only");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidContactNumber {
    /// There is no digit in it.
    Empty,
    /// A letter stands in it.
    Letter {
        /// Which character of the text, from 1.
        position: usize,
    },
    /// A character stands in it that is neither a digit nor a usual separator.
    UnexpectedCharacter {
        /// Which character of the text, from 1.
        position: usize,
    },
    /// A `+` stands elsewhere than once before the digits.
    MisplacedPlus {
        /// Which character of the text, from 1.
        position: usize,
    },
    /// It begins with 0, as no country code does.
    LeadingZero,
    /// It has fewer than 7 digits.
    TooShort {
        /// How many digits it has.
        digits: usize,
    },
    /// It has more than the 15 digits that E.164 allows.
    TooLong {
        /// How many digits it has.
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
                "the contact number has an unexpected character at character {position}: write digits, with spaces, \
                 hyphens, dots or brackets between them"
            ),
            Self::MisplacedPlus { position } => write!(
                f,
                "the contact number has a misplaced `+` at character {position}: write one, before the country code"
            ),
            Self::LeadingZero => f.write_str(
                "the contact number begins with 0: write it with its country code, as in +56912345678, without an exit code",
            ),
            Self::TooShort { digits } => write!(
                f,
                "the contact number has {digits} digits, the shortest one has {MIN_DIGITS}: write it with its country code"
            ),
            Self::TooLong { digits } => write!(
                f,
                "the contact number has {digits} digits, E.164 allows {MAX_DIGITS}: write one number, without extension"
            ),
        }
    }
}

impl std::error::Error for InvalidContactNumber {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_becomes_e_164() {
        for text in [
            "+56912345678",
            "56912345678",
            "+56 9 1234-5678",
            " (+56) 9 1234 5678 ",
            "(56) 9.1234.5678",
            "+56/9/12345678",
            "\u{202a}+56\u{a0}9\u{2011}1234\u{2011}5678\u{202c}",
        ] {
            assert_eq!(text.parse::<ContactNumber>().unwrap().as_str(), "+56912345678", "{text:?}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused_with_the_reason() {
        use InvalidContactNumber::*;
        let cases = [
            ("", Empty),
            ("+", Empty),
            (" - ", Empty),
            ("+56 9 CALL", Letter { position: 7 }),
            ("ñ", Letter { position: 1 }),
            ("56912345678 ext 2", Letter { position: 13 }),
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
    fn the_shortest_and_the_longest_number_are_taken() {
        for text in ["1234567", "123456789012345"] {
            assert_eq!(text.parse::<ContactNumber>().unwrap().as_str(), format!("+{text}"));
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_refused_or_becomes_e_164(text in ".*") {
            if let Ok(number) = text.parse::<ContactNumber>() {
                let digits = number.as_str().strip_prefix('+').unwrap();
                assert!((7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()));
                assert_eq!(number.as_str().parse(), Ok(number.clone()), "normalising twice is normalising once");
                assert!(!format!("{number:?}").contains(digits));
            }
        }

        #[test]
        fn separators_do_not_change_a_number(digits in "[1-9][0-9]{6,14}", separators in "[ ()./-]{16}", plus: bool) {
            let mut text = String::from(if plus { "+" } else { "" });
            for (digit, separator) in digits.chars().zip(separators.chars()) {
                text.extend([digit, separator]);
            }
            assert_eq!(text.parse::<ContactNumber>().unwrap().as_str(), format!("+{digits}"));
        }
    }
}
