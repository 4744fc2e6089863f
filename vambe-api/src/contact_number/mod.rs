//! The phone number of a contact: accepted in any common notation, normalised to E.164.

mod calling_code;
mod error;
#[cfg(feature = "national-numbers")]
mod national;
mod notation;
#[cfg(test)]
mod tests;

use std::{fmt, str::FromStr};

pub use calling_code::CallingCode;
pub use error::InvalidContactNumber;
use error::{MAX_DIGITS, MIN_DIGITS};
#[cfg(feature = "national-numbers")]
pub use national::{Country, UnknownCountry};
use notation::Digits;

/// The phone number of a contact, with its country code.
///
/// It is parsed from any common notation, such as `+56 9 1234-5678` or `(+56) 9.1234.5678`, and normalised to E.164: `+` and the
/// digits. Spaces, hyphens, dots, slashes, brackets and the invisible characters of copied numbers are ignored. The addresses of
/// other products are accepted, too: `tel:+56912345678`, `whatsapp:+56912345678`, and `56912345678@c.us`, which has no `+`.
///
/// Any other number without `+` is an error: `912345678` is a number of Chile without its country code, but with a `+` it would be
/// a number of India. With the feature `national-numbers`, `parse_in` reads it as a number of a country that you name.
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

    /// Creates a number from `+` and digits.
    fn from_number(number: String) -> Result<Self, InvalidContactNumber> {
        match number.len().saturating_sub(1) {
            0 => Err(InvalidContactNumber::Empty),
            // No country code begins with 0: this is a national number, or one with an exit code.
            _ if number.starts_with("+0") => Err(InvalidContactNumber::LeadingZero),
            digits if digits < MIN_DIGITS => Err(InvalidContactNumber::TooShort { digits }),
            digits if digits > MAX_DIGITS => Err(InvalidContactNumber::TooLong { digits }),
            _ => Ok(Self(number)),
        }
    }
}

impl FromStr for ContactNumber {
    type Err = InvalidContactNumber;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let Digits { number, has_country_code } = Digits::of(text)?;
        let number = Self::from_number(number)?;
        if has_country_code { Ok(number) } else { Err(InvalidContactNumber::MissingPlus) }
    }
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
