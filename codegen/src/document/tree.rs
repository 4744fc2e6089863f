//! The document as a tree in which every key and every value has its position in the text.

use serde_json::Number;

use super::{
    pointer,
    span::{File, Span},
};

#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) value: Value,
    pub(crate) span: Span,
}

#[derive(Clone, Debug)]
pub(crate) enum Value {
    Null,
    Flag(bool),
    Number(Number),
    Text(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) span: Span,
    pub(crate) value: Node,
}

impl Node {
    /// The entries of a map; none for anything else.
    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The nodes of a list; none for anything else.
    pub(crate) fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text under a key.
    pub(crate) fn text_of(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    pub(crate) fn is_true(&self, key: &str) -> bool {
        matches!(self.get(key).map(|node| &node.value), Some(Value::Flag(true)))
    }

    /// Sets the value of a key.
    pub(crate) fn set(&mut self, key: &str, span: Span, value: Value) {
        let Value::Map(entries) = &mut self.value else { return };
        let value = Self { value, span };
        match entries.iter_mut().find(|entry| entry.key == key) {
            Some(entry) => entry.value = value,
            None => entries.push(Entry { key: key.to_owned(), span, value }),
        }
    }

    /// Removes a key and its value.
    pub(crate) fn take(&mut self, key: &str) -> Option<Entry> {
        let Value::Map(entries) = &mut self.value else { return None };
        let index = entries.iter().position(|entry| entry.key == key)?;
        Some(entries.remove(index))
    }

    /// The node that a JSON pointer leads to.
    pub(crate) fn follow(&self, path: &str) -> Option<&Self> {
        pointer::tokens(path).try_fold(self, |node, token| node.step(&token).map(|(_, node)| node))
    }

    /// Removes the part that a JSON pointer leads to, from the map or list that has it.
    pub(crate) fn remove(&mut self, path: &str) {
        if let Some((parent, _)) = path.rsplit_once('/')
            && let Some(key) = pointer::tokens(path).last()
            && let Some(parent) = self.follow_mut(parent)
        {
            match (&mut parent.value, key.parse::<usize>()) {
                (Value::List(items), Ok(index)) if index < items.len() => drop(items.remove(index)),
                _ => drop(parent.take(&key)),
            }
        }
    }

    /// The node that a JSON pointer leads to, for a change.
    pub(crate) fn follow_mut(&mut self, path: &str) -> Option<&mut Self> {
        pointer::tokens(path).try_fold(self, |node, token| match &mut node.value {
            Value::Map(entries) => entries.iter_mut().find(|entry| entry.key == token).map(|entry| &mut entry.value),
            Value::List(items) => items.get_mut(token.parse::<usize>().ok()?),
            _ => None,
        })
    }

    /// Follows references; `None` if one does not resolve, or if they form a cycle.
    pub(crate) fn resolve<'a>(&'a self, root: &'a Self) -> Option<&'a Self> {
        let mut node = self;
        for _ in 0..64 {
            match node.text_of("$ref") {
                None => return Some(node),
                Some(reference) => node = root.follow(reference.strip_prefix('#')?)?,
            }
        }
        None
    }

    /// Returns the position of the key that a JSON pointer ends with, or of the nearest existing one above it.
    pub(crate) fn span_of(&self, path: &str) -> Span {
        let mut node = self;
        let mut span = self.span;
        for token in pointer::tokens(path) {
            let Some((next_span, next)) = node.step(&token) else { break };
            (span, node) = (next_span, next);
        }
        span
    }

    /// The number of nodes.
    pub(crate) fn count(&self) -> usize {
        1 + self.children().map(Self::count).sum::<usize>()
    }

    /// Moves every position to another file.
    pub(crate) fn set_file(&mut self, file: File) {
        self.span = self.span.in_file(file);
        match &mut self.value {
            Value::List(items) => items.iter_mut().for_each(|item| item.set_file(file)),
            Value::Map(entries) => {
                for entry in entries {
                    entry.span = entry.span.in_file(file);
                    entry.value.set_file(file);
                }
            }
            _ => {}
        }
    }

    fn children(&self) -> impl Iterator<Item = &Self> {
        self.items().iter().chain(self.entries().iter().map(|entry| &entry.value))
    }

    /// The number of nested maps and lists.
    pub(crate) fn depth(&self) -> usize {
        match self.value {
            Value::List(_) | Value::Map(_) => 1 + self.children().map(Self::depth).max().unwrap_or(0),
            _ => 0,
        }
    }

    fn step(&self, token: &str) -> Option<(Span, &Self)> {
        match &self.value {
            Value::Map(entries) => {
                entries.iter().find(|entry| entry.key == token).map(|entry| (entry.span, &entry.value))
            }
            Value::List(items) => items.get(token.parse::<usize>().ok()?).map(|item| (item.span, item)),
            _ => None,
        }
    }

    /// The same data without positions. Parsing bounds the nesting, and so the recursion here.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        use serde_json::Value as Json;
        match &self.value {
            Value::Null => Json::Null,
            Value::Flag(flag) => Json::Bool(*flag),
            Value::Number(number) => Json::Number(number.clone()),
            Value::Text(text) => Json::String(text.clone()),
            Value::List(items) => Json::Array(items.iter().map(Self::to_json).collect()),
            Value::Map(entries) => {
                Json::Object(entries.iter().map(|entry| (entry.key.clone(), entry.value.to_json())).collect())
            }
        }
    }
}

impl Value {
    /// The name of the value's form in messages.
    pub(crate) fn form(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Flag(_) => "`true` or `false`",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::document::parse::parse;

    #[test]
    fn a_pointer_leads_to_the_key_or_to_the_nearest_one_above() {
        let tree = parse("a:\n  b/c:\n    - x: 1\n    - y: 2\n").unwrap();
        let cases = [
            ("", (1, 1)),
            ("/a", (1, 1)),
            ("/a/b~1c", (2, 3)),
            ("/a/b~1c/1", (4, 7)),
            ("/a/b~1c/1/y", (4, 7)),
            ("/a/b~1c/7/y", (2, 3)),
            ("/nope", (1, 1)),
        ];
        for (pointer, expected) in cases {
            let span = tree.span_of(pointer);
            assert_eq!((span.line, span.column), expected, "{pointer}");
        }
    }
}
