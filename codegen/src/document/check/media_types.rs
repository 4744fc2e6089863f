//! Check: requests have a body of JSON or a form, possibly among other media types, and JSON has a schema.

use crate::document::{
    diagnostic::Diagnostic,
    fix::Fix,
    locate,
    pointer::join,
    tree::{Entry, Node},
    vocabulary::{is_form, is_json, is_like_json},
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

/// Returns the media type that is used, with its pointer if it is inline: JSON, else a form, else the first.
fn media_type<'a>(root: &'a Node, written: &'a Node, pointer: &str) -> Option<(String, &'a Entry)> {
    let body = written.resolve(root)?;
    let inline = std::ptr::eq(body, written);
    let content = join(pointer, "content");
    let entries = body.get("content").map(Node::entries).unwrap_or_default();
    let used =
        entries.iter().find(|entry| is_json(&entry.key)).or_else(|| entries.iter().find(|entry| is_form(&entry.key)));
    let used = used.or(entries.first())?;
    Some((if inline { join(&content, &used.key) } else { pointer.to_owned() }, used))
}

fn body(root: &Node, body: &Node, kind: &str, pointer: &str, diagnostics: &mut Vec<Diagnostic>) {
    let Some((pointer, Entry { key, value, .. })) = media_type(root, body, pointer) else { return };
    // Any media type with a schema of JSON is JSON.
    let is_any = key == "*/*" && value.has("schema");
    let (message, help, fix) = if kind == "request" && !is_json(key) && !is_form(key) && !is_any {
        let help = "describe the request as `application/json` or `application/x-www-form-urlencoded`: no other media type is \
                    supported";
        (format!("unsupported media type `{key}` of a request"), help, None)
    } else if !value.has("schema") && (kind == "request" || is_like_json(key)) {
        let fix = Fix::any_value(&join(&pointer, "schema"));
        (format!("the {kind} has no `schema` for `{key}`"), "add the `schema`", Some(fix))
    } else if value.has("encoding") {
        let fix = Fix::ignore(&join(&pointer, "encoding"));
        (format!("unsupported `encoding` of a {kind}"), "remove it: only the default is supported", Some(fix))
    } else {
        return;
    };
    let diagnostic = Diagnostic::new(pointer, message, help);
    diagnostics.push(Diagnostic { fix, ..diagnostic });
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
            ("application/hal+json: {}", "the response has no `schema` for `application/hal+json`"),
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
paths: { /a: { put: { requestBody: { $ref: '#/components/requestBodies/B' }, responses: { default: { content: { application/json: {} } } } } } }";
        assert_eq!(
            found(check, yaml),
            [
                "/components/requestBodies/B/content/text~1csv: unsupported media type `text/csv` of a request",
                "/paths/~1a/put/responses/default/content/application~1json: the response has no `schema` for `application/json`",
            ]
        );
    }

    #[test]
    fn accepts_a_response_of_any_media_type() {
        for content in ["text/csv: {}", "application/pdf: { schema: {} }", "'*/*': {}", "image/png: {}, text/plain: {}"]
        {
            let yaml =
                format!("paths: {{ /a: {{ get: {{ responses: {{ '200': {{ content: {{ {content} }} }} }} }} }} }}");
            assert_eq!(found(check, &yaml), [""; 0], "{content}");
        }
    }

    #[test]
    fn accepts_json_among_other_types_and_any_error() {
        for content in [
            "application/json: { schema: {} }",
            "application/json; charset=utf-8: { schema: {} }",
            "text/plain: { schema: { type: string } }, application/json: { schema: {} }",
            "text/plain: {}, application/x-www-form-urlencoded: { schema: {} }",
        ] {
            let yaml = format!(
                "paths: {{ /a: {{ put: {{ requestBody: {{ content: {{ {content} }} }}, responses: {{ '400': {{ content: {{ text/html: {{}} }} }} }} }} }} }}"
            );
            assert_eq!(found(check, &yaml), [""; 0], "{content}");
        }
    }
}
