//! Required credentials, and the schemes they use.

use std::collections::BTreeSet;

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
                ([a], [b]) if is_same_scheme(a.value, b.value) => self.scopes(context, &name, a, b),
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
        let keys: Vec<&str> = ["type", "scheme", "openIdConnectUrl"].into_iter().filter(|key| !is_same(key)).collect();
        for key in keys {
            self.emit(general::SECURITY_SCHEME_CHANGED, None, name, a.child(key).as_ref(), b.child(key).as_ref());
        }
        for key in ["in", "name"].into_iter().filter(|key| !is_same(key)) {
            self.emit(general::SECURITY_SCHEME_MOVED, None, name, a.child(key).as_ref(), b.child(key).as_ref());
        }
        self.key(general::TEXT_CHANGED, None, name, "bearerFormat", [a, b]);
        self.flows(name, a, b);
        self.rest(None, a, b, &["type", "scheme", "flows", "openIdConnectUrl", "bearerFormat", "in", "name"]);
    }

    /// Compares the scopes that a requirement lists for the same schemes.
    fn scopes(&mut self, context: Option<&Context>, name: &str, a: &Node<'a>, b: &Node<'a>) {
        for (scheme, new) in b.members() {
            let old = a.child(scheme).map(|old| old.elements()).unwrap_or_default();
            let new = new.elements();
            for scope in new.iter().filter(|scope| !old.iter().any(|other| other.value == scope.value)) {
                self.emit(general::SECURITY_SCOPE_REQUIRED, context, name, None, Some(scope));
            }
            for scope in old.iter().filter(|scope| !new.iter().any(|other| other.value == scope.value)) {
                self.emit(general::SECURITY_SCOPE_NO_LONGER_REQUIRED, context, name, Some(scope), None);
            }
        }
    }

    /// Compares the ways to request a token.
    fn flows(&mut self, name: &str, a: &Node<'a>, b: &Node<'a>) {
        let flows = |scheme: &Node<'a>| scheme.child("flows").map(|flows| flows.members()).unwrap_or_default();
        let (old, new) = (flows(a), flows(b));
        for (kind, b) in &new {
            let Some((_, a)) = old.iter().find(|(other, _)| other == kind) else {
                self.emit(general::OAUTH_FLOW_ADDED, None, name, None, Some(b));
                continue;
            };
            for url in ["authorizationUrl", "tokenUrl", "refreshUrl"] {
                self.key(general::OAUTH_URL_CHANGED, None, name, url, [a, b]);
            }
            let scopes = |flow: &Node<'a>| flow.child("scopes").map(|scopes| scopes.members()).unwrap_or_default();
            let (from, to) = (scopes(a), scopes(b));
            for (scope, b) in &to {
                match from.iter().find(|(other, _)| other == scope) {
                    None => drop(self.emit(general::OAUTH_SCOPE_ADDED, None, scope, None, Some(b))),
                    Some((_, a)) if a.value != b.value => {
                        self.emit(general::TEXT_CHANGED, None, scope, Some(a), Some(b));
                    }
                    Some(_) => {}
                }
            }
            for (scope, a) in from.iter().filter(|(scope, _)| !to.iter().any(|(other, _)| other == scope)) {
                self.emit(general::OAUTH_SCOPE_REMOVED, None, scope, Some(a), None);
            }
            self.rest(None, a, b, &["authorizationUrl", "tokenUrl", "refreshUrl", "scopes"]);
        }
        for (_, a) in old.iter().filter(|(kind, _)| !new.iter().any(|(other, _)| other == kind)) {
            self.emit(general::OAUTH_FLOW_REMOVED, None, name, Some(a), None);
        }
    }
}

/// Returns whether a credential is required: there are alternatives, and none of them is empty.
fn requires_credential(alternatives: &[Node<'_>]) -> bool {
    !alternatives.is_empty() && !alternatives.iter().any(|node| node.value.as_object().is_some_and(|o| o.is_empty()))
}

/// Returns whether two alternatives name the same schemes, so that only scopes differ.
fn is_same_scheme(a: &Value, b: &Value) -> bool {
    let keys = |value: &Value| value.as_object().map(|schemes| schemes.keys().cloned().collect::<BTreeSet<_>>());
    keys(a).is_some_and(|a| Some(a) == keys(b))
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
