//! Matching of operations: by id, then by path and method.

use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::Value;

use super::{
    Side,
    document::context,
    node::Node,
    rules::general,
    walk::{Use, Walk},
};
use crate::document::METHODS;

/// An operation with its path item.
#[derive(Clone, Debug)]
pub(super) struct Operation<'a> {
    pub(super) node: Node<'a>,
    /// The path item as written under `paths`.
    pub(super) entry: Node<'a>,
    /// The same with its reference followed.
    pub(super) item: Node<'a>,
    pub(super) path: &'a str,
    pub(super) method: &'a str,
    pub(super) id: Option<&'a str>,
    /// The position in the document.
    order: usize,
}

impl Operation<'_> {
    /// The name in the report.
    pub(super) fn name(&self) -> String {
        self.id.map_or_else(|| format!("{} {}", self.method.to_uppercase(), self.path), str::to_owned)
    }
}

/// The path with its parameters numbered, since their names are not sent.
pub(super) fn template(path: &str) -> String {
    let segments = path.split('/').map(|s| if s.starts_with('{') && s.ends_with('}') { "{}" } else { s });
    segments.collect::<Vec<_>>().join("/")
}

fn operations<'a>(document: &'a Value) -> Vec<Operation<'a>> {
    let paths = Node::root(document).child("paths").map(|paths| paths.members()).unwrap_or_default();
    let mut operations = Vec::new();
    for (path, entry) in paths.into_iter().filter(|(path, _)| path.starts_with('/')) {
        let item = entry.resolved(document);
        for (method, node) in item.members().into_iter().filter(|(method, _)| METHODS.contains(method)) {
            let (entry, item, id) = (entry.clone(), item.clone(), node.text("operationId"));
            let order = operations.len();
            operations.push(Operation { node, entry, item, path, method, id, order });
        }
    }
    operations
}

impl<'a> Walk<'a> {
    pub(super) fn operations(&mut self, base: &Node<'a>, head: &Node<'a>) {
        let (mut old, mut new) = (operations(self.base), operations(self.head));
        let mut pairs = Vec::new();
        // The operations of both sides with the same key, the first of each side first.
        let mut take = |key: &dyn Fn(&Operation<'a>) -> Option<(String, &'a str)>| {
            let mut by_key: HashMap<_, VecDeque<Operation<'a>>> = HashMap::new();
            let mut rest = Vec::new();
            for b in std::mem::take(&mut new) {
                match key(&b) {
                    Some(key) => by_key.entry(key).or_default().push_back(b),
                    None => rest.push(b),
                }
            }
            old.retain(|a| {
                let found = key(a).and_then(|key| by_key.get_mut(&key)).and_then(VecDeque::pop_front);
                let Some(b) = found else { return true };
                pairs.push((a.clone(), b));
                false
            });
            rest.extend(by_key.into_values().flatten());
            rest.sort_by_key(|operation| operation.order);
            new = rest;
        };
        let id = |operation: &Operation<'a>| operation.id.unwrap_or_default();
        take(&|o| Some((format!("{} {} {}", o.method, o.path, id(o)), "")));
        take(&|o| Some((o.id?.to_owned(), "")));
        take(&|o| Some((o.path.to_owned(), o.method)));
        take(&|o| Some((template(o.path), o.method)));

        let mut items = HashSet::new();
        for (a, b) in &pairs {
            self.moved(a, b);
            if items.insert((a.entry.at.clone(), b.entry.at.clone())) {
                self.item(a, b);
            }
            self.operation(a, b);
        }
        for operation in &new {
            let found = self.emit(general::OPERATION_ADDED, None, &operation.name(), None, Some(&operation.node));
            found.operations.push(operation.name());
            // Along with its path, if that is new.
            if base.child("paths").and_then(|paths| paths.child(operation.path)).is_none() {
                found.claim(Side::Head, &operation.entry.at);
            }
        }
        for operation in &old {
            let found = self.emit(general::OPERATION_REMOVED, None, &operation.name(), Some(&operation.node), None);
            found.operations.push(operation.name());
            if head.child("paths").and_then(|paths| paths.child(operation.path)).is_none() {
                found.claim(Side::Base, &operation.entry.at);
            }
        }
        if let (Some(a), Some(b)) = (base.child("paths"), head.child("paths")) {
            let paths: Vec<&str> =
                a.members().iter().chain(&b.members()).map(|(path, _)| *path).filter(|p| p.starts_with('/')).collect();
            self.rest(None, &a, &b, &paths);
        }
    }

    /// Reports another path, method or id.
    fn moved(&mut self, a: &Operation<'a>, b: &Operation<'a>) {
        let name = b.name();
        let context = context(&name, Use::Request);
        if a.path != b.path {
            let same = template(a.path) == template(b.path);
            let id = if same { general::PATH_PARAMETER_RENAMED } else { general::OPERATION_PATH_CHANGED };
            // At the path, so that several operations that move along with it are one change.
            let found = self.emit(id, Some(&context), b.path, Some(&a.entry), Some(&b.entry));
            found.values(Value::from(a.path), Value::from(b.path));
        }
        if a.method != b.method {
            let found =
                self.emit(general::OPERATION_METHOD_CHANGED, Some(&context), &name, Some(&a.node), Some(&b.node));
            found.values(Value::from(a.method.to_uppercase()), Value::from(b.method.to_uppercase()));
        }
        if a.id != b.id {
            let (old, new) = (a.node.child("operationId"), b.node.child("operationId"));
            self.emit(general::OPERATION_ID_CHANGED, Some(&context), &name, old.as_ref(), new.as_ref());
        }
    }

    /// Compares the path items, except their parameters, which belong to each operation.
    fn item(&mut self, a: &Operation<'a>, b: &Operation<'a>) {
        let context = context(&b.name(), Use::Request);
        let known: Vec<&str> = METHODS.into_iter().chain(["parameters", "servers", "$ref"]).collect();
        self.resolved(&context, &a.entry, &b.entry);
        self.servers(Some(&context), &a.item, &b.item);
        self.rest(Some(&context), &a.item, &b.item, &known);
    }
}
