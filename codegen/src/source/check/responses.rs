//! Check: statuses are written as OpenAPI writes them, and all successes of an operation have one body.
//!
//! Errors may differ: they are taken out before progenitor (`document/responses.rs`).

use super::{media_types::is_json, resolve};
use crate::source::{finding::Finding, locate, pointer::join, tree::Node};

pub(super) fn check(root: &Node, findings: &mut Vec<Finding>) {
    for at in locate::operations(root) {
        let pointer = join(&at.pointer, "responses");
        let responses = at.node.get("responses").map(Node::entries).unwrap_or_default();
        for entry in responses.iter().filter(|entry| !entry.key.starts_with("x-") && !is_status(&entry.key)) {
            let what = format!("the status `{}`", entry.key);
            let help = "write a number from 100 to 599, a range such as `4XX`, or `default`";
            findings.push(Finding::new(join(&pointer, &entry.key), what, help));
        }
        // One without a body may stand beside one with: the generated answer has the body if there is one.
        let mut first: Option<(&str, serde_json::Value)> = None;
        for (status, response) in successes(at.node) {
            let Some(schema) = schema(root, response) else { continue };
            match &first {
                Some((other, wanted)) if *wanted != schema => {
                    let help = "give all 2xx answers of the operation the same schema, or none";
                    let mut pointer_here = join(&pointer, status);
                    if response.has("content") {
                        pointer_here = join(&pointer_here, "content");
                    }
                    let finding = Finding::new(pointer_here, "a second schema for a successful answer", help);
                    findings.push(finding.also(join(&pointer, other), "the first"));
                }
                Some(_) => {}
                None => first = Some((status, schema)),
            }
        }
    }
}

/// The answers with a status of success, as they are written.
pub(super) fn successes(operation: &Node) -> impl Iterator<Item = (&str, &Node)> {
    let responses = operation.get("responses").map(Node::entries).unwrap_or_default();
    responses
        .iter()
        .filter(|entry| is_status(&entry.key) && entry.key.starts_with('2'))
        .map(|entry| (&*entry.key, &entry.value))
}

fn is_status(key: &str) -> bool {
    match key.as_bytes() {
        b"default" | [b'1'..=b'5', b'X', b'X'] => true,
        [b'1'..=b'5', b, c] => b.is_ascii_digit() && c.is_ascii_digit(),
        _ => false,
    }
}

fn schema(root: &Node, response: &Node) -> Option<serde_json::Value> {
    let content = resolve(root, response)?.get("content")?.entries();
    content.iter().find(|entry| is_json(&entry.key))?.value.get("schema").map(Node::to_json)
}

#[cfg(test)]
mod tests {
    use super::{super::tests::found, *};

    fn responses(yaml: &str) -> Vec<String> {
        found(check, &format!("paths: {{ /a: {{ get: {{ responses: {{ {yaml} }} }} }} }}"))
    }

    #[test]
    fn a_status_of_another_form_is_found() {
        for status in ["2xx", "99", "600", "OK", "20", "2000", "2X0", "'١٢٣'"] {
            let found = responses(&format!("{status}: {{}}"));
            assert!(matches!(found.as_slice(), [one] if one.contains("the status `")), "{status}: {found:?}");
        }
        assert_eq!(responses("200: {}, '404': {}, 5XX: {}, default: {}, x-a: {}"), [""; 0]);
    }

    #[test]
    fn two_bodies_of_success_are_found_and_two_of_errors_are_well() {
        let body = |typ: &str| format!("{{ content: {{ application/json: {{ schema: {{ type: {typ} }} }} }} }}");
        let (a, b) = (body("string"), body("integer"));
        let at = "/paths/~1a/get/responses";
        assert_eq!(
            responses(&format!("200: {a}, 201: {b}")),
            [format!("{at}/201/content: a second schema for a successful answer")]
        );
        assert_eq!(responses(&format!("200: {a}, 201: {a}, 204: {{}}, 400: {a}, 404: {b}")), [""; 0]);
    }
}
