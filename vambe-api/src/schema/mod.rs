//! `JsonSchema` for the hand-written types; the one of the wire types is generated from the OpenAPI document.
//!
//! A schema here accepts exactly what `Deserialize` accepts or, for serialization, what `Serialize` writes. They are
//! implemented by hand, which keeps `schemars_derive` out of a service's build.

mod contact_number;
mod metadata;
mod ticket_metadata;
mod ticket_ref;

pub use ticket_metadata::{metadata_schema, of_metadata};

/// The names by which schemars identifies a type.
macro_rules! named {
    ($name:literal) => {
        fn schema_name() -> ::std::borrow::Cow<'static, str> {
            ::std::borrow::Cow::Borrowed($name)
        }

        fn schema_id() -> ::std::borrow::Cow<'static, str> {
            ::std::borrow::Cow::Borrowed(concat!("vambe_api::", $name))
        }
    };
}
use named;
