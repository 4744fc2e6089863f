//! References that lead nowhere: a comparison with such a document would call everything behind them unchanged.

use std::collections::{HashMap, hash_map::Entry};

use crate::document::{Diagnostic, Node, Value, pointer};

/// The keys below which a `$ref` is a value and not a reference.
const VALUES: &[&str] = &["example", "default", "enum", "const"];

/// Reports each target that does not exist, at the first reference to it. References to other documents are not followed.
pub(super) fn dangling(root: &Node, json: &serde_json::Value) -> Vec<Diagnostic> {
    let mut found = Dangling { json, seen: HashMap::new(), diagnostics: Vec::new() };
    found.walk(root, &mut Vec::new());
    for (index, further) in found.seen.values().filter_map(|places| *places) {
        if let Some(diagnostic) = found.diagnostics.get_mut(index).filter(|_| further > 0) {
            let places = if further == 1 { "place" } else { "places" };
            diagnostic.notes.push(format!("the same reference is in {further} further {places}"));
        }
    }
    found.diagnostics
}

struct Dangling<'a> {
    json: &'a serde_json::Value,
    /// For each target, none if it exists; else the index of its diagnostic, and the number of further references.
    seen: HashMap<&'a str, Option<(usize, usize)>>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Dangling<'a> {
    fn walk(&mut self, node: &'a Node, path: &mut Vec<&'a str>) {
        for item in node.items() {
            self.walk(item, path);
        }
        for entry in node.entries() {
            let (key, value) = (entry.key.as_str(), &entry.value);
            path.push(key);
            match &value.value {
                Value::Text(target) if key == "$ref" => self.reference(target, value, path),
                _ if VALUES.contains(&key) || key.starts_with("x-") => {}
                _ => self.walk(value, path),
            }
            path.pop();
        }
    }

    fn reference(&mut self, target: &'a str, node: &'a Node, path: &[&'a str]) {
        let Some(at) = target.strip_prefix('#').filter(|at| at.starts_with('/')) else { return };
        match self.seen.entry(target) {
            Entry::Occupied(mut known) => {
                if let Some((_, further)) = known.get_mut() {
                    *further += 1;
                }
            }
            Entry::Vacant(new) if self.json.pointer(at).is_some() => drop(new.insert(None)),
            Entry::Vacant(new) => {
                new.insert(Some((self.diagnostics.len(), 0)));
                let message = format!("the reference `{target}` does not resolve");
                let diagnostic = Diagnostic::at(node.span, message, "define its target, or correct the reference");
                self.diagnostics.push(Diagnostic { pointer: pointer(path), ..diagnostic });
            }
        }
    }
}
