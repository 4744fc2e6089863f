//! The checks before progenitor: each finds one kind of thing that would panic below, overflow the stack, or be given away unsaid.

mod cycles;
mod form;
mod media_types;
mod merges;
mod operations;
mod parameters;
mod references;
mod responses;
mod schemas;

use super::{diagnostic::Diagnostic, tree::Node};

/// Runs every check; what they find is sorted later, by place.
pub(crate) fn check(root: &Node) -> Vec<Diagnostic> {
    let checks = [
        form::check,
        references::check,
        operations::check,
        parameters::check,
        media_types::check,
        responses::check,
        schemas::check,
    ];
    let mut diagnostics = Vec::new();
    for check in checks {
        check(root, &mut diagnostics);
    }
    let before = diagnostics.len();
    cycles::check(root, &mut diagnostics);
    // It follows all references, which a cycle or a long chain makes too many.
    if diagnostics.len() == before {
        merges::check(root, &mut diagnostics);
    }
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse::parse;

    /// What one check finds in a document that is written from its second line on: `pointer: what`.
    pub(super) fn found(check: fn(&Node, &mut Vec<Diagnostic>), yaml: &str) -> Vec<String> {
        let mut diagnostics = Vec::new();
        check(&parse(yaml).unwrap(), &mut diagnostics);
        diagnostics.into_iter().map(|diagnostic| format!("{}: {}", diagnostic.pointer, diagnostic.message)).collect()
    }
}
