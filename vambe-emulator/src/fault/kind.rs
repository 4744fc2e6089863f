//! What a row of the table of faults consists of.

use std::fmt;

use http::StatusCode;

use super::table;

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
    pub(super) name: &'static str,
    pub(super) parts: &'static [Part],
    pub(super) applied: Applied,
    pub(super) about: &'static str,
    pub(super) examples: &'static [&'static str],
    pub(super) act: Act,
    /// The status of an answer unless the text names another one.
    pub(super) status: StatusCode,
}

/// What happens instead of the usual answer.
#[derive(Clone, Copy)]
pub(crate) enum Act {
    AsEver,
    ResetUnread,
    Reset,
    Close,
    Answer(Content, Shape),
}

/// What the body of an answer says.
#[derive(Clone, Copy)]
pub(crate) enum Content {
    Usual,
    MessageList,
    Html,
    Empty,
    OtherJson,
    UnknownField,
}

/// How the body of an answer gets onto the wire.
#[derive(Clone, Copy)]
pub(crate) enum Shape {
    Whole,
    Cut,
    TooLong,
    Endless,
    Drip,
    Large,
}

/// What can follow the name in the text form, each after a colon.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Duration,
    Fault,
    /// A status that has to be there, and one that can be left out.
    Status,
    OtherStatus,
    Write,
    RetryAfter,
    Every,
    Location,
}

/// Whether the update is applied, unless [`Part::Write`] says otherwise.
#[derive(Clone, Copy)]
pub(super) enum Applied {
    AsEver,
    No,
    Yes,
    IfSuccess,
}

impl FaultKind {
    /// The name, the first word of the text form: `body-cut`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The text form, with what can follow the name: `body-cut[:STATUS][:WRITE]`.
    ///
    /// [`words`](Self::words) says what the words in upper case stand for.
    pub fn form(&self) -> String {
        self.parts.iter().fold(self.name.to_owned(), |form, part| form + part.form())
    }

    /// Whether the update is applied, in words.
    pub fn applied(&self) -> &'static str {
        match self.applied {
            Applied::AsEver => "as ever",
            Applied::No => "no",
            Applied::Yes => "yes",
            Applied::IfSuccess => "for 2xx",
        }
    }

    /// What the words in upper case stand for: pairs of a word and its meaning.
    pub fn words() -> &'static [(&'static str, &'static str)] {
        table::WORDS
    }

    /// What the client sees.
    pub fn about(&self) -> &'static str {
        self.about
    }

    /// Some faults of this kind in their text form, at least one.
    pub fn examples(&self) -> &'static [&'static str] {
        self.examples
    }

    pub(super) fn takes(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }

    pub(super) fn applies(&self, status: StatusCode) -> bool {
        match self.applied {
            Applied::AsEver | Applied::Yes => true,
            Applied::No => false,
            Applied::IfSuccess => status.is_success(),
        }
    }
}

impl Part {
    fn form(self) -> &'static str {
        match self {
            Self::Duration => ":DURATION",
            Self::Fault => "[:FAULT]",
            Self::Status => ":STATUS",
            Self::OtherStatus => "[:STATUS]",
            Self::Write => "[:WRITE]",
            Self::RetryAfter => "[:retry-after=WHEN]",
            Self::Every => "[:every=DURATION]",
            Self::Location => ":LOCATION",
        }
    }
}

/// A name stands for its row: no two rows share one.
impl PartialEq for FaultKind {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for FaultKind {}

impl fmt::Debug for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FaultKind({})", self.name)
    }
}
