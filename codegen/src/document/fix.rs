//! A change of the tree by which a mistake is read as it was meant.

use serde_json::Value as Json;

use super::{
    pointer::{parent, tokens},
    span::Span,
    tree::{Entry, Node, Value},
};

/// A change of the document for one problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fix {
    /// The meaning that the document has then, as a phrase.
    pub(crate) meaning: String,
    edits: Vec<(String, Edit)>,
    /// A schema of the components, and its other name.
    renamed: Option<(String, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Edit {
    Remove,
    Set(Json),
    /// Adds an item to a list, which is created if it does not exist.
    Push(Json),
}

impl Fix {
    /// Creates a fix that changes nothing yet. For a tree that is changed already, it only says how.
    pub(crate) fn new(meaning: impl Into<String>) -> Self {
        Self { meaning: meaning.into(), edits: Vec::new(), renamed: None }
    }

    /// Creates a fix that removes a part, which has no effect then.
    pub(crate) fn ignore(pointer: &str) -> Self {
        Self::new("ignored").remove(pointer)
    }

    /// Creates a fix for a schema that cannot be expressed: it accepts any value then.
    pub(crate) fn any_value(pointer: &str) -> Self {
        Self::new("any JSON value").set(pointer, serde_json::json!({}))
    }

    pub(crate) fn remove(self, pointer: &str) -> Self {
        self.and(pointer, Edit::Remove)
    }

    pub(crate) fn set(self, pointer: &str, value: Json) -> Self {
        self.and(pointer, Edit::Set(value))
    }

    pub(crate) fn push(self, pointer: &str, value: Json) -> Self {
        self.and(pointer, Edit::Push(value))
    }

    pub(crate) fn rename_schema(self, name: &str, new: &str) -> Self {
        Self { renamed: Some((name.to_owned(), new.to_owned())), ..self }
    }

    fn and(mut self, pointer: &str, edit: Edit) -> Self {
        self.edits.push((pointer.to_owned(), edit));
        self
    }
}

/// Applies fixes in one go. A part that another fix has removed is skipped.
pub(super) fn apply<'a>(root: &mut Node, fixes: impl Iterator<Item = &'a Fix> + Clone) {
    let mut removed_items = Vec::new();
    for (pointer, edit) in fixes.clone().flat_map(|fix| &fix.edits) {
        let Some(key) = tokens(pointer).last() else { continue };
        let Some(owner) = root.follow_mut(parent(pointer)) else { continue };
        match (&mut owner.value, edit) {
            (Value::Map(_), Edit::Remove) => drop(owner.take(&key)),
            (Value::List(_), Edit::Remove) => removed_items.push(pointer),
            (Value::Map(_), Edit::Set(json)) => owner.set(&key, owner.span, node(json, owner.span).value),
            (Value::List(items), Edit::Set(json)) => {
                let item = key.parse().ok().and_then(|index: usize| items.get_mut(index));
                item.into_iter().for_each(|item| item.value = node(json, item.span).value);
            }
            (Value::Map(_), Edit::Push(json)) => push(owner, &key, json),
            _ => {}
        }
    }
    // From the end, so that the indices of the others stay right.
    removed_items.sort_by_key(|pointer| std::cmp::Reverse(index(pointer)));
    removed_items.dedup();
    for pointer in removed_items {
        if let (Some(Value::List(items)), Some(index)) =
            (root.follow_mut(parent(pointer)).map(|owner| &mut owner.value), index(pointer))
            && index < items.len()
        {
            items.remove(index);
        }
    }
    // At the end, since the pointers of the others have the former names.
    root.rename_schemas(&fixes.filter_map(|fix| fix.renamed.clone()).collect());
}

fn index(pointer: &str) -> Option<usize> {
    tokens(pointer).last()?.parse().ok()
}

fn push(owner: &mut Node, key: &str, json: &Json) {
    if !owner.has(key) {
        owner.set(key, owner.span, Value::List(Vec::new()));
    }
    let span = owner.span;
    if let Value::Map(entries) = &mut owner.value
        && let Some(Entry { value: Node { value: Value::List(items), .. }, .. }) =
            entries.iter_mut().find(|entry| entry.key == key)
    {
        items.push(node(json, span));
    }
}

/// The same data, all of it at one position.
fn node(json: &Json, span: Span) -> Node {
    let value = match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Flag(*flag),
        Json::Number(number) => Value::Number(number.clone()),
        Json::String(text) => Value::Text(text.clone()),
        Json::Array(items) => Value::List(items.iter().map(|item| node(item, span)).collect()),
        Json::Object(fields) => {
            let entries = fields.iter().map(|(key, value)| Entry { key: key.clone(), span, value: node(value, span) });
            Value::Map(entries.collect())
        }
    };
    Node { value, span }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::document::parse::parse;

    #[test]
    fn several_fixes_of_one_list_hit_the_items_that_they_name() {
        let mut root = parse("a: [0, 1, 2, 3]\nb: { c: 1, d: 2 }\n").unwrap();
        let fixes = [
            Fix::ignore("/a/1"),
            Fix::ignore("/a/0"),
            Fix::ignore("/a/1"),
            Fix::new("").set("/a/3", json!("x")).remove("/b/c").push("/b/e", json!({ "f": 1 })),
            Fix::new("").push("/b/e", json!(2)).set("/nope/x", json!(1)).remove("/b/nope").remove(""),
        ];
        apply(&mut root, fixes.iter());
        assert_eq!(root.to_json(), json!({ "a": [2, "x"], "b": { "d": 2, "e": [{ "f": 1 }, 2] } }));
    }
}
