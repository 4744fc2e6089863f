//! The checks of a document. All of them run, so that every problem is reported at once.

mod cycles;
pub(super) mod form;
mod media_types;
mod merges;
mod names;
mod parameters;
mod references;
mod responses;
mod schemas;

use super::{access, diagnostic::Diagnostic, tree::Node};

/// Runs every check.
pub(crate) fn check(root: &Node) -> Vec<Diagnostic> {
    let checks = [
        form::check,
        references::check,
        names::check,
        parameters::check,
        media_types::check,
        responses::check,
        schemas::check,
    ];
    let mut diagnostics = Vec::new();
    for check in checks {
        check(root, &mut diagnostics);
    }
    access::check(root, &mut diagnostics);
    let before = diagnostics.len();
    cycles::check(root, &mut diagnostics);
    // It follows all references, so it must not run into a cycle or a long chain.
    if diagnostics.len() == before {
        merges::check(root, &mut diagnostics);
    }
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse::parse;

    /// The problems that one check finds, as `pointer: message`.
    pub(super) fn found(check: fn(&Node, &mut Vec<Diagnostic>), yaml: &str) -> Vec<String> {
        let mut diagnostics = Vec::new();
        check(&parse(yaml).unwrap(), &mut diagnostics);
        diagnostics.into_iter().map(|diagnostic| format!("{}: {}", diagnostic.pointer, diagnostic.message)).collect()
    }
}
