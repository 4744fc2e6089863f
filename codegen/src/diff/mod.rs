//! Compares two OpenAPI documents and says for whom the difference breaks: the wire's verdict, and Cargo's bump.
//!
//! [`diff`] walks over both documents side by side. Operations are matched by their id, then by path and method; fields by
//! name, and one that is gone with one that is new and alike as a rename; references are followed on both sides. Each
//! difference is judged by a rule of [`rules`]; the way of a schema, in a request or in an answer, decides which.
//!
//! # Nothing is left out
//!
//! Besides that walk there is a plain comparison that knows nothing of OpenAPI: mappings by key, lists by index. Each leaf
//! (a scalar, or an empty mapping or list) that is only in one of the documents, or different in both, is in [`Change::covers`]
//! of exactly one change, and nothing else is. A leaf belongs to the change that claims the deepest place at or above it,
//! of several to the most severe; one that nobody claims is told as `no-rule`, which is unclear. A property test holds it
//! to that. Comments and the order of keys are no part of a document, and so of no report.
//!
//! # Two judgements
//!
//! The wire's verdict is about who speaks HTTP with the server in any language. The bump is about callers of the crate that
//! follows the change. They differ often: another path breaks every program that is in use, and no line of code; a
//! response field that became required breaks nobody on the wire, and turns an `Option<T>` into a `T`.
//!
//! The bump is that of the typed layer. `raw` has a rule of its own, told in its documentation: a spec change may change it
//! in any release that the change log says so of. What may break code with `raw`, a literal of a struct that has one field
//! more for example, is marked in [`Rule::raw`] and does not make a bump major. `cargo-semver-checks` does not know that
//! rule and may ask for more. Errors are read tolerantly, so a change within the schema of an error status is at most minor.

mod attribution;
mod change;
mod combined;
mod document;
mod error;
mod keywords;
mod markdown;
mod node;
mod operation;
mod operations;
mod parameters;
mod properties;
mod report;
mod rule;
mod rules;
mod schema;
mod security;

mod structural;
mod text;
mod walk;

#[cfg(test)]
mod tests;

pub use change::Change;
pub use error::{DiffError, Side};
pub use markdown::rules_markdown;
pub use report::{Heading, Report};
pub use rule::{Affects, Bump, Direction, Rule, Section, WireImpact};
pub use rules::rules;
pub use structural::Leaf;

/// Compares two OpenAPI documents, YAML or JSON.
///
/// # Errors
///
/// [`DiffError`] if one of the texts is no YAML, or no mapping at its root. Anything else is compared, whether it is valid
/// OpenAPI or not. No input makes this function panic.
///
/// # Example
///
/// ```
/// use vambe_codegen::diff::{Bump, WireImpact, diff};
///
/// let base = "paths: { /ping: { get: { operationId: ping, responses: {} } } }";
/// let head = "paths: { /pong: { get: { operationId: ping, responses: {} } } }";
/// let report = diff(base, head)?;
/// let change = report.changes.first().unwrap();
/// assert_eq!((change.kind(), change.wire()), ("operation-path-changed", WireImpact::Breaking));
/// assert_eq!(report.bump(), Bump::Patch, "code compiles as before");
/// # Ok::<(), vambe_codegen::diff::DiffError>(())
/// ```
pub fn diff(base: &str, head: &str) -> Result<Report, DiffError> {
    let (base, head) = (node::read(base, Side::Base)?, node::read(head, Side::Head)?);
    let mut walk = walk::Walk::new(&base, &head);
    walk.document();
    Ok(Report { changes: attribution::attribute_leaves(walk) })
}
