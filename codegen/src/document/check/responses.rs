//! Check: statuses are written as OpenAPI defines them, and all successes of an operation have one body.
//!
//! Error responses may differ.

use crate::document::{
    diagnostic::Diagnostic,
    fix::Fix,
    locate,
    pointer::join,
    tree::{Entry, Node},
    vocabulary::{is_json, is_status},
};

pub(super) fn check(root: &Node, diagnostics: &mut Vec<Diagnostic>) {
    for at in locate::operations(root) {
        let pointer = join(&at.pointer, "responses");
        let responses = at.node.get("responses").map(Node::entries).unwrap_or_default();
        for entry in responses.iter().filter(|entry| !entry.key.starts_with("x-") && !is_status(&entry.key)) {
            let message = format!("invalid status `{}`", entry.key);
            let help = "write a number from 100 to 599, a range such as `4XX`, or `default`";
            let pointer = join(&pointer, &entry.key);
            diagnostics.push(Diagnostic::new(&pointer, message, help).with_fix(Fix::ignore(&pointer)));
        }
        // A success without a body does not conflict with one that has a body.
        let mut first: Option<(&Entry, &Entry)> = None;
        for entry in at.successes() {
            let Some(json) = json(root, &entry.value) else { continue };
            let schema = |json: &Entry| json.value.get("schema").map(Node::to_json);
            match first {
                Some((other, wanted)) if schema(wanted) != schema(json) => {
                    let (status, response) = (&entry.key, &entry.value);
                    let help = "give all 2xx responses of the operation the same schema, or none";
                    let mut pointer_here = join(&pointer, status);
                    if response.has("content") {
                        pointer_here = join(&pointer_here, "content");
                    }
                    let diagnostic = Diagnostic::new(pointer_here, "a second schema for a successful response", help);
                    let place = |entry: &Entry| join(&pointer, &entry.key);
                    let diagnostic = diagnostic.with_related("the first", root.span_of(&place(other)));
                    // A response by reference may be that of other operations, too.
                    let inline = ![entry, other].iter().any(|entry| entry.value.has("$ref"));
                    let schema =
                        |entry: &Entry, json: &Entry| join(&join(&join(&place(entry), "content"), &json.key), "schema");
                    let fix = inline.then(|| {
                        let fix = Fix::any_value(&schema(entry, json));
                        fix.set(&schema(other, wanted), serde_json::json!({}))
                    });
                    diagnostics.push(Diagnostic { fix, ..diagnostic });
                }
                Some(_) => {}
                None => first = Some((entry, json)),
            }
        }
    }
}

/// The JSON of a response, if it has a schema.
fn json<'a>(root: &'a Node, response: &'a Node) -> Option<&'a Entry> {
    let content = response.resolve(root)?.get("content")?.entries();
    content.iter().find(|entry| is_json(&entry.key)).filter(|json| json.value.has("schema"))
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
            assert!(matches!(found.as_slice(), [one] if one.contains("invalid status `")), "{status}: {found:?}");
        }
        assert_eq!(responses("200: {}, '404': {}, 5XX: {}, default: {}, x-a: {}"), [""; 0]);
    }

    #[test]
    fn rejects_two_bodies_of_success_and_accepts_two_of_errors() {
        let body = |typ: &str| format!("{{ content: {{ application/json: {{ schema: {{ type: {typ} }} }} }} }}");
        let (a, b) = (body("string"), body("integer"));
        let at = "/paths/~1a/get/responses";
        assert_eq!(
            responses(&format!("200: {a}, 201: {b}")),
            [format!("{at}/201/content: a second schema for a successful response")]
        );
        assert_eq!(responses(&format!("200: {a}, 201: {a}, 204: {{}}, 400: {a}, 404: {b}")), [""; 0]);
    }
}
