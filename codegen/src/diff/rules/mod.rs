//! The table of rules, one row for each kind of change; `openapi/diff-rules.md` is printed from it.
//!
//! A row: `NAME "id" WireImpact Bump raw|typed Affects Section`, then summary, rationale and oasdiff's id or level.
//! `Affects` is `C` for callers of the Rust API, `W` for users of the wire, `CW` for both and `N` for nobody.

pub(super) mod general;
pub(super) mod request;
pub(super) mod response;

use super::rule::Rule;

/// Lists all rules: those for neither direction, those for requests, those for responses.
///
/// # Example
///
/// ```
/// assert!(vambe_codegen::diff::rules().any(|rule| rule.id == "operation-removed"));
/// ```
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    [general::RULES, request::RULES, response::RULES].into_iter().flatten().copied()
}

/// Declares the rules of one direction as constants, and lists them in `RULES`.
macro_rules! rule_table {
    ($direction:ident; $($name:ident $id:literal $wire:ident $bump:ident $raw:ident $affects:ident $section:ident
        $summary:literal $rationale:literal $oasdiff:literal;)*) => {
        use crate::diff::rule::{Affects, Bump, Direction, Rule, Section, WireImpact};

        $(pub(in crate::diff) const $name: &Rule = &Rule {
            id: $id,
            direction: Direction::$direction,
            wire: WireImpact::$wire,
            bump: Bump::$bump,
            raw: rule_table!(@raw $raw),
            affects: rule_table!(@affects $affects),
            section: Section::$section,
            summary: $summary,
            rationale: $rationale,
            oasdiff: $oasdiff,
        };)*

        pub(super) const RULES: &[&Rule] = &[$($name),*];
    };
    (@raw raw) => { true };
    (@raw typed) => { false };
    (@affects CW) => { Affects { callers: true, wire: true } };
    (@affects C) => { Affects { callers: true, wire: false } };
    (@affects W) => { Affects { callers: false, wire: true } };
    (@affects N) => { Affects { callers: false, wire: false } };
}
use rule_table;

/// The rule of this name for the direction in which a schema is used.
macro_rules! in_direction {
    ($context:expr, $name:ident) => {
        match $context.usage {
            $crate::diff::walk::Use::Request => $crate::diff::rules::request::$name,
            $crate::diff::walk::Use::Response | $crate::diff::walk::Use::Error => $crate::diff::rules::response::$name,
        }
    };
}
pub(super) use in_direction;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::{Bump, WireImpact};

    #[test]
    fn ids_are_unique() {
        let mut ids: Vec<_> = rules().map(|rule| rule.id).collect();
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }

    #[test]
    fn bumps_affect_callers_and_wire_breaks_affect_the_wire() {
        for rule in rules() {
            assert!(rule.bump < Bump::Minor || rule.affects.callers, "{}", rule.id);
            assert!(rule.wire != WireImpact::Breaking || rule.affects.wire, "{}", rule.id);
        }
    }
}
