//! Check: every operation has a unique id in snake_case.

use std::collections::HashMap;

use crate::document::{diagnostic::Diagnostic, locate, pointer::join, tree::Node, vocabulary::is_snake_case};

pub(super) fn check(root: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let mut first: HashMap<&str, String> = HashMap::new();
    for at in locate::operations(root) {
        let pointer = join(&at.pointer, "operationId");
        let Some(id) = at.node.get("operationId") else {
            let help = "add `operationId: …` in snake_case";
            diagnostics.push(Diagnostic::new(&at.pointer, "the operation has no `operationId`", help));
            continue;
        };
        // Another form than text is found by the form.
        let Some(id) = id.text() else { continue };
        if !is_snake_case(id) {
            let help = "write it in snake_case";
            diagnostics.push(Diagnostic::new(&pointer, format!("invalid operationId `{id}`"), help));
        }
        if let Some(first) = first.get(id) {
            let diagnostic =
                Diagnostic::new(&pointer, format!("duplicate operationId `{id}`"), "give each operation its own");
            diagnostics.push(diagnostic.with_related("the first", root.span_of(first)));
        }
        first.entry(id).or_insert(pointer);
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tests::found, *};

    #[test]
    fn each_id_that_cannot_name_a_method_of_its_own_is_found() {
        let yaml = "paths: { /a: { get: {}, put: { operationId: putA }, post: { operationId: a } }, /b: { get: { operationId: a } } }";
        assert_eq!(
            found(check, yaml),
            [
                "/paths/~1a/get: the operation has no `operationId`",
                "/paths/~1a/put/operationId: invalid operationId `putA`",
                "/paths/~1b/get/operationId: duplicate operationId `a`",
            ]
        );
    }
}
