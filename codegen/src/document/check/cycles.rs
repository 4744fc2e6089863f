//! Check: no component is a `$ref` to itself, and no schema contains itself without a property or an item in between.
//!
//! Such a schema has no meaning, and code that follows it overflows the stack, which cannot be caught. A tree, whose properties
//! or items have the schema's own type, is fine.

use std::collections::HashMap;

use crate::document::{
    diagnostic::Diagnostic,
    fix::Fix,
    pointer::{join, parent},
    tree::Node,
};

/// The longest chain of references. Later steps follow it by recursion.
const MAX_CHAIN: usize = 32;

const DIRECT: [&str; 3] = ["allOf", "oneOf", "anyOf"];

pub(super) fn check(root: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let mut edges: HashMap<String, Vec<(String, String)>> = HashMap::new();
    let mut order = Vec::new();
    for section in root.get("components").map(Node::entries).unwrap_or_default() {
        for entry in section.value.entries() {
            let name = join(&join("/components", &section.key), &entry.key);
            let mut out = Vec::new();
            direct(&entry.value, &name, section.key == "schemas", &mut out);
            edges.insert(name.clone(), out);
            order.push(name);
        }
    }
    let mut done: HashMap<&str, State> = HashMap::new();
    for start in &order {
        search(start, &edges, &mut done, diagnostics);
    }
}

enum State {
    Open,
    /// Holds the length of the longest chain of references from there.
    Closed(usize),
}

/// Collects the references that are followed directly, each with its pointer.
fn direct(node: &Node, path: &str, schema: bool, out: &mut Vec<(String, String)>) {
    if let Some(reference) = node.text_of("$ref") {
        if let Some(target) = reference.strip_prefix('#') {
            out.push((join(path, "$ref"), target.to_owned()));
        }
        return;
    }
    if !schema {
        return;
    }
    for key in DIRECT {
        for (index, part) in node.get(key).map(Node::items).unwrap_or_default().iter().enumerate() {
            direct(part, &join(&join(path, key), &index.to_string()), true, out);
        }
    }
    if let Some(not) = node.get("not") {
        direct(not, &join(path, "not"), true, out);
    }
}

/// Searches depth-first with a stack of its own: a chain of references may be as long as the document.
fn search<'a>(
    start: &'a str,
    edges: &'a HashMap<String, Vec<(String, String)>>,
    done: &mut HashMap<&'a str, State>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    if done.contains_key(start) {
        return;
    }
    done.insert(start, State::Open);
    let mut path = vec![(start, 0_usize)];
    while let Some((name, next)) = path.last_mut() {
        let Some((pointer, target)) = edges.get(*name).and_then(|out| out.get(*next)) else {
            let targets = edges.get(*name).into_iter().flatten();
            let lengths = targets.filter_map(|(_, target)| match done.get(target.as_str()) {
                Some(State::Closed(length)) => Some(length + 1),
                _ => None,
            });
            let length = lengths.max().unwrap_or(0);
            if length == MAX_CHAIN + 1 {
                let message = format!("more than {MAX_CHAIN} references in a chain from `{}`", last(name));
                diagnostics.push(Diagnostic::new(
                    *name,
                    message,
                    "refer to the last of them directly, or write some out",
                ));
            }
            done.insert(name, State::Closed(length));
            path.pop();
            continue;
        };
        *next += 1;
        match done.get(target.as_str()) {
            Some(State::Closed(_)) => {}
            Some(State::Open) => {
                let cycle = path.iter().map(|(name, _)| *name).skip_while(|name| name != target);
                let names: Vec<_> = cycle.chain([target.as_str()]).map(last).collect();
                let message = format!("reference cycle: {}", names.join(" → "));
                let help = "put a property or an array in between, or remove one of the references";
                let fix = pointer.starts_with("/components/schemas/").then(|| Fix::any_value(parent(pointer)));
                diagnostics.push(Diagnostic { fix, ..Diagnostic::new(pointer, message, help) });
            }
            None if edges.contains_key(target) => {
                done.insert(target, State::Open);
                path.push((target, 0));
            }
            None => {}
        }
    }
}

fn last(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::{super::tests::found, *};

    fn schemas(yaml: &str) -> Vec<String> {
        found(check, &format!("components: {{ schemas: {} }}", yaml.replace("=", "$ref: '#/components/schemas/")))
    }

    #[test]
    fn a_cycle_without_anything_between_is_found_and_named() {
        let cases = [
            ("{ A: { =A' } }", "/components/schemas/A/$ref: reference cycle: A → A"),
            ("{ A: { =B' }, B: { =A' } }", "/components/schemas/B/$ref: reference cycle: A → B → A"),
            (
                "{ A: { allOf: [{ =B' }] }, B: { oneOf: [{ type: string }, { =C' }] }, C: { not: { =B' } } }",
                "/components/schemas/C/not/$ref: reference cycle: B → C → B",
            ),
            (
                "{ A: { anyOf: [{ allOf: [{ =A' }] }] } }",
                "/components/schemas/A/anyOf/0/allOf/0/$ref: reference cycle: A → A",
            ),
        ];
        for (yaml, expected) in cases {
            assert_eq!(schemas(yaml), [expected], "{yaml}");
        }
    }

    #[test]
    fn a_chain_that_is_too_long_is_found_once() {
        let chain = |length: usize| {
            let links = (0..length).map(|link| format!("A{link}: {{ allOf: [{{ =A{}' }}, {{}}] }}, ", link + 1));
            format!("{{ {} A{length}: {{}} }}", links.collect::<String>())
        };
        assert_eq!(schemas(&chain(MAX_CHAIN)), [""; 0]);
        let found = schemas(&chain(10_000));
        assert!(matches!(found.as_slice(), [one] if one.contains("more than 32 references in a chain")), "{found:?}");
    }

    #[test]
    fn a_response_that_is_itself_is_found() {
        let yaml = "components: { responses: { R: { $ref: '#/components/responses/R' } } }";
        assert_eq!(found(check, yaml), ["/components/responses/R/$ref: reference cycle: R → R"]);
    }

    #[test]
    fn accepts_a_tree_of_properties_and_items() {
        for yaml in [
            "{ A: { properties: { a: { =A' } } } }",
            "{ A: { type: array, items: { =A' } } }",
            "{ A: { additionalProperties: { =A' } } }",
            "{ A: { allOf: [{ =B' }, { =B' }] }, B: {} }",
        ] {
            assert_eq!(schemas(yaml), [""; 0], "{yaml}");
        }
    }
}
