//! The root of a document: info, servers, components.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{
    node::Node,
    rules::general,
    walk::{Context, Use, Walk},
};

impl<'a> Walk<'a> {
    /// Compares the two documents, from their roots.
    pub(super) fn document(&mut self) {
        let (base, head) = (Node::root(self.base), Node::root(self.head));
        for (key, id) in [("openapi", general::OPENAPI_VERSION_CHANGED), ("tags", general::TAGS_CHANGED)] {
            self.key(id, None, key, key, [&base, &head]);
        }
        self.info(&base, &head);
        self.servers(None, &base, &head);
        self.security(None, &base, &head);
        self.operations(&base, &head);
        self.webhooks(&base, &head);
        self.queued();
        self.components(&base, &head);
        let known = ["openapi", "info", "tags", "servers", "security", "paths", "webhooks", "components"];
        self.rest(None, &base, &head, &known);
    }

    fn info(&mut self, base: &Node<'a>, head: &Node<'a>) {
        const WORDS: [&str; 7] = ["title", "summary", "description", "termsOfService", "contact", "license", "version"];
        let (Some(old), Some(new)) = (base.child("info"), head.child("info")) else {
            return self.key(general::INFO_CHANGED, None, "info", "info", [base, head]);
        };
        for key in WORDS {
            self.key(general::INFO_CHANGED, None, key, key, [&old, &new]);
        }
        self.rest(None, &old, &new, &WORDS);
    }

    /// Compares the servers of the document, of a path or of an operation, by their URL.
    pub(super) fn servers(&mut self, context: Option<&Context>, base: &Node<'a>, head: &Node<'a>) {
        let before = self.found.len();
        let (of, to) = (base.child("servers"), head.child("servers"));
        if of.iter().chain(&to).any(|node| !node.value.is_array()) {
            return self.no_rule(context, of.as_ref(), to.as_ref());
        }
        let list = |node: &Option<Node<'a>>| node.as_ref().map(Node::elements).unwrap_or_default();
        let (old, new) = (list(&of), list(&to));
        let lone = |nodes: &[Node<'a>], others: &[Node<'a>]| -> Vec<Node<'a>> {
            nodes.iter().filter(|a| !others.iter().any(|b| a.text("url") == b.text("url"))).cloned().collect()
        };
        let (removed, added) = (lone(&old, &new), lone(&new, &old));
        if let ([a], [b]) = (removed.as_slice(), added.as_slice()) {
            self.server_pair(context, a, b);
        } else {
            let name = |node: &Node<'a>| node.text("url").unwrap_or_default();
            for node in &added {
                self.emit(general::SERVER_ADDED, context, name(node), None, Some(node));
            }
            for node in &removed {
                self.emit(general::SERVER_REMOVED, context, name(node), Some(node), None);
            }
        }
        for a in &old {
            if let Some(b) = new.iter().find(|b| a.text("url") == b.text("url")) {
                self.rest(context, a, b, &["url"]);
            }
        }
        self.list(before, context, "servers", of, to);
    }

    fn server_pair(&mut self, context: Option<&Context>, a: &Node<'a>, b: &Node<'a>) {
        let (old, new) = (a.child("url"), b.child("url"));
        self.emit(general::SERVER_URL_CHANGED, context, b.text("url").unwrap_or_default(), old.as_ref(), new.as_ref());
        self.rest(context, a, b, &["url"]);
    }

    /// Compares the names of the components. A change within one is reported where it is used.
    fn components(&mut self, base: &Node<'a>, head: &Node<'a>) {
        let sections = |node: &Node<'a>| node.child("components").map(|c| c.members()).unwrap_or_default();
        let (old, new) = (sections(base), sections(head));
        let mut names: Vec<&str> = old.iter().chain(&new).map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        for section in names {
            let members = |sections: &[(&str, Node<'a>)]| -> Vec<(&'a str, Node<'a>)> {
                let section = sections.iter().find(|(name, _)| *name == section);
                section.map(|(_, node)| node.members()).unwrap_or_default()
            };
            self.section(section, members(&old), members(&new));
        }
    }

    fn section(&mut self, section: &str, old: Vec<(&'a str, Node<'a>)>, new: Vec<(&'a str, Node<'a>)>) {
        let lone = |nodes: &[(&'a str, Node<'a>)], others: &[(&str, Node<'a>)]| -> Vec<(&'a str, Node<'a>)> {
            let others: HashSet<&str> = others.iter().map(|(name, _)| *name).collect();
            nodes.iter().filter(|(name, _)| !others.contains(name)).cloned().collect()
        };
        let (mut removed, mut added) = (lone(&old, &new), lone(&new, &old));
        let mut alike: HashMap<String, Vec<&(&'a str, Node<'a>)>> = HashMap::new();
        for component in &added {
            alike.entry(component.1.value.to_string()).or_default().push(component);
        }
        let mut renamed = HashSet::new();
        removed.retain(|(from, a)| {
            let alike = alike.get(&a.value.to_string()).map(Vec::as_slice);
            let Some([(to, b)]) = alike else { return true };
            if !renamed.insert(*to) {
                return true;
            }
            let found = self.emit(general::COMPONENT_RENAMED, None, to, Some(a), Some(b));
            found.values(Value::from(*from), Value::from(*to));
            false
        });
        added.retain(|(name, _)| !renamed.contains(name));
        let (came, went) = match section {
            "schemas" => (general::COMPONENT_SCHEMA_ADDED, general::COMPONENT_SCHEMA_REMOVED),
            "securitySchemes" => (general::SECURITY_SCHEME_ADDED, general::SECURITY_SCHEME_REMOVED),
            _ => (general::COMPONENT_ADDED, general::COMPONENT_REMOVED),
        };
        for (name, node) in &added {
            self.emit(came, None, name, None, Some(node));
        }
        for (name, node) in &removed {
            self.emit(went, None, name, Some(node), None);
        }
        if section == "securitySchemes" {
            for (name, a) in &old {
                if let Some((_, b)) = new.iter().find(|(other, _)| other == name) {
                    self.security_scheme(name, a, b);
                }
            }
        }
    }
}

/// Returns the context of an operation.
pub(super) fn context(operation: &str, usage: Use) -> Context {
    Context { operation: operation.to_owned(), usage, pair: None, name: operation.to_owned() }
}
