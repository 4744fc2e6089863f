//! Matching of operations: by id, then by path and method.

use std::collections::HashSet;

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
            operations.push(Operation { node, entry, item, path, method, id });
        }
    }
    operations
}

impl<'a> Walk<'a> {
    pub(super) fn operations(&mut self, base: &Node<'a>, head: &Node<'a>) {
        let (mut old, mut new) = (operations(self.base), operations(self.head));
        let mut pairs = Vec::new();
        let mut take = |is_same: &dyn Fn(&Operation<'_>, &Operation<'_>) -> bool| {
            old.retain(|a| {
                let Some(found) = new.iter().position(|b| is_same(a, b)) else { return true };
                pairs.push((a.clone(), new.remove(found)));
                false
            });
        };
        let same_place = |a: &Operation<'_>, b: &Operation<'_>| a.path == b.path && a.method == b.method;
        take(&|a, b| a.id == b.id && same_place(a, b));
        take(&|a, b| a.id.is_some() && a.id == b.id);
        take(&same_place);
        take(&|a, b| template(a.path) == template(b.path) && a.method == b.method);

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
