//! Check: bodies of requests and of successful answers are JSON, perhaps among other things, with a schema.

use super::{resolve, responses::successes};
use crate::source::{
    finding::Finding,
    locate,
    pointer::join,
    tree::{Entry, Node},
};

pub(super) fn check(root: &Node, findings: &mut Vec<Finding>) {
    for at in locate::operations(root) {
        if let Some(body) = at.node.get("requestBody") {
            request(root, body, &join(&at.pointer, "requestBody"), findings);
        }
        for (status, response) in successes(at.node) {
            let pointer = join(&join(&at.pointer, "responses"), status);
            answer(root, response, &pointer, findings);
        }
    }
}

/// The media types of a body that count, with the pointer of each as far as it stands in place: JSON, or what there is instead.
fn media_types<'a>(root: &'a Node, written: &'a Node, pointer: &str) -> Vec<(String, &'a Entry)> {
    let Some(body) = resolve(root, written) else { return Vec::new() };
    let inline = std::ptr::eq(body, written);
    let content = join(pointer, "content");
    let entries = body.get("content").map(Node::entries).unwrap_or_default();
    let json = entries.iter().find(|entry| is_json(&entry.key)).map(std::slice::from_ref);
    let entries = json.unwrap_or(entries).iter();
    entries.map(|entry| (if inline { join(&content, &entry.key) } else { pointer.to_owned() }, entry)).collect()
}

fn request(root: &Node, body: &Node, pointer: &str, findings: &mut Vec<Finding>) {
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
        findings.push(Finding::new(pointer, what, help));
    }
}

fn answer(root: &Node, response: &Node, pointer: &str, findings: &mut Vec<Finding>) {
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
        findings.push(Finding::new(pointer, what, help));
    }
}

/// By what stands before the first `;`, as the passes compare it.
pub(super) fn is_json(media_type: &str) -> bool {
    media_type.split(';').next().map(str::trim) == Some("application/json")
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
