//! `JsonSchema` of the hand-written types; that of the wire types is generated, from the words of the spec.
//!
//! Written out rather than derived, which keeps `schemars_derive` out of a service's build: a schema here accepts exactly
//! what `Deserialize` accepts. Asked for what is serialised, it is as narrow as what `Serialize` writes.

mod contact_number;
mod metadata;
mod ticket_metadata;
mod ticket_ref;

pub use ticket_metadata::{metadata_schema, of_metadata};

/// The names by which schemars tells types apart.
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
