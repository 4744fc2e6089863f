//! The error of a text that is not a phone number with a country code.

use std::fmt;

#[cfg(feature = "national-numbers")]
use super::Country;

/// The fewest digits with a country code: some islands have four-digit numbers after a three-digit code.
pub(super) const MIN_DIGITS: usize = 7;
/// The most digits with a country code, by E.164.
pub(super) const MAX_DIGITS: usize = 15;

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
    /// The number has no `+` and is not a number of the country that it was read in. Available with feature `national-numbers`.
    #[cfg(feature = "national-numbers")]
    NotInCountry {
        /// The country.
        country: Country,
    },
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
            #[cfg(feature = "national-numbers")]
            Self::NotInCountry { country } => write!(
                f,
                "the contact number has no `+` and is not a number of {country}: write it with `+` and its country code, as in \
                 +56912345678"
            ),
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
