//! `Serialize` and `Deserialize` of the public types in their wire form. No error shows the rejected value.
//!
//! serde's own errors quote the value (``invalid type: integer `56912345678` ``), and so do formats that are asked for a
//! string. Each implementation here therefore asks for any value and rejects it with its own text. This requires a
//! self-describing format, such as JSON, YAML, CBOR and MessagePack.

mod contact_number;
mod metadata;
mod text;
mod ticket_ref;
