//! Why no code could be generated: every problem of the document, with its place and what to do.

use std::fmt;

use thiserror::Error as ThisError;

use crate::source::{Finding, Place, Source};

/// Why an OpenAPI document could not be turned into Rust: all that was found, in the order of the text.
///
/// [`Display`](fmt::Display) is a summary in one line; [`render`](Self::render) is for the person who edits the document.
///
/// # Example
///
/// ```
/// let spec = r##"openapi: 3.0.3
/// info: { title: Example, version: "1" }
/// paths:
///   /ping:
///     post:
///       operationId: ping
///       responses:
///         "200": { $ref: "#/components/responses/Pong" }
/// "##;
/// let error = vambe_codegen::generate(spec, "ping.yaml").unwrap_err();
/// let problem = &error.problems()[0];
/// assert_eq!((problem.line, problem.column), (8, 18));
/// assert_eq!(problem.pointer, "/paths/~1ping/post/responses/200/$ref");
/// assert_eq!(problem.operation.as_deref(), Some("ping"));
/// assert_eq!(
///     error.to_string(),
///     "1 problem in the OpenAPI document, in line 8: the reference `#/components/responses/Pong` leads nowhere"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Error {
    problems: Vec<Problem>,
}

/// One thing in the document that keeps it from being generated from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The JSON pointer of the part that is meant; empty for the whole document, and where the text could not be parsed.
    pub pointer: String,
    /// The line of that part, from 1.
    pub line: usize,
    /// The column in that line, in characters from 1.
    pub column: usize,
    /// How many characters the part is long that is underlined, at least 1.
    pub width: usize,
    /// The operation that the part belongs to, or one that uses it: its `operationId`, or `POST /path` if it has none.
    pub operation: Option<String>,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub help: String,
    /// What else there is to see, such as the place of the first of two that may only be one.
    pub notes: Vec<String>,
}

impl Error {
    /// Every problem, at least one, in the order of the text.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The problems in the style of rustc, each with its line of the text.
    ///
    /// `spec` is the text that was generated from, `spec_name` what the places call it.
    #[must_use]
    pub fn render(&self, spec: &str, spec_name: &str) -> String {
        crate::source::render(&self.problems, spec, spec_name)
    }

    /// For what is found while there is no tree yet.
    pub(crate) fn from_finding(finding: Finding) -> Self {
        Self::from_findings(vec![finding])
    }

    pub(crate) fn from_findings(findings: Vec<Finding>) -> Self {
        let problems = findings.into_iter().map(|finding| {
            let place = finding.place.unwrap_or(Place::START);
            problem(finding, place, None, Vec::new())
        });
        Self::sorted(problems.collect())
    }

    /// Looks up each finding's place and operation.
    pub(crate) fn located(findings: Vec<Finding>, source: &Source) -> Self {
        let problems = findings.into_iter().map(|finding| {
            let place = finding.place.unwrap_or_else(|| source.place_of(&finding.pointer));
            let operation = source.operation_of(&finding.pointer);
            let notes = finding.also.as_deref().into_iter().map(|(pointer, what)| {
                let Place { line, column, .. } = source.place_of(pointer);
                format!("{what} is in line {line}, column {column}")
            });
            let notes = notes.collect();
            problem(finding, place, operation, notes)
        });
        Self::sorted(problems.collect())
    }

    fn sorted(mut problems: Vec<Problem>) -> Self {
        problems.sort_by(|a, b| (a.line, a.column, &a.pointer, &a.what).cmp(&(b.line, b.column, &b.pointer, &b.what)));
        problems.dedup();
        Self { problems }
    }
}

fn problem(finding: Finding, place: Place, operation: Option<String>, notes: Vec<String>) -> Problem {
    let Finding { pointer, what, help, .. } = finding;
    let Place { line, column, width } = place;
    Problem { pointer, line, column, width, operation, what, help, notes }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, s) = (self.problems.len(), if self.problems.len() == 1 { "" } else { "s" });
        write!(f, "{count} problem{s} in the OpenAPI document")?;
        match self.problems.as_slice() {
            [] => Ok(()),
            [only] => write!(f, ", in line {}: {}", only.line, only.what),
            [first, ..] => write!(f, ", the first in line {}: {}", first.line, first.what),
        }
    }
}

impl std::error::Error for Error {}

/// Why a pass refuses the document, in the order of the steps; it becomes a [`Problem`] when its place is looked up.
#[derive(Debug, ThisError)]
pub(crate) enum Refusal {
    /// The document has not the form of OpenAPI 3.0.
    #[error("not the form of OpenAPI 3.0: {message}")]
    NotADocument {
        /// The JSON pointer of the smallest part that is known to be wrong.
        pointer: String,
        /// What openapiv3 found.
        message: String,
    },

    /// The document is valid, but a part of it has no rule here.
    #[error("{pointer}: {what}: {help}")]
    Unsupported {
        /// The JSON pointer of the part.
        pointer: String,
        /// What is not supported.
        what: String,
        /// What to write instead.
        help: String,
    },

    /// A `oneOf` of `required` is not a group of which exactly one member can be given.
    #[error("{pointer}: not an exclusive group: {what}: {help}")]
    ExclusiveGroup {
        /// The JSON pointer of the schema that holds the group.
        pointer: String,
        /// What is wrong with the group.
        what: String,
        /// What to write instead.
        help: String,
    },

    /// progenitor refused the document.
    #[error("progenitor {} cannot generate from this: {message}", crate::PROGENITOR_VERSION)]
    Progenitor {
        /// The JSON pointer of the operation or schema that it fails on.
        pointer: String,
        /// What progenitor said, or what it panicked with.
        message: String,
    },

    /// progenitor's output is not of the form that the passes in `codegen/src/rust` are written for: it was updated without them.
    #[error(
        "the code that progenitor {} writes lacks {expected}: the passes in codegen/src/rust have to follow that version",
        crate::PROGENITOR_VERSION
    )]
    UnexpectedOutput {
        /// What a pass looked for and did not find.
        expected: String,
    },
}
