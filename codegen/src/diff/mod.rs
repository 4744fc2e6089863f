//! Comparison of two OpenAPI documents: the impact of each change on the wire, and the version bump it requires.
//!
//! [`diff`] walks over both documents side by side. Operations are matched by their id, then by path and method; fields by
//! name, and a removed field with an identical added one as a rename; references are followed on both sides. Each
//! difference is judged by one of the [`rules()`]; the direction of a schema, request or response, decides which.
//!
//! # Nothing is left out
//!
//! A plain comparison that knows nothing of OpenAPI accompanies the walk: maps by key, lists by index. Each leaf (a scalar, or
//! an empty map or list) that is only in one of the documents, or different in both, is in [`Change::covers`] of exactly
//! one change, and no other leaf is. A leaf belongs to the change that claims the deepest part at or above it, among several
//! to the most severe; an unclaimed leaf is reported as `no-rule`, which is unclear. A property test checks this. Comments
//! and the order of keys are not compared.
//!
//! # Two judgements
//!
//! [`WireImpact`] is about programs in any language that speak HTTP with the server. [`Bump`] is about callers of the crate
//! that follows the change. They often differ: a new path breaks every running program, and no line of code; a
//! response field that became required breaks nothing on the wire, and turns an `Option<T>` into a `T`.
//!
//! The bump is that of the typed layer. `raw` has a rule of its own, given in its documentation: a spec change may change it
//! in any release whose change log says so. A change that may break code with `raw`, such as a literal of a struct that
//! gains a field, is marked in [`Rule::raw`] and does not make a bump major. `cargo-semver-checks` does not know that rule
//! and may ask for more. Errors are read tolerantly, so a change within the schema of an error status is at most minor.

mod applicators;
mod attribution;
mod change;
mod combined;
mod dangling;
mod discriminator;
mod document;
mod error;
mod groups;
mod incoming;
mod keywords;
mod limits;
mod markdown;
mod merged;
mod node;
mod operation;
mod operations;
mod pairs;
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

use crate::Input;

/// Compares two OpenAPI documents, YAML or JSON.
///
/// # Errors
///
/// [`DiffError`] if one of the texts is not YAML, its root is not a map, or a reference in it leads nowhere. Everything else is
/// compared, valid OpenAPI or not. No input makes this function panic.
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
    diff_inputs(&Input::new("base", base), &Input::new("head", head))
}

/// Compares two documents as [`diff`] does, each changed by its overlay.
///
/// # Errors
///
/// See [`diff`]; also if an overlay cannot be applied.
pub fn diff_inputs(base: &Input<'_>, head: &Input<'_>) -> Result<Report, DiffError> {
    let (base, head) = (node::read(base, Side::Base)?, node::read(head, Side::Head)?);
    Ok(compare(&base, &head))
}

/// Compares two documents that are read.
fn compare(base: &serde_json::Value, head: &serde_json::Value) -> Report {
    let mut walk = walk::Walk::new(base, head);
    walk.document();
    Report { changes: attribution::attribute_leaves(walk) }
}
