//! The settings of the generator: those of a caller in Rust, and those of a file.

mod apply;
mod file;
mod needs;

#[cfg(test)]
mod tests;

pub(crate) use file::{SettingsFile, Word};

/// The generator's knowledge of the hand-written layer around its output.
#[derive(Clone, Debug)]
#[allow(clippy::exhaustive_structs)]
pub struct Settings {
    /// The hand-written enums that `x-exclusive-group` may name; by default `TicketRef` alone.
    ///
    /// Each is in the root of the crate that includes the output, with its error `Invalid…`, and has one variant for
    /// each member. Any other name in the document is an error, since the output could not compile.
    pub sum_types: Vec<String>,
    /// The hand-written types that `x-hand-written` may name; by default `Metadata` alone.
    ///
    /// For each type `T` the including crate has in its root a trait `IntoT` with the method `into_t`, whose error converts
    /// into `InvalidRequest`; `T` itself implements it, and converts into the type of the wire by `From`.
    pub value_types: Vec<String>,
    /// The treatment of parts of the document that cannot be generated; by default they are errors.
    pub unsupported: Unsupported,
}

/// The treatment of parts of the document that cannot be generated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)]
pub enum Unsupported {
    /// They are errors, and nothing is generated.
    #[default]
    Error,
    /// The operations that have or use such a part are left out and listed, and mistakes that have one meaning are read so.
    Skip,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            sum_types: vec!["TicketRef".to_owned()],
            value_types: vec!["Metadata".to_owned()],
            unsupported: Unsupported::Error,
        }
    }
}
