//! A value and its place in the text: reading one document, JSON pointers, and references.

use serde_json::Value;

use super::{DiffError, Side};

/// What an absent schema means: anything goes.
static ANY: Value = Value::Bool(true);

/// Longer chains of references than this are taken for cycles.
const MAX_HOPS: usize = 32;

/// Reads one document. Plain values, not `openapiv3` types, so that nothing of the text is left out.
pub(super) fn read(text: &str, side: Side) -> Result<Value, DiffError> {
    let value = crate::source::plain(text).map_err(|error| {
        let problem = error.problems().first();
        let (line, column) = problem.map_or((0, 0), |problem| (problem.line as u64, problem.column as u64));
        let message = problem.map_or_else(String::new, |problem| format!("{}: {}", problem.what, problem.help));
        DiffError::Syntax { side, line, column, message }
    })?;
    let found = match &value {
        Value::Object(_) => return Ok(value),
        Value::Null => "empty",
        Value::Array(_) => "a list",
        Value::Bool(_) | Value::Number(_) | Value::String(_) => "a single value",
    };
    let (line, column) = first_mark(text);
    Err(DiffError::NotAMapping { side, line, column, found })
}

/// Line and column of the first character that is neither blank nor of a comment.
fn first_mark(text: &str) -> (u64, u64) {
    for (line, text) in (1..).zip(text.lines()) {
        let blank = text.chars().take_while(|c| c.is_whitespace()).count() as u64;
        if text.trim_start().starts_with(|c| c != '#') {
            return (line, blank + 1);
        }
    }
    (1, 1)
}

/// The pointer to a member of what `parent` points to.
pub(super) fn join(parent: &str, token: &str) -> String {
    format!("{parent}/{}", token.replace('~', "~0").replace('/', "~1"))
}

/// Whether `pointer` leads to `ancestor` or to something in it.
pub(super) fn is_within(pointer: &str, ancestor: &str) -> bool {
    pointer.strip_prefix(ancestor).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// A value of one of the documents, with the pointer to its real place in that document's text.
#[derive(Clone, Debug)]
pub(super) struct Node<'a> {
    pub(super) value: &'a Value,
    pub(super) at: String,
    /// False for the stand-in of a schema that is not there.
    pub(super) present: bool,
}

impl<'a> Node<'a> {
    pub(super) fn root(value: &'a Value) -> Self {
        Self { value, at: String::new(), present: true }
    }

    pub(super) fn child(&self, key: &str) -> Option<Self> {
        Some(Self { value: self.value.as_object()?.get(key)?, at: join(&self.at, key), present: true })
    }

    /// The schema under this key; where there is none, the one that allows everything.
    pub(super) fn schema(&self, key: &str) -> Self {
        self.child(key).unwrap_or_else(|| Self { value: &ANY, at: join(&self.at, key), present: false })
    }

    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key)?.as_str()
    }

    pub(super) fn flag(&self, key: &str) -> bool {
        self.value.get(key).and_then(Value::as_bool).unwrap_or(false)
    }

    /// The members of a mapping; none for anything else.
    pub(super) fn members(&self) -> Vec<(&'a str, Self)> {
        let members = self.value.as_object().into_iter().flatten();
        members.map(|(key, value)| (key.as_str(), Self { value, at: join(&self.at, key), present: true })).collect()
    }

    /// The elements of a list; none for anything else.
    pub(super) fn elements(&self) -> Vec<Self> {
        let elements = self.value.as_array().into_iter().flatten().enumerate();
        elements.map(|(i, value)| Self { value, at: join(&self.at, &i.to_string()), present: true }).collect()
    }

    /// Follows references within the document. One that leads nowhere, out of it or in a circle is left as it is.
    pub(super) fn resolved(&self, document: &'a Value) -> Self {
        let mut node = self.clone();
        for _ in 0..MAX_HOPS {
            let Some(target) = node.text("$ref") else { return node };
            let Some(pointer) = target.strip_prefix('#') else { return self.clone() };
            let Some(value) = document.pointer(pointer) else { return self.clone() };
            // In its canonical spelling, so that pointers can be compared as text.
            let tokens = pointer.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~"));
            let at = tokens.fold(String::new(), |at, token| join(&at, &token));
            node = Self { value, at, present: true };
        }
        self.clone()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn faults_name_side_line_and_column() {
        let cases = [
            ("a: 1\nb: [", "the base document is not YAML or JSON (line 2"),
            ("# nothing\n\n  - 1", "the base document is a list at its root (line 3, column 3)"),
            ("", "the base document is not YAML or JSON (line 1, column 1): the document is empty"),
            ("text", "the base document is a single value at its root (line 1, column 1)"),
        ];
        for (text, expected) in cases {
            let message = read(text, Side::Base).unwrap_err().to_string();
            assert!(message.starts_with(expected), "{text:?}: {message}");
        }
    }

    #[test]
    fn references_are_followed_and_circles_are_left() {
        let document = json!({"a": {"$ref": "#/b"}, "b": {"$ref": "#/c~1d"}, "c/d": {"type": "string"},
            "x": {"$ref": "#/y"}, "y": {"$ref": "#/x"}, "out": {"$ref": "other.yaml#/a"}});
        let root = Node::root(&document);
        let place = |key| root.child(key).unwrap().resolved(&document).at;
        assert_eq!([place("a"), place("x"), place("out")], ["/c~1d", "/x", "/out"]);
    }

    #[test]
    fn a_pointer_is_within_its_ancestors_only() {
        assert!(is_within("/a/b", "/a") && is_within("/a", "/a") && is_within("/a", ""));
        assert!(!is_within("/ab", "/a"));
    }
}
