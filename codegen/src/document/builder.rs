//! The tree, built from the parser's events with a stack of its own: deep nesting is an error, not a stack overflow.

use std::collections::{HashMap, HashSet};

use granit_parser::{Event, ScalarStyle, Tag};

use super::{
    diagnostic::Diagnostic,
    scalar,
    span::Span,
    tree::{Entry, Node, Value},
};

/// The deepest nesting of maps and lists. The steps after parsing recurse; documents of large APIs have about thirty levels.
const MAX_DEPTH: usize = 64;

/// The most nodes, with aliases expanded. It bounds memory however the aliases multiply.
const MAX_NODES: usize = 1_000_000;

#[derive(Default)]
pub(super) struct Builder {
    /// The duplicate keys so far; they do not end the parsing.
    pub(super) diagnostics: Vec<Diagnostic>,
    open: Vec<Frame>,
    anchors: HashMap<usize, (Node, usize)>,
    nodes: usize,
    pub(super) root: Option<Node>,
}

/// A map or list that is not closed yet.
struct Frame {
    span: Span,
    anchor: usize,
    nodes_before: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, keys: HashSet<String>, key: Option<(String, Span)> },
}

impl Builder {
    pub(super) fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Diagnostic> {
        match event {
            Event::DocumentStart(..) if self.root.is_some() => {
                let message = "a second document in the same file";
                Err(Diagnostic::at(span, message, "keep one OpenAPI document, and remove everything after `---`"))
            }
            Event::Scalar(text, style, anchor, tag) => {
                if self.wants_key() {
                    return self.key(text.into_owned(), span);
                }
                let tag = tag.as_deref();
                let plain = style == ScalarStyle::Plain && tag.is_none_or(|tag| tag.core_suffix() != Some("str"));
                if let Some(tag) = tag.filter(|tag| !tag.is_yaml_core_schema()) {
                    return Err(unknown_tag(span, &tag.original()));
                }
                let value = if plain {
                    scalar::resolve(&text).ok_or_else(|| {
                        let message = format!("`{text}` is not a JSON number");
                        Diagnostic::at(span, message, "write a finite number, or quote it to make it text")
                    })?
                } else {
                    Value::Text(text.into_owned())
                };
                self.grow(1, span)?;
                self.add(Node { value, span }, anchor, 1);
                Ok(())
            }
            Event::SequenceStart(_, anchor, tag) => self.begin(span, anchor, tag.as_deref(), Content::List(Vec::new())),
            Event::MappingStart(_, anchor, tag) => {
                let content = Content::Map { entries: Vec::new(), keys: HashSet::new(), key: None };
                self.begin(span, anchor, tag.as_deref(), content)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.end();
                Ok(())
            }
            Event::Alias(anchor) => self.alias(anchor, span),
            _ => Ok(()),
        }
    }

    fn begin(&mut self, span: Span, anchor: usize, tag: Option<&Tag>, content: Content) -> Result<(), Diagnostic> {
        if let Some(tag) = tag.filter(|tag| !tag.is_yaml_core_schema()) {
            return Err(unknown_tag(span, &tag.original()));
        }
        if self.wants_key() {
            return Err(Diagnostic::at(span, "a map or list cannot be a key", "write a scalar as the key"));
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(too_deep(span));
        }
        let nodes_before = self.nodes;
        self.grow(1, span)?;
        self.open.push(Frame { span, anchor, nodes_before, content });
        Ok(())
    }

    fn end(&mut self) {
        let Some(Frame { span, anchor, nodes_before, content }) = self.open.pop() else { return };
        let value = match content {
            Content::List(items) => Value::List(items),
            Content::Map { entries, .. } => Value::Map(entries),
        };
        let nodes = self.nodes - nodes_before;
        self.add(Node { value, span }, anchor, nodes);
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Diagnostic> {
        if self.wants_key() {
            return Err(Diagnostic::at(span, "an alias cannot be a key", "write the key itself"));
        }
        let Some((node, nodes)) = self.anchors.get(&anchor).cloned() else {
            let message = "an alias inside its own anchor";
            return Err(Diagnostic::at(span, message, "write a `$ref` to a schema in the components"));
        };
        if self.open.len() + node.depth() > MAX_DEPTH {
            return Err(too_deep(span));
        }
        self.grow(nodes, span)?;
        self.add(Node { span, ..node }, 0, nodes);
        Ok(())
    }

    fn wants_key(&self) -> bool {
        matches!(self.open.last(), Some(Frame { content: Content::Map { key: None, .. }, .. }))
    }

    fn key(&mut self, text: String, span: Span) -> Result<(), Diagnostic> {
        if text == "<<" {
            let message = "the merge key `<<` is not part of YAML 1.2";
            return Err(Diagnostic::at(span, message, "write the entries out, or use `allOf`"));
        }
        let Some(Frame { content: Content::Map { entries, keys, key }, .. }) = self.open.last_mut() else {
            return Ok(());
        };
        if !keys.insert(text.clone()) {
            let first = entries.iter().find(|entry| entry.key == text).map_or(span.line, |entry| entry.span.line);
            let message = format!("duplicate key `{text}`; the first is at line {first}");
            self.diagnostics.push(Diagnostic::at(span, message, "remove one of them"));
        }
        *key = Some((text, span));
        Ok(())
    }

    fn grow(&mut self, nodes: usize, span: Span) -> Result<(), Diagnostic> {
        self.nodes = self.nodes.saturating_add(nodes);
        check_count(self.nodes).map_err(|diagnostic| Diagnostic { span, ..diagnostic })
    }

    fn add(&mut self, node: Node, anchor: usize, nodes: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, (node.clone(), nodes));
        }
        match self.open.last_mut().map(|frame| &mut frame.content) {
            Some(Content::List(items)) => items.push(node),
            Some(Content::Map { entries, key, .. }) => {
                if let Some((key, span)) = key.take() {
                    entries.push(Entry { key, span, value: node });
                }
            }
            None => self.root = Some(node),
        }
    }
}

/// Returns an error, without a position, if a document of this many nodes is too large.
pub(super) fn check_count(nodes: usize) -> Result<(), Diagnostic> {
    if nodes <= MAX_NODES {
        return Ok(());
    }
    let message = format!("the document has more than {MAX_NODES} nodes with its aliases expanded");
    Err(Diagnostic::new("", message, "replace aliases with `$ref`, or split the document"))
}

/// Returns an error, without a position, if a tree is nested too deep.
pub(super) fn check_depth(root: &Node) -> Result<(), Diagnostic> {
    if root.depth() <= MAX_DEPTH { Ok(()) } else { Err(too_deep(root.span)) }
}

pub(super) fn too_deep(span: Span) -> Diagnostic {
    let message = format!("maps and lists are nested more than {MAX_DEPTH} deep");
    Diagnostic::at(span, message, "move inner schemas to `components/schemas`, and refer to them")
}

fn unknown_tag(span: Span, tag: &str) -> Diagnostic {
    Diagnostic::at(span, format!("unsupported YAML tag `{tag}`"), "remove it: OpenAPI uses no tags")
}
