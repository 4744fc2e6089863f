//! From a JSON pointer to its operation, and to the smallest part that openapiv3 cannot read.

use serde::de::DeserializeOwned;

use super::{
    pointer::{is_within, join, tokens},
    tree::{Entry, Node, Value},
    usage::Usage,
    vocabulary::{METHODS, is_status, is_success},
};

/// One operation of the document.
pub(crate) struct OperationNode<'a> {
    pub(crate) pointer: String,
    pub(crate) path: &'a str,
    pub(crate) method: &'a str,
    pub(crate) item: &'a Node,
    pub(crate) node: &'a Node,
}

/// Lists every operation, in the order of the document.
pub(crate) fn operations(root: &Node) -> Vec<OperationNode<'_>> {
    let paths = root.get("paths").map(Node::entries).unwrap_or_default();
    let paths = paths.iter().filter(|path| !path.key.starts_with("x-"));
    let operations = paths.flat_map(|path| {
        let methods = path.value.entries().iter().filter(|entry| METHODS.contains(&&*entry.key));
        methods.map(|entry| OperationNode {
            pointer: join(&join("/paths", &path.key), &entry.key),
            path: &path.key,
            method: &entry.key,
            item: &path.value,
            node: &entry.value,
        })
    });
    operations.collect()
}

impl OperationNode<'_> {
    /// The entries of `responses` for a success; `default` if it is the only documented outcome.
    pub(crate) fn successes(&self) -> impl Iterator<Item = &Entry> {
        let responses = self.node.get("responses").map(Node::entries).unwrap_or_default();
        let has_success = responses.iter().any(|entry| is_status(&entry.key) && is_success(&entry.key));
        responses.iter().filter(move |entry| match has_success {
            true => is_status(&entry.key) && is_success(&entry.key),
            false => entry.key == "default",
        })
    }

    /// The name in messages.
    pub(crate) fn name(&self) -> String {
        let id = self.node.text_of("operationId").filter(|id| !id.is_empty());
        id.map_or_else(|| format!("{} {}", self.method.to_uppercase(), self.path), str::to_owned)
    }
}

/// Returns the operation that contains a part, or the first one that uses it if it is a component.
pub(crate) fn operation_of(usage: &Usage<'_>, pointer: &str) -> Option<String> {
    if let Some(at) = usage.operations().iter().find(|at| is_within(pointer, &at.pointer)) {
        return Some(at.name());
    }
    let mut path = tokens(pointer);
    let (Some("components"), Some(section), Some(name)) = (path.next().as_deref(), path.next(), path.next()) else {
        return None;
    };
    usage.users(&join(&join("/components", &section), &name)).next().map(OperationNode::name)
}

/// Lists every `$ref` in a part of the document.
pub(crate) fn references(node: &Node) -> Vec<&str> {
    let mut found = Vec::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        found.extend(node.text_of("$ref"));
        open.extend(node.items());
        open.extend(node.entries().iter().map(|entry| &entry.value));
    }
    found
}

/// Finds the part that openapiv3 cannot read; the whole document if it is none of those tried here.
pub(crate) fn unreadable(root: &Node) -> String {
    fn fails<T: DeserializeOwned>(node: &Node) -> bool {
        serde_json::from_value::<T>(node.to_json()).is_err()
    }
    let operations = operations(root).into_iter();
    let bad = operations.filter(|at| fails::<openapiv3::Operation>(at.node)).map(|at| at.pointer).next();
    let components = root.get("components").map(Node::entries).unwrap_or_default().iter();
    let bad_component = components.flat_map(|section| {
        section.value.entries().iter().map(move |entry| (join("/components", &section.key), section, entry))
    });
    let mut bad_component = bad_component.filter_map(|(pointer, section, entry)| {
        let one = Value::Map(vec![Entry {
            value: Node { value: Value::Map(vec![entry.clone()]), span: entry.span },
            ..section.clone()
        }]);
        let one = Node { value: one, span: entry.span };
        fails::<openapiv3::Components>(&one).then(|| join(&pointer, &entry.key))
    });
    let top = root.entries().iter().map(|entry| join("", &entry.key));
    let mut bad_top = top.filter(|pointer| {
        root.follow(pointer).is_some_and(|node| match pointer.as_str() {
            "/info" => fails::<openapiv3::Info>(node),
            "/servers" => fails::<Vec<openapiv3::Server>>(node),
            "/tags" => fails::<Vec<openapiv3::Tag>>(node),
            "/paths" => fails::<openapiv3::Paths>(node),
            _ => false,
        })
    });
    bad.or_else(|| bad_component.next()).or_else(|| bad_top.next()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse::parse;

    const TEXT: &str = r##"
paths:
  /a:
    get: { operationId: get_a, responses: { "200": { $ref: "#/components/responses/A" } } }
    put: { responses: {} }
components:
  responses: { A: { content: { application/json: { schema: { $ref: "#/components/schemas/S" } } } } }
  schemas:
    S: { properties: { t: { $ref: "#/components/schemas/T" } } }
    T: { properties: { s: { $ref: "#/components/schemas/S" } } }
    U: {}
"##;

    #[test]
    fn a_pointer_belongs_to_an_operation_that_contains_or_uses_it() {
        let root = parse(TEXT).unwrap();
        let cases = [
            ("/paths/~1a/get/responses/200", Some("get_a")),
            ("/paths/~1a/put", Some("PUT /a")),
            ("/paths/~1a", None),
            ("/components/schemas/T/properties/s", Some("get_a")),
            ("/components/schemas/U", None),
            ("/components", None),
            ("", None),
        ];
        for (pointer, expected) in cases {
            assert_eq!(operation_of(&Usage::of(&root), pointer).as_deref(), expected, "{pointer}");
        }
    }
}
