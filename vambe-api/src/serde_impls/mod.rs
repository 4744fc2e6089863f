//! `Serialize` and `Deserialize` of the public types, as they stand on the wire; no refusal shows what it refuses.
//!
//! serde's own refusals quote what they found (``invalid type: integer `56912345678` ``), and a format quotes it too where
//! it is asked for a string and finds something else. So each implementation here asks for any value, and refuses it in
//! its own words. The price: the format has to describe itself, as JSON, YAML, CBOR and MessagePack do.

mod contact_number;
mod metadata;
mod text;
mod ticket_ref;
