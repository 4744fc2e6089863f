//! The settings applied to a document: other names, hand-written types, and the choice of operations.

use std::collections::{HashMap, HashSet};

use super::{SettingsFile, Word, file::Mapping};
use crate::document::{Diagnostic, Draft, Error, Node, OperationName, Value, pointer, suggest::suggest};

const SCHEMAS: &str = "/components/schemas";

impl SettingsFile {
    /// Applies everything but `needs`.
    ///
    /// # Errors
    ///
    /// Every name that the document does not have, with its position in the settings.
    pub(crate) fn apply(&self, draft: &mut Draft) -> Result<(), Error> {
        let mut diagnostics = Vec::new();
        rename_schemas(draft.root_mut(), &self.schema_names, &mut diagnostics);
        for mapping in &self.types {
            diagnostics.extend(map_type(draft.root_mut(), mapping));
        }
        let named: Vec<_> = self.operation_names.iter().map(|(id, name)| (find(draft, id), name)).collect();
        for (found, name) in named {
            match found {
                Ok(index) => draft.rename(index, name),
                Err(diagnostic) => diagnostics.push(diagnostic),
            }
        }
        if self.selects() {
            self.select(draft, &mut diagnostics);
        }
        if diagnostics.is_empty() { Ok(()) } else { Err(Error::new(diagnostics)) }
    }

    fn select(&self, draft: &mut Draft, diagnostics: &mut Vec<Diagnostic>) {
        let operations: Vec<_> = draft.operations().cloned().collect();
        let mut kept = HashSet::new();
        for word in &self.operations {
            match find(draft, word) {
                Ok(index) => kept.extend(operations.get(index).map(|operation| operation.pointer.clone())),
                Err(diagnostic) => diagnostics.push(diagnostic),
            }
        }
        let tags = |operation: &OperationName| {
            let tags = draft.root().follow(&operation.pointer).and_then(|operation| operation.get("tags"));
            tags.map(Node::items).unwrap_or_default().iter().filter_map(Node::text)
        };
        for word in &self.tags {
            let tagged = operations.iter().filter(|operation| tags(operation).any(|tag| tag == word.text));
            let tagged: Vec<_> = tagged.map(|operation| operation.pointer.clone()).collect();
            if tagged.is_empty() {
                let known: HashSet<&str> = operations.iter().flat_map(tags).collect();
                diagnostics.push(unknown(word, "no operation has the tag", known.into_iter()));
            }
            kept.extend(tagged);
        }
        if diagnostics.is_empty() {
            draft.keep(&kept);
        }
    }
}

fn unknown<'a>(Word { text, span }: &Word, problem: &str, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    let mut known: Vec<_> = known.collect();
    known.sort_unstable();
    Diagnostic::at(*span, format!("{problem} `{text}`"), suggest(text, known.into_iter()))
}

/// Finds an operation by its id, or by method and path.
fn find(draft: &Draft, word: &Word) -> Result<usize, Diagnostic> {
    let is_named =
        |operation: &OperationName| operation.id.as_ref() == Some(&word.text) || operation.request == word.text;
    draft.operations().position(is_named).ok_or_else(|| {
        let known = draft.operations().map(|operation| operation.id.as_ref().unwrap_or(&operation.request).as_str());
        unknown(word, "the document has no operation", known)
    })
}

fn rename_schemas(root: &mut Node, names: &[(Word, Word)], diagnostics: &mut Vec<Diagnostic>) {
    let mut renamed = HashMap::new();
    for (old, new) in names {
        let entries = root.follow(SCHEMAS).map(Node::entries).unwrap_or_default();
        if entries.iter().any(|entry| entry.key == new.text) {
            let message = format!("the document has a schema `{}` already", new.text);
            diagnostics.push(Diagnostic::at(new.span, message, "choose another name"));
        } else if entries.iter().any(|entry| entry.key == old.text) {
            renamed.insert(old.text.clone(), new.text.clone());
        } else {
            let known = entries.iter().map(|entry| entry.key.as_str());
            diagnostics.push(unknown(old, "the document has no schema", known));
        }
    }
    root.rename_schemas(&renamed);
}

/// Marks a property as one that is given as a hand-written type.
fn map_type(root: &mut Node, Mapping { schema, property, ty }: &Mapping) -> Option<Diagnostic> {
    let Some(found) = root.follow(&pointer(&["components", "schemas", &schema.text])) else {
        let schemas = root.follow(SCHEMAS).map(Node::entries).unwrap_or_default();
        return Some(unknown(schema, "the document has no schema", schemas.iter().map(|entry| entry.key.as_str())));
    };
    let properties = found.get("properties").map(Node::entries).unwrap_or_default();
    let Some(found) = properties.iter().find(|entry| entry.key == property.text) else {
        let problem = format!("`{}` has no property", schema.text);
        return Some(unknown(property, &problem, properties.iter().map(|entry| entry.key.as_str())));
    };
    if found.value.has("$ref") {
        let message = format!("the schema of `{}` is a reference", property.text);
        return Some(Diagnostic::at(
            property.span,
            message,
            "only a property with a schema of its own has another type",
        ));
    }
    let path = pointer(&["components", "schemas", &schema.text, "properties", &property.text]);
    if let Some(found) = root.follow_mut(&path) {
        found.set("x-hand-written", ty.span, Value::Text(ty.text.clone()));
    }
    None
}
