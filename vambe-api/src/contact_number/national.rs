//! Numbers in national notation, read as numbers of a country by the data of Google's libphonenumber.

use std::{fmt, str::FromStr};

use phonenumber::{
    Mode, PhoneNumber,
    country::Id,
    metadata::{DATABASE, Metadata},
};

use super::{ContactNumber, Digits, InvalidContactNumber};

/// A country whose national phone numbers can be read, by its ISO 3166-1 code of two letters.
///
/// Available with feature `national-numbers`.
///
/// # Example
///
/// ```
/// use vambe_api::Country;
///
/// let chile: Country = "CL".parse()?;
/// assert_eq!((chile, chile.as_str()), ("cl".parse()?, "CL"));
/// # Ok::<(), vambe_api::UnknownCountry>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Country(Id);

impl Country {
    /// Returns the code of two letters, in upper case.
    pub fn as_str(&self) -> &str {
        self.0.as_ref()
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Country {
    type Err = UnknownCountry;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        code.to_ascii_uppercase().parse().map(Self).map_err(|_| UnknownCountry)
    }
}

/// The error of a text that is not the code of a country.
///
/// Available with feature `national-numbers`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownCountry;

impl fmt::Display for UnknownCountry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the country is unknown: write its code of two letters, as in CL for Chile")
    }
}

impl std::error::Error for UnknownCountry {}

impl ContactNumber {
    /// Parses a number that may lack its country code: a number with `+` is read as by [`parse`](str::parse), any other number as
    /// one of `country`, with or without the trunk prefix.
    ///
    /// A number without `+` may also begin with the exit code that is dialled in `country` and any country code. If it is no national
    /// number, it may begin with the country code of `country`. A number that the data do not have, which may lag behind a country's
    /// numbering plan, is accepted if it has as many digits as the fixed or mobile numbers of `country`.
    ///
    /// The first call in a process loads the data, which takes some milliseconds.
    ///
    /// Available with feature `national-numbers`.
    ///
    /// # Errors
    ///
    /// [`InvalidContactNumber`], for example [`NotInCountry`](InvalidContactNumber::NotInCountry).
    ///
    /// # Example
    ///
    /// ```
    /// use vambe_api::{ContactNumber, Country};
    ///
    /// let germany: Country = "DE".parse()?;
    /// assert_eq!(ContactNumber::parse_in(germany, "0171 123 4567")?.as_str(), "+491711234567");
    /// assert_eq!(ContactNumber::parse_in(germany, "+56 9 1234 5678")?.as_str(), "+56912345678");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn parse_in(country: Country, text: &str) -> Result<Self, InvalidContactNumber> {
        let Digits { number, has_country_code } = Digits::of(text)?;
        let number = match number.trim_start_matches('+') {
            "" => return Err(InvalidContactNumber::Empty),
            _ if has_country_code => number,
            digits => read(country, digits).ok_or(InvalidContactNumber::NotInCountry { country })?,
        };
        Self::from_number(number)
    }
}

/// Returns `+`, the country code and the number.
///
/// The readings are tried one by one, with an explicit country code. The library alone takes away the digits of the country code
/// from a national number that begins with them, such as `9198765432` of India, and the trunk prefix of `country` from a number of
/// another country.
fn read(Country(id): Country, digits: &str) -> Option<String> {
    let metadata = DATABASE.by_id(id.as_ref())?;
    let code = metadata.country_code().to_string();
    let parse = |text: &str| phonenumber::parse(Some(id), text).ok();
    // The library would take away a trunk prefix of 0 twice.
    let national = if digits.starts_with("00") { None } else { parse(&format!("+{code}{digits}")) };
    let with_code = || digits.starts_with(&code).then(|| parse(&format!("+{digits}"))).flatten();
    let is_number = |number: &PhoneNumber| number.is_valid();
    let has_usual_length = |number: &PhoneNumber| has_usual_length(metadata, number);
    // In this order: with an exit code, as a national number, with the country code; then by the number of digits alone.
    let number = abroad(metadata, digits)
        .filter(is_number)
        .or_else(|| national.clone().filter(is_number))
        .or_else(|| with_code().filter(is_number))
        .or_else(|| national.filter(has_usual_length))
        .or_else(|| with_code().filter(has_usual_length))?;
    Some(number.format().mode(Mode::E164).to_string())
}

/// Returns the number after the exit code that is dialled in the country.
fn abroad(metadata: &Metadata, digits: &str) -> Option<PhoneNumber> {
    let exit_code = metadata.international_prefix()?.find(digits).filter(|found| found.start() == 0)?;
    phonenumber::parse(None, format!("+{}", digits.get(exit_code.end()..)?)).ok()
}

/// Returns true if the fixed or mobile numbers of the country have as many digits. A 0 that is left is a trunk prefix that the
/// country does not have.
fn has_usual_length(metadata: &Metadata, number: &PhoneNumber) -> bool {
    let national = number.national().to_string();
    let kinds = metadata.descriptors();
    let lengths = [kinds.fixed_line(), kinds.mobile()].into_iter().flatten().flat_map(|kind| kind.possible_length());
    !national.starts_with('0') && lengths.into_iter().any(|length| usize::from(*length) == national.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(country: &str, text: &str) -> Result<String, InvalidContactNumber> {
        ContactNumber::parse_in(country.parse().unwrap(), text).map(String::from)
    }

    #[test]
    fn reads_national_numbers_of_a_country() {
        for (country, text, expected) in [
            ("CL", "912345678", "+56912345678"),
            ("CL", "9 8765-4321", "+56987654321"),
            ("CL", "(2) 2123 4567", "+56221234567"),
            ("DE", "0171 1234567", "+491711234567"),
            ("IT", "06 1234 5678", "+390612345678"),
            ("BR", "(011) 96123-4567", "+5511961234567"),
            ("BR", "0 15 11 96123 4567", "+5511961234567"),
            ("AR", "011 15 2345-6789", "+5491123456789"),
            ("MX", "55 1234 5678", "+525512345678"),
            ("HU", "06 20 123 4567", "+36201234567"),
            ("RU", "8 916 123-45-67", "+79161234567"),
            ("US", "(201) 555-0123", "+12015550123"),
            ("CI", "01 23 45 67 89", "+2250123456789"),
            ("CL", "tel:912345678", "+56912345678"),
        ] {
            assert_eq!(parse(country, text).as_deref(), Ok(expected), "{country} {text}");
        }
    }

    #[test]
    fn national_numbers_may_begin_like_the_country_code() {
        for (country, text, expected) in [
            ("IN", "9198765432", "+919198765432"),
            ("BR", "55 99999-9999", "+5555999999999"),
            ("IT", "391 231 2312", "+393912312312"),
            ("CR", "5068 8812", "+50650688812"),
        ] {
            assert_eq!(parse(country, text).as_deref(), Ok(expected), "{country} {text}");
        }
    }

    #[test]
    fn reads_the_country_code_without_plus_and_exit_codes() {
        for (country, text, expected) in [
            ("CL", "56912345678", "+56912345678"),
            ("CL", "56 2 2123 4567", "+56221234567"),
            ("IN", "919876543210", "+919876543210"),
            ("US", "1 201 555 0123", "+12015550123"),
            ("US", "011 49 171 1234567", "+491711234567"),
            ("DE", "00 55 11 96123 4567", "+5511961234567"),
        ] {
            assert_eq!(parse(country, text).as_deref(), Ok(expected), "{country} {text}");
        }
    }

    #[test]
    fn rejects_a_number_that_is_none_of_the_country() {
        for (country, text) in [
            ("CL", "12345"),
            ("CL", "09 1234 5678"),
            ("CL", "549 11 2345 6789"),
            ("CL", "51 987 654 321"),
            ("MX", "044 55 1234 5678"),
            ("DE", "0"),
            ("DE", "00 171 1234567"),
        ] {
            let error = InvalidContactNumber::NotInCountry { country: country.parse().unwrap() };
            assert_eq!(parse(country, text), Err(error), "{country} {text}");
        }
        assert_eq!(parse("CL", " - "), Err(InvalidContactNumber::Empty));
        assert_eq!(parse("CL", "9 CALL"), Err(InvalidContactNumber::Letter { position: 3 }));
        assert_eq!("XX".parse::<Country>(), Err(UnknownCountry));
    }

    proptest::proptest! {
        #[test]
        fn any_text_in_any_country_is_read_or_rejected(country in "[A-Z]{2}", text in "[+]?[0-9 ]{0,30}|.*") {
            let Ok(country) = country.parse() else { return Ok(()) };
            match (text.parse::<ContactNumber>(), ContactNumber::parse_in(country, &text)) {
                (Ok(number), read) => assert_eq!(read, Ok(number), "a country does not change a number with `+`"),
                (Err(_), Ok(read)) => assert_eq!(read.as_str().parse(), Ok(read.clone())),
                (Err(_), Err(_)) => {}
            }
        }
    }
}
