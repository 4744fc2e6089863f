//! Check: requests and successful responses have a JSON body with a schema, possibly among other media types.

use crate::document::{
    diagnostic::Diagnostic,
    locate,
    pointer::join,
    tree::{Entry, Node},
    vocabulary::is_json,
};

pub(super) fn check(root: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let shared = root.follow("/components/requestBodies").map(Node::entries).unwrap_or_default();
    for Entry { key, value, .. } in shared {
        body(root, value, "request", &join("/components/requestBodies", key), diagnostics);
    }
    for at in locate::operations(root) {
        // A body by reference is checked where it is written.
        if let Some(written) = at.node.get("requestBody").filter(|written| !written.has("$ref")) {
            body(root, written, "request", &join(&at.pointer, "requestBody"), diagnostics);
        }
        for Entry { key, value, .. } in at.successes() {
            body(root, value, "response", &join(&join(&at.pointer, "responses"), key), diagnostics);
        }
    }
}

/// Lists the media types that count: JSON, or all if there is no JSON; each with its pointer if it is inline.
fn media_types<'a>(root: &'a Node, written: &'a Node, pointer: &str) -> Vec<(String, &'a Entry)> {
    let Some(body) = written.resolve(root) else { return Vec::new() };
    let inline = std::ptr::eq(body, written);
    let content = join(pointer, "content");
    let entries = body.get("content").map(Node::entries).unwrap_or_default();
    let json = entries.iter().find(|entry| is_json(&entry.key)).map(std::slice::from_ref);
    let entries = json.unwrap_or(entries).iter();
    entries.map(|entry| (if inline { join(&content, &entry.key) } else { pointer.to_owned() }, entry)).collect()
}

fn body(root: &Node, body: &Node, kind: &str, pointer: &str, diagnostics: &mut Vec<Diagnostic>) {
    for (pointer, Entry { key, value, .. }) in media_types(root, body, pointer) {
        let (message, help) = if !is_json(key) {
            let help = format!("describe the {kind} as `application/json`: no other media type is supported");
            (format!("unsupported media type `{key}` of a {kind}"), help)
        } else if !value.has("schema") {
            (format!("the {kind} has no `schema` for `{key}`"), "add the `schema`".to_owned())
        } else if value.has("encoding") {
            (format!("unsupported `encoding` of a {kind}"), "remove it: only the default is supported".to_owned())
        } else {
            continue;
        };
        diagnostics.push(Diagnostic::new(pointer, message, help));
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tests::found, *};

    #[test]
    fn a_body_that_cannot_be_sent_or_read_is_found() {
        let request = [
            ("application/json: {}", "the request has no `schema` for `application/json`"),
            ("application/json: { schema: {}, encoding: {} }", "unsupported `encoding` of a request"),
            ("application/xml: { schema: {} }", "unsupported media type `application/xml` of a request"),
            ("multipart/form-data: { schema: {} }", "unsupported media type `multipart/form-data` of a request"),
            ("Application/Json: { schema: {} }", "unsupported media type `Application/Json` of a request"),
            ("text/plain: { schema: { type: string } }", "unsupported media type `text/plain` of a request"),
            ("text/plain: {}, application/json: {}", "the request has no `schema` for `application/json`"),
        ];
        for (content, expected) in request {
            let found =
                found(check, &format!("paths: {{ /a: {{ put: {{ requestBody: {{ content: {{ {content} }} }} }} }} }}"));
            assert!(matches!(found.as_slice(), [one] if one.contains(expected)), "{content}: {found:?}");
        }
        let response = [
            ("application/json: {}", "the response has no `schema` for `application/json`"),
            ("application/json: { schema: {}, encoding: {} }", "unsupported `encoding` of a response"),
            ("text/csv: { schema: {} }", "unsupported media type `text/csv` of a response"),
        ];
        for (content, expected) in response {
            let yaml =
                format!("paths: {{ /a: {{ put: {{ responses: {{ '200': {{ content: {{ {content} }} }} }} }} }} }}");
            let found = found(check, &yaml);
            assert!(matches!(found.as_slice(), [one] if one.contains(expected)), "{content}: {found:?}");
        }
    }

    #[test]
    fn shared_bodies_and_lone_default_responses_are_checked_once() {
        let yaml = "components: { requestBodies: { B: { content: { text/csv: {} } } } }
paths: { /a: { put: { requestBody: { $ref: '#/components/requestBodies/B' }, responses: { default: { content: { text/csv: {} } } } } } }";
        assert_eq!(
            found(check, yaml),
            [
                "/components/requestBodies/B/content/text~1csv: unsupported media type `text/csv` of a request",
                "/paths/~1a/put/responses/default/content/text~1csv: unsupported media type `text/csv` of a response",
            ]
        );
    }

    #[test]
    fn accepts_json_among_other_types_and_any_error() {
        for content in [
            "application/json: { schema: {} }",
            "application/json; charset=utf-8: { schema: {} }",
            "text/plain: { schema: { type: string } }, application/json: { schema: {} }",
        ] {
            let yaml = format!(
                "paths: {{ /a: {{ put: {{ requestBody: {{ content: {{ {content} }} }}, responses: {{ '400': {{ content: {{ text/html: {{}} }} }} }} }} }} }}"
            );
            assert_eq!(found(check, &yaml), [""; 0], "{content}");
        }
    }
}
