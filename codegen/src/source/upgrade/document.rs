//! Pass: what 3.1 has besides schemas. What is for readers only is dropped; a client has no use for it.

use crate::source::{
    finding::Finding,
    locate::METHODS,
    tree::{Node, Value},
};

pub(super) fn rewrite(root: &mut Node, findings: &mut Vec<Finding>) {
    let place = root.place;
    root.set("openapi", place, Value::Text("3.0.3".into()));
    root.take("jsonSchemaDialect");
    let webhooks = root.take("webhooks");
    if !root.has("paths") {
        let (pointer, what) = match webhooks {
            Some(_) => ("/webhooks", "webhooks without `paths`"),
            None => ("", "the document without the key `paths`"),
        };
        let help = "add `paths`: a client is generated from the requests that the server takes";
        findings.push(Finding::new(pointer, what, help));
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
                        operation.set("responses", operation.place, Value::Map(Vec::new()));
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
    use crate::source::parse::parse;

    #[test]
    fn what_only_readers_use_is_dropped_and_responses_may_be_missing() {
        let mut root = parse(
            "openapi: 3.1.0\njsonSchemaDialect: a\ninfo: { summary: b, license: { identifier: c, name: d } }
webhooks: {}\npaths: { /a: { get: { operationId: a } } }\ncomponents: { pathItems: {} }",
        )
        .unwrap();
        let mut findings = Vec::new();
        rewrite(&mut root, &mut findings);
        assert!(findings.is_empty());
        assert_eq!(
            root.to_json().to_string(),
            r#"{"openapi":"3.0.3","info":{"license":{"name":"d"}},"paths":{"/a":{"get":{"operationId":"a","responses":{}}}},"components":{}}"#
        );
    }

    #[test]
    fn webhooks_alone_are_refused() {
        let mut findings = Vec::new();
        rewrite(&mut parse("openapi: 3.1.0\nwebhooks: {}").unwrap(), &mut findings);
        assert_eq!(findings[0].what, "webhooks without `paths`");
    }
}
