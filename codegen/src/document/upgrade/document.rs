//! Pass: the parts of 3.1 other than schemas. Those that only readers use are dropped.

use crate::document::{
    diagnostic::Diagnostic,
    tree::{Node, Value},
    vocabulary::METHODS,
};

pub(super) fn rewrite(root: &mut Node, diagnostics: &mut Vec<Diagnostic>) {
    let span = root.span;
    root.set("openapi", span, Value::Text("3.0.3".into()));
    root.take("jsonSchemaDialect");
    let webhooks = root.take("webhooks");
    if !root.has("paths") {
        let (pointer, message) = match webhooks {
            Some(_) => ("/webhooks", "the document has webhooks but no `paths`"),
            None => ("", "the document has no key `paths`"),
        };
        let help = "add `paths`, the requests that the server accepts";
        diagnostics.push(Diagnostic::new(pointer, message, help));
    }
    child(root, "info", |info| {
        info.take("summary");
        child(info, "license", |license| drop(license.take("identifier")));
    });
    child(root, "components", |components| drop(components.take("pathItems")));
    child(root, "paths", |paths| {
        let Value::Map(paths) = &mut paths.value else { return };
        for path in paths {
            for method in METHODS {
                child(&mut path.value, method, |operation| {
                    if matches!(operation.value, Value::Map(_)) && !operation.has("responses") {
                        operation.set("responses", operation.span, Value::Map(Vec::new()));
                    }
                });
            }
        }
    });
}

fn child(node: &mut Node, key: &str, change: impl FnOnce(&mut Node)) {
    if let Value::Map(entries) = &mut node.value
        && let Some(entry) = entries.iter_mut().find(|entry| entry.key == key)
    {
        change(&mut entry.value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse::parse;

    #[test]
    fn documentation_is_dropped_and_responses_may_be_absent() {
        let mut root = parse(
            "openapi: 3.1.0\njsonSchemaDialect: a\ninfo: { summary: b, license: { identifier: c, name: d } }
webhooks: {}\npaths: { /a: { get: { operationId: a } } }\ncomponents: { pathItems: {} }",
        )
        .unwrap();
        let mut diagnostics = Vec::new();
        rewrite(&mut root, &mut diagnostics);
        assert!(diagnostics.is_empty());
        assert_eq!(
            root.to_json().to_string(),
            r#"{"openapi":"3.0.3","info":{"license":{"name":"d"}},"paths":{"/a":{"get":{"operationId":"a","responses":{}}}},"components":{}}"#
        );
    }

    #[test]
    fn rejects_webhooks_without_paths() {
        let mut diagnostics = Vec::new();
        rewrite(&mut parse("openapi: 3.1.0\nwebhooks: {}").unwrap(), &mut diagnostics);
        assert_eq!(diagnostics[0].message, "the document has webhooks but no `paths`");
    }
}
