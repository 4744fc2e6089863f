//! The public view of one row of the table of faults.

use std::fmt;

use super::{Fault, FaultError, table, text::Parts};

/// A kind of fault: one row of the table in the [crate docs](crate#faults).
///
/// # Example
///
/// ```
/// use vambe_emulator::Fault;
///
/// for kind in Fault::kinds() {
///     println!("{}: {}", kind.form(), kind.about());
///     for example in kind.examples() {
///         assert_eq!(example.parse::<Fault>()?.kind(), *kind);
///     }
/// }
/// # Ok::<(), vambe_emulator::FaultError>(())
/// ```
pub struct FaultKind {
    pub(super) form: &'static str,
    pub(super) applied: &'static str,
    pub(super) about: &'static str,
    pub(super) examples: &'static [&'static str],
    /// Creates a fault of this kind, and takes what it needs of the parts after the name.
    pub(super) build: fn(&mut Parts<'_>) -> Result<Fault, FaultError>,
}

impl FaultKind {
    /// Returns the name, the first word of the text form: `body-cut`.
    pub fn name(&self) -> &'static str {
        self.form.split([':', '[']).next().unwrap_or_default()
    }

    /// Returns the text form with everything that can follow the name: `body-cut[:STATUS][:WRITE]`.
    ///
    /// [`value_names`](Self::value_names) explains the words in upper case.
    pub fn form(&self) -> &'static str {
        self.form
    }

    /// Says when a valid update is applied: "yes", "no", "for 2xx", "as usual" or "as FAULT".
    pub fn applied(&self) -> &'static str {
        self.applied
    }

    /// Returns the words in upper case of all text forms, each with its meaning.
    pub fn value_names() -> &'static [(&'static str, &'static str)] {
        table::VALUE_NAMES
    }

    /// Describes the effect that the client sees.
    pub fn about(&self) -> &'static str {
        self.about
    }

    /// Returns examples of the text form, at least one.
    pub fn examples(&self) -> &'static [&'static str] {
        self.examples
    }
}

/// Compares the text forms, which are unique.
impl PartialEq for FaultKind {
    fn eq(&self, other: &Self) -> bool {
        self.form == other.form
    }
}

impl Eq for FaultKind {}

impl fmt::Debug for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FaultKind({})", self.name())
    }
}
