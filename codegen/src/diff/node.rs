//! A value with its JSON pointer: reading one document, and following references.

use serde_json::Value;

use super::{DiffError, Side, dangling::dangling};
use crate::{
    Input,
    document::{self, Diagnostic, Error, canonical, join},
};

/// The meaning of an absent schema: anything is allowed.
static ANY: Value = Value::Bool(true);

/// Longer chains of references than this are taken for cycles.
const MAX_HOPS: usize = 32;

/// Reads one document as plain values, not as types of OpenAPI, so that no part of the text is lost.
pub(super) fn read(input: &Input<'_>, side: Side) -> Result<Value, DiffError> {
    let root = document::read(input).map_err(|source| DiffError { side, source })?;
    if !matches!(root.value, document::Value::Map(_)) {
        let message = format!("the root is {}, not a map", root.value.form());
        let source = Diagnostic::at(root.span, message, "compare OpenAPI documents").into();
        return Err(DiffError { side, source });
    }
    let json = root.to_json();
    let diagnostics = dangling(&root, &json);
    if diagnostics.is_empty() { Ok(json) } else { Err(DiffError { side, source: Error::new(diagnostics) }) }
}

/// Returns whether two parts have different values, or only one of them exists.
pub(super) fn differ(a: Option<&Node<'_>>, b: Option<&Node<'_>>) -> bool {
    a.map(|node| node.value) != b.map(|node| node.value)
}

/// A value of one of the documents, with the pointer at which that document has it.
#[derive(Clone, Debug)]
pub(super) struct Node<'a> {
    pub(super) value: &'a Value,
    pub(super) at: String,
    /// False for a schema that is absent.
    pub(super) present: bool,
    /// Further schemas that the same values must match: see `merged`.
    pub(super) parts: Vec<Node<'a>>,
    /// The keys whose content is in `parts`.
    pub(super) merged: Vec<&'static str>,
}

impl<'a> Node<'a> {
    pub(super) fn new(value: &'a Value, at: String) -> Self {
        Self { value, at, present: true, parts: Vec::new(), merged: Vec::new() }
    }

    pub(super) fn root(value: &'a Value) -> Self {
        Self::new(value, String::new())
    }

    pub(super) fn child(&self, key: &str) -> Option<Self> {
        let own = || Some(Self::new(self.value.as_object()?.get(key)?, join(&self.at, key)));
        let own = if self.merged.contains(&key) { None } else { own() };
        own.or_else(|| self.parts.iter().find_map(|part| part.child(key)))
    }

    /// The values of this key in all parts.
    pub(super) fn children(&self, key: &str) -> Vec<Self> {
        let lone = Self { parts: Vec::new(), merged: self.merged.clone(), ..self.clone() };
        lone.child(key).into_iter().chain(self.parts.iter().flat_map(|part| part.children(key))).collect()
    }

    /// The schema under this key; where there is none, the one that allows everything.
    pub(super) fn schema(&self, key: &str) -> Self {
        self.child(key).unwrap_or_else(|| Self { present: false, ..Self::new(&ANY, join(&self.at, key)) })
    }

    /// The schemas under this key in all parts, as one schema.
    pub(super) fn united(&self, key: &str) -> Self {
        let mut children = self.children(key).into_iter();
        let first = children.next();
        first.map_or_else(|| self.schema(key), |first| Self { parts: children.collect(), ..first })
    }

    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.child(key)?.value.as_str()
    }

    pub(super) fn flag(&self, key: &str) -> bool {
        self.child(key).and_then(|node| node.value.as_bool()).unwrap_or(false)
    }

    /// The members of a mapping, without those that are merged; none for anything else.
    pub(super) fn members(&self) -> Vec<(&'a str, Self)> {
        let members = self.value.as_object().into_iter().flatten();
        let members = members.filter(|(key, _)| !self.merged.contains(&key.as_str()));
        members.map(|(key, value)| (key.as_str(), Self::new(value, join(&self.at, key)))).collect()
    }

    /// The elements of a list; none for anything else.
    pub(super) fn elements(&self) -> Vec<Self> {
        let elements = self.value.as_array().into_iter().flatten().enumerate();
        elements.map(|(i, value)| Self::new(value, join(&self.at, &i.to_string()))).collect()
    }

    /// Follows references within the document. One that leads out of it or in a circle is left as it is.
    pub(super) fn resolved(&self, document: &'a Value) -> Self {
        let mut node = self.clone();
        for _ in 0..MAX_HOPS {
            let Some(target) = node.text("$ref") else { return node };
            let Some(pointer) = target.strip_prefix('#') else { return self.clone() };
            let Some(value) = document.pointer(pointer) else { return self.clone() };
            node = Self::new(value, canonical(pointer));
        }
        self.clone()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn errors_have_side_line_and_column() {
        let cases = [
            ("a: 1\nb: [", (2, 4), "the text is neither YAML nor JSON"),
            ("# nothing\n\n  - 1", (3, 3), "the root is a list, not a map"),
            ("", (1, 1), "the text is empty"),
            ("text", (1, 1), "the root is text, not a map"),
        ];
        for (text, position, expected) in cases {
            let error = read(&Input::new("a.yaml", text), Side::Base).unwrap_err();
            let [diagnostic] = error.source.diagnostics() else { panic!("{error:?}") };
            assert_eq!((diagnostic.span.line, diagnostic.span.column), position, "{text:?}");
            assert!(diagnostic.message.starts_with(expected), "{text:?}: {diagnostic}");
        }
    }

    #[test]
    fn references_that_lead_nowhere_are_errors_of_their_document() {
        let text = "a: { $ref: '#/no/such' }\nb: [{ $ref: '#/no/such' }, { $ref: '#/a' }, { $ref: 'other.yaml#/a' }]\n\
            c: { $ref: '#/c~1d' }\nexample: { $ref: '#/none' }\nproperties: { $ref: { type: string } }";
        let error = read(&Input::new("a.yaml", text), Side::Head).unwrap_err();
        let found: Vec<String> = error
            .source
            .diagnostics()
            .iter()
            .map(|d| format!("{}:{} {d} {:?}", d.span.line, d.span.column, d.notes))
            .collect();
        assert_eq!(
            found,
            [
                "1:12 /a/$ref: the reference `#/no/such` does not resolve: define its target, or correct the reference \
                    [\"the same reference is in 1 further place\"]",
                "3:12 /c/$ref: the reference `#/c~1d` does not resolve: define its target, or correct the reference []",
            ]
        );
    }

    #[test]
    fn follows_references_but_not_cycles() {
        let document = json!({"a": {"$ref": "#/b"}, "b": {"$ref": "#/c~1d"}, "c/d": {"type": "string"},
            "x": {"$ref": "#/y"}, "y": {"$ref": "#/x"}, "out": {"$ref": "other.yaml#/a"}});
        let root = Node::root(&document);
        let target = |key| root.child(key).unwrap().resolved(&document).at;
        assert_eq!([target("a"), target("x"), target("out")], ["/c~1d", "/x", "/out"]);
    }
}
