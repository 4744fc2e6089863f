//! The schema of a contact number: every notation that `Deserialize` accepts, or the one that `Serialize` writes.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::named;
use crate::ContactNumber;

/// The pattern of the written form.
const E_164: &str = r"^\+[1-9][0-9]{6,14}$";

/// The separators of the parser, within a character class. White space is listed by code points, since `\s` differs between
/// regular expression dialects.
macro_rules! separators {
    () => {
        r"\u0009-\u000d\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\-\.\/\(\)\[\]\u2010-\u2015\u2212\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
    };
}

macro_rules! digits {
    () => {
        concat!("[1-9]([", separators!(), "]*[0-9]){6,14}[", separators!(), "]*")
    };
}

/// The pattern of the accepted notations, with separators anywhere: `+` and the digits, perhaps after a scheme, or the digits
/// before `@c.us`.
const ANY_NOTATION: &str = concat!(
    "^[",
    separators!(),
    "]*(([Tt][Ee][Ll]:|[Ww][Hh][Aa][Tt][Ss][Aa][Pp][Pp]:)?[",
    separators!(),
    r"]*\+[",
    separators!(),
    "]*",
    digits!(),
    "|",
    digits!(),
    r"@c\.us[",
    separators!(),
    "]*)$"
);

/// A string with a pattern. For deserialization, the pattern accepts exactly what `Deserialize` accepts; for serialization, `+`
/// and the digits.
impl JsonSchema for ContactNumber {
    named!("ContactNumber");

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        if generator.contract().is_serialize() {
            return json_schema!({
                "description": "The phone number of a contact with its country code: `+` and the digits.",
                "type": "string",
                "pattern": E_164,
            });
        }
        json_schema!({
            "description": "The phone number of a contact with its country code, such as `+56912345678`. Spaces, hyphens, dots, slashes and brackets are allowed, and so are `tel:+56912345678`, `whatsapp:+56912345678` and `56912345678@c.us`.",
            "type": "string",
            "pattern": ANY_NOTATION,
        })
    }
}
