//! Check: every operation has an id of its own that can name a method.

use std::collections::HashMap;

use crate::source::{finding::Finding, locate, pointer::join, tree::Node};

pub(super) fn check(root: &Node, findings: &mut Vec<Finding>) {
    let mut first: HashMap<&str, String> = HashMap::new();
    for at in locate::operations(root) {
        let pointer = join(&at.pointer, "operationId");
        let Some(id) = at.node.get("operationId") else {
            let help = "add `operationId: …` in snake_case: it names the generated method";
            findings.push(Finding::new(&at.pointer, "an operation without `operationId`", help));
            continue;
        };
        // Another form than text is found by the form.
        let Some(id) = id.text() else { continue };
        if !is_snake_case(id) {
            let help = "write it in snake_case, and not as a word of Rust: it names the generated method";
            findings.push(Finding::new(&pointer, format!("the operationId `{id}`"), help));
        }
        if let Some(first) = first.get(id) {
            let finding =
                Finding::new(&pointer, format!("the operationId `{id}` a second time"), "give each operation its own");
            findings.push(finding.also(first, "the first"));
        }
        first.entry(id).or_insert(pointer);
    }
}

/// Only such an id stays the same as a method's name, as a constant's name in upper case, and in log fields.
fn is_snake_case(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && syn::parse_str::<syn::Ident>(id).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{super::tests::found, *};

    #[test]
    fn each_id_that_cannot_name_a_method_of_its_own_is_found() {
        let yaml = "paths: { /a: { get: {}, put: { operationId: putA }, post: { operationId: a }, patch: { operationId: fn } }, /b: { get: { operationId: a } } }";
        assert_eq!(
            found(check, yaml),
            [
                "/paths/~1a/get: an operation without `operationId`",
                "/paths/~1a/put/operationId: the operationId `putA`",
                "/paths/~1a/patch/operationId: the operationId `fn`",
                "/paths/~1b/get/operationId: the operationId `a` a second time",
            ]
        );
    }
}
