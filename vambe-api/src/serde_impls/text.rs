//! Reads a string, or rejects another value without showing it.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, Visitor};

/// The methods of a visitor that rejects scalars without showing them, as serde's defaults would.
///
/// The defaults for `null`, sequences and maps are fine: they show only the kind of value.
macro_rules! reject_scalars {
    ($($visit:ident: $ty:ty => $found:literal),+ $(,)?) => {
        $(fn $visit<E: ::serde::de::Error>(self, _: $ty) -> Result<Self::Value, E> {
            Err(E::invalid_type(::serde::de::Unexpected::Other($found), &self))
        })+
    };
    () => {
        $crate::serde_impls::text::reject_scalars! {
            visit_bool: bool => "a boolean",
            visit_i64: i64 => "a number",
            visit_i128: i128 => "a number",
            visit_u64: u64 => "a number",
            visit_u128: u128 => "a number",
            visit_f64: f64 => "a number",
        }
    };
}
pub(super) use reject_scalars;

/// A string, with its description for the error.
pub(super) struct Text<'a>(pub(super) &'a str);

impl<'de> DeserializeSeed<'de> for Text<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Text<'_> {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} as a string", self.0)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }

    fn visit_string<E: Error>(self, text: String) -> Result<String, E> {
        Ok(text)
    }

    reject_scalars!();
    reject_scalars!(visit_bytes: &[u8] => "bytes");
}
