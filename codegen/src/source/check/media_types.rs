//! Check: bodies of requests and of successful answers are of one media type that can be written, with a schema.

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

/// The media types of a body, with the pointer of each as far as it stands in place.
fn media_types<'a>(root: &'a Node, written: &'a Node, pointer: &str) -> Vec<(String, &'a Entry)> {
    let Some(body) = resolve(root, written) else { return Vec::new() };
    let inline = std::ptr::eq(body, written);
    let content = join(pointer, "content");
    let entries = body.get("content").map(Node::entries).unwrap_or_default();
    entries.iter().map(|entry| (if inline { join(&content, &entry.key) } else { pointer.to_owned() }, entry)).collect()
}

fn request(root: &Node, body: &Node, pointer: &str, findings: &mut Vec<Finding>) {
    let types = media_types(root, body, pointer);
    if let Some((second, entry)) = types.get(1) {
        let what = format!("a second media type for the request body, `{}`", entry.key);
        findings.push(Finding::new(second, what, "keep the one that the client should send"));
    }
    for (pointer, Entry { key, value, .. }) in &types {
        let schema = value.get("schema").and_then(|schema| resolve(root, schema));
        let is_plain = |format: Option<&str>| {
            schema.is_some_and(|schema| {
                let extra = ["pattern", "enum", "minLength", "maxLength", "nullable", "default", "discriminator"];
                schema.text_of("type") == Some("string")
                    && schema.text_of("format") == format
                    && !extra.iter().any(|key| schema.has(key))
            })
        };
        let (what, help) = match bare(key) {
            "application/json" | "application/x-www-form-urlencoded" if value.has("encoding") => {
                (format!("`encoding` of the media type `{key}`"), "leave it out: only the default is supported")
            }
            _ if !value.has("schema") => {
                (format!("the media type `{key}` without a `schema`"), "add the `schema` of the body")
            }
            "application/json" | "application/x-www-form-urlencoded" => continue,
            "application/octet-stream" if is_plain(Some("binary")) => continue,
            "application/octet-stream" => (
                format!("a schema of the media type `{key}` that says more than bytes"),
                "write `schema: { type: string, format: binary }`",
            ),
            "text/plain" | "text/x-markdown" if is_plain(None) => continue,
            "text/plain" | "text/x-markdown" => (
                format!("a schema of the media type `{key}` that says more than text"),
                "write `schema: { type: string }`",
            ),
            _ => (
                format!("a request body of the media type `{key}`"),
                "write `application/json`, `application/x-www-form-urlencoded`, `application/octet-stream` or `text/plain`",
            ),
        };
        findings.push(Finding::new(pointer, what, help));
    }
}

fn answer(root: &Node, response: &Node, pointer: &str, findings: &mut Vec<Finding>) {
    for (pointer, Entry { key, value, .. }) in media_types(root, response, pointer) {
        let (what, help) = if bare(key) != "application/json" {
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

/// The media type as progenitor compares it: what stands before the first `;`, exactly.
fn bare(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or(media_type)
}

#[cfg(test)]
mod tests {
    use super::{super::tests::found, *};

    #[test]
    fn a_body_that_cannot_be_sent_or_read_is_found() {
        let request = [
            ("application/json: {}", "the media type `application/json` without a `schema`"),
            ("application/json: { schema: {}, encoding: {} }", "`encoding` of the media type `application/json`"),
            ("application/xml: { schema: {} }", "a request body of the media type `application/xml`"),
            ("multipart/form-data: { schema: {} }", "a request body of the media type `multipart/form-data`"),
            ("Application/Json: { schema: {} }", "a request body of the media type `Application/Json`"),
            ("text/plain: { schema: { type: string, maxLength: 3 } }", "that says more than text"),
            ("application/octet-stream: { schema: { type: string } }", "that says more than bytes"),
            ("application/json: { schema: {} }, text/plain: { schema: { type: string } }", "a second media type"),
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
    fn every_body_that_progenitor_writes_and_any_error_is_well() {
        for content in [
            "application/json; charset=utf-8: { schema: {} }",
            "application/x-www-form-urlencoded: { schema: {} }",
            "application/octet-stream: { schema: { type: string, format: binary } }",
            "text/plain: { schema: { type: string } }",
        ] {
            let yaml = format!(
                "paths: {{ /a: {{ put: {{ requestBody: {{ content: {{ {content} }} }}, responses: {{ '400': {{ content: {{ text/html: {{}} }} }} }} }} }} }}"
            );
            assert_eq!(found(check, &yaml), [""; 0], "{content}");
        }
    }
}
