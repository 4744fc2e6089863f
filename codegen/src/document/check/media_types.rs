//! Check: bodies of requests and of successful answers are JSON, perhaps among other things, with a schema.

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
        request(root, value, &join("/components/requestBodies", key), diagnostics);
    }
    for at in locate::operations(root) {
        // A body by reference is checked where it is written.
        if let Some(body) = at.node.get("requestBody").filter(|body| !body.has("$ref")) {
            request(root, body, &join(&at.pointer, "requestBody"), diagnostics);
        }
        for Entry { key, value, .. } in at.successes() {
            response(root, value, &join(&join(&at.pointer, "responses"), key), diagnostics);
        }
    }
}

/// Lists the media types that count: JSON, or all if there is no JSON; each with its pointer if it is written in place.
fn media_types<'a>(root: &'a Node, written: &'a Node, pointer: &str) -> Vec<(String, &'a Entry)> {
    let Some(body) = written.resolve(root) else { return Vec::new() };
    let inline = std::ptr::eq(body, written);
    let content = join(pointer, "content");
    let entries = body.get("content").map(Node::entries).unwrap_or_default();
    let json = entries.iter().find(|entry| is_json(&entry.key)).map(std::slice::from_ref);
    let entries = json.unwrap_or(entries).iter();
    entries.map(|entry| (if inline { join(&content, &entry.key) } else { pointer.to_owned() }, entry)).collect()
}

fn request(root: &Node, body: &Node, pointer: &str, diagnostics: &mut Vec<Diagnostic>) {
    for (pointer, Entry { key, value, .. }) in media_types(root, body, pointer) {
        let (what, help) = if !is_json(key) {
            (
                format!("a request of the media type `{key}`"),
                "describe the body as `application/json`; another one has to be sent by hand, through `Transport::send`",
            )
        } else if value.has("encoding") {
            (format!("`encoding` of the media type `{key}`"), "leave it out: only the default is supported")
        } else if !value.has("schema") {
            (format!("the media type `{key}` without a `schema`"), "add the `schema` of the body")
        } else {
            continue;
        };
        diagnostics.push(Diagnostic::new(pointer, what, help));
    }
}

fn response(root: &Node, response: &Node, pointer: &str, diagnostics: &mut Vec<Diagnostic>) {
    for (pointer, Entry { key, value, .. }) in media_types(root, response, pointer) {
        let (what, help) = if !is_json(key) {
            let help = "describe the answer as `application/json`, or leave `content` out";
            (format!("an answer of the media type `{key}`"), help)
        } else if !value.has("schema") {
            ("an answer without a schema".into(), "add the `schema` of the answer, or leave `content` out")
        } else if value.has("encoding") {
            ("`encoding` of an answer".into(), "leave it out: only the default is supported")
        } else {
            continue;
        };
        diagnostics.push(Diagnostic::new(pointer, what, help));
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tests::found, *};

    #[test]
    fn a_body_that_cannot_be_sent_or_read_is_found() {
        let request = [
            ("application/json: {}", "the media type `application/json` without a `schema`"),
            ("application/json: { schema: {}, encoding: {} }", "`encoding` of the media type `application/json`"),
            ("application/xml: { schema: {} }", "a request of the media type `application/xml`"),
            ("multipart/form-data: { schema: {} }", "a request of the media type `multipart/form-data`"),
            ("Application/Json: { schema: {} }", "a request of the media type `Application/Json`"),
            ("text/plain: { schema: { type: string } }", "a request of the media type `text/plain`"),
            ("text/plain: {}, application/json: {}", "the media type `application/json` without a `schema`"),
        ];
        for (content, expected) in request {
            let found =
                found(check, &format!("paths: {{ /a: {{ put: {{ requestBody: {{ content: {{ {content} }} }} }} }} }}"));
            assert!(matches!(found.as_slice(), [one] if one.contains(expected)), "{content}: {found:?}");
        }
        let answer = [
            ("application/json: {}", "an answer without a schema"),
            ("application/json: { schema: {}, encoding: {} }", "`encoding` of an answer"),
            ("text/csv: { schema: {} }", "an answer of the media type `text/csv`"),
        ];
        for (content, expected) in answer {
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
                "/components/requestBodies/B/content/text~1csv: a request of the media type `text/csv`",
                "/paths/~1a/put/responses/default/content/text~1csv: an answer of the media type `text/csv`",
            ]
        );
    }

    #[test]
    fn json_is_well_also_among_others_and_so_is_any_error() {
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
