//! From a JSON pointer to the operation that it belongs to, and to the smallest part that openapiv3 cannot read.

use std::collections::{HashSet, VecDeque};

use serde::de::DeserializeOwned;

use super::{
    pointer::{join, tokens},
    tree::{Node, Value},
};

/// The methods that a path may have.
pub(crate) const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// One operation of the document, by the place where it stands.
pub(crate) struct At<'a> {
    pub(crate) pointer: String,
    pub(crate) path: &'a str,
    pub(crate) method: &'a str,
    pub(crate) item: &'a Node,
    pub(crate) node: &'a Node,
}

/// Every operation, in the order of the document.
pub(crate) fn operations(root: &Node) -> Vec<At<'_>> {
    let paths = root.get("paths").map(Node::entries).unwrap_or_default();
    let paths = paths.iter().filter(|path| !path.key.starts_with("x-"));
    let operations = paths.flat_map(|path| {
        let methods = path.value.entries().iter().filter(|entry| METHODS.contains(&&*entry.key));
        methods.map(|entry| At {
            pointer: join(&join("/paths", &path.key), &entry.key),
            path: &path.key,
            method: &entry.key,
            item: &path.value,
            node: &entry.value,
        })
    });
    operations.collect()
}

impl At<'_> {
    /// What messages call it.
    pub(crate) fn name(&self) -> String {
        let id = self.node.text_of("operationId").filter(|id| !id.is_empty());
        id.map_or_else(|| format!("{} {}", self.method.to_uppercase(), self.path), str::to_owned)
    }
}

/// The operation that a pointer leads into, or the first one that uses the part of the components that it leads to.
pub(crate) fn operation_of(root: &Node, pointer: &str) -> Option<String> {
    let operations = operations(root);
    let below = |part: &str| pointer == part || pointer.starts_with(&format!("{part}/"));
    if let Some(at) = operations.iter().find(|at| below(&at.pointer)) {
        return Some(at.name());
    }
    let mut path = tokens(pointer);
    let (Some("components"), Some(section), Some(name)) = (path.next().as_deref(), path.next(), path.next()) else {
        return None;
    };
    let wanted = format!("#{}", join(&join("/components", &section), &name));
    operations.iter().find(|at| uses(root, at, &wanted)).map(At::name)
}

/// Whether an operation refers to a part of the components, directly or by way of others.
fn uses(root: &Node, at: &At<'_>, wanted: &str) -> bool {
    let mut seen = HashSet::new();
    let mut open = VecDeque::from([at.node]);
    open.extend(at.item.get("parameters"));
    while let Some(node) = open.pop_front() {
        for reference in references(node) {
            if reference == wanted {
                return true;
            }
            if let Some(pointer) = reference.strip_prefix('#')
                && seen.insert(reference)
            {
                open.extend(root.follow(pointer));
            }
        }
    }
    false
}

/// Every `$ref` in a part of the document.
fn references(node: &Node) -> Vec<&str> {
    let mut found = Vec::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        found.extend(node.text_of("$ref"));
        open.extend(node.items());
        open.extend(node.entries().iter().map(|entry| &entry.value));
    }
    found
}

/// The smallest part that openapiv3 cannot read, as far as it is told apart here.
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
        let one = Value::Map(vec![super::tree::Entry {
            value: Node { value: Value::Map(vec![entry.clone()]), place: entry.place },
            ..section.clone()
        }]);
        let one = Node { value: one, place: entry.place };
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
    use crate::source::parse::parse;

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
    fn a_pointer_belongs_to_the_operation_around_it_or_to_one_that_uses_it() {
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
            assert_eq!(operation_of(&root, pointer).as_deref(), expected, "{pointer}");
        }
    }
}
