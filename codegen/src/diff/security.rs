//! Required credentials, and the schemes they use.

use serde_json::{Value, json};

use super::{
    node::Node,
    rules::general,
    walk::{Context, Walk},
};

impl<'a> Walk<'a> {
    /// Compares the requirements of the document, or those of an operation that has its own.
    pub(super) fn security(&mut self, context: Option<&Context>, base: &Node<'a>, head: &Node<'a>) {
        let own = |node: &Node<'a>| node.child("security");
        let (mut of, mut to) = (own(base), own(head));
        if of.is_none() && to.is_none() {
            return;
        }
        // An operation without its own has that of the document.
        of = of.or_else(|| own(&Node::root(self.base)));
        to = to.or_else(|| own(&Node::root(self.head)));
        if of.iter().chain(&to).any(|node| !node.value.is_array()) {
            return self.no_rule(context, own(base).as_ref(), own(head).as_ref());
        }
        let before = self.found.len();
        let name = context.map_or("every operation", |context| &context.operation).to_owned();
        let list = |node: &Option<Node<'a>>| node.as_ref().map(Node::elements).unwrap_or_default();
        let (old, new) = (list(&of), list(&to));
        let (was_required, is_required) = (requires_credential(&old), requires_credential(&new));
        let lone = |nodes: &[Node<'a>], document: &Value, others: &[Node<'a>], other: &Value| -> Vec<Node<'a>> {
            // A change of a scheme itself is reported at the scheme.
            let is_same =
                |a: &Node<'a>, b: &Node<'a>| a.value == b.value || kinds(a.value, document) == kinds(b.value, other);
            let is_lone = |a: &&Node<'a>| !others.iter().any(|b| is_same(a, b));
            nodes.iter().filter(is_lone).cloned().collect()
        };
        let (removed, added) = (lone(&old, self.base, &new, self.head), lone(&new, self.head, &old, self.base));
        match (was_required, is_required) {
            (false, true) => {
                self.emit(general::SECURITY_BECAME_REQUIRED, context, &name, of.as_ref(), to.as_ref());
            }
            (true, false) => {
                self.emit(general::SECURITY_NO_LONGER_REQUIRED, context, &name, of.as_ref(), to.as_ref());
            }
            _ => match (removed.as_slice(), added.as_slice()) {
                ([a], [b]) => {
                    self.emit(general::SECURITY_CHANGED, context, &name, Some(a), Some(b));
                }
                (removed, added) => {
                    for node in added {
                        self.emit(general::SECURITY_ALTERNATIVE_ADDED, context, &name, None, Some(node));
                    }
                    for node in removed {
                        self.emit(general::SECURITY_ALTERNATIVE_REMOVED, context, &name, Some(node), None);
                    }
                }
            },
        }
        self.list(before, context, "security", of, to);
    }

    pub(super) fn security_scheme(&mut self, name: &str, a: &Node<'a>, b: &Node<'a>) {
        let is_same = |key: &str| a.value.get(key) == b.value.get(key);
        let keys: Vec<&str> = ["type", "scheme", "flows", "openIdConnectUrl", "bearerFormat"]
            .into_iter()
            .filter(|key| !is_same(key))
            .collect();
        for key in keys {
            self.emit(general::SECURITY_SCHEME_CHANGED, None, name, a.child(key).as_ref(), b.child(key).as_ref());
        }
        for key in ["in", "name"].into_iter().filter(|key| !is_same(key)) {
            self.emit(general::SECURITY_SCHEME_MOVED, None, name, a.child(key).as_ref(), b.child(key).as_ref());
        }
        self.rest(None, a, b, &["type", "scheme", "flows", "openIdConnectUrl", "bearerFormat", "in", "name"]);
    }
}

/// Returns whether a credential is required: there are alternatives, and none of them is empty.
fn requires_credential(alternatives: &[Node<'_>]) -> bool {
    !alternatives.is_empty() && !alternatives.iter().any(|node| node.value.as_object().is_some_and(|o| o.is_empty()))
}

/// Replaces the names of the schemes of an alternative, which are not sent, by their kinds.
fn kinds(alternative: &Value, document: &Value) -> Value {
    let Some(alternative) = alternative.as_object() else { return alternative.clone() };
    let schemes = document.pointer("/components/securitySchemes");
    let mut kinds: Vec<String> = alternative
        .iter()
        .map(|(name, scopes)| {
            let kind = schemes
                .and_then(|schemes| schemes.get(name))
                .map(|scheme| ["type", "scheme", "in", "name"].map(|key| scheme.get(key).cloned().unwrap_or_default()));
            json!([kind, scopes]).to_string()
        })
        .collect();
    kinds.sort();
    json!(kinds)
}
