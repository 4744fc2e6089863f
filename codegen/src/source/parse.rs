//! From text to the located tree: YAML 1.2, of which JSON is a part.
//!
//! The parser's events are put together with a stack of our own, not by recursion, so that deep nesting is an error
//! and not the end of the process.

use std::collections::{HashMap, HashSet};

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, Span};

use super::{
    finding::Finding,
    scalar,
    tree::{Entry, Node, Place, Value},
};

/// The deepest nesting of maps and lists. What comes after us recurses; the documents of large APIs have some thirty.
const MAX_DEPTH: usize = 64;

/// The most nodes, aliases counted as what they stand for. It bounds memory whatever the aliases multiply.
const MAX_NODES: usize = 1_000_000;

/// Parses the text of one document.
///
/// # Errors
///
/// Every duplicate key, and the first error of the syntax, after which nothing can be read.
pub(crate) fn parse(text: &str) -> Result<Node, Vec<Finding>> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let result = match event {
            Ok((event, span)) => builder.event(event, place(&span)),
            Err(error) => {
                let mark = error.marker();
                let place = Place { line: mark.line().max(1), column: mark.col() + 1, width: 1 };
                if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
                    return Err(vec![too_deep(place)]);
                }
                let what = format!("the text is neither YAML nor JSON: {}", error.info());
                Err(Finding::at_place(place, what, "correct the syntax here or just above"))
            }
        };
        if let Err(finding) = result {
            builder.findings.push(finding);
            return Err(builder.findings);
        }
    }
    if !builder.findings.is_empty() {
        return Err(builder.findings);
    }
    builder.root.filter(|root| !matches!(root.value, Value::Null)).ok_or_else(|| {
        let help = "write an OpenAPI document, which begins with `openapi: 3.0.3`";
        vec![Finding::at_place(Place::START, "the document is empty", help)]
    })
}

#[derive(Default)]
struct Builder {
    findings: Vec<Finding>,
    open: Vec<Frame>,
    anchors: HashMap<usize, (Node, usize)>,
    nodes: usize,
    root: Option<Node>,
}

/// A map or list that is not closed yet.
struct Frame {
    place: Place,
    anchor: usize,
    nodes_before: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, keys: HashSet<String>, key: Option<(String, Place)> },
}

impl Builder {
    fn event(&mut self, event: Event<'_>, place: Place) -> Result<(), Finding> {
        match event {
            Event::DocumentStart(..) if self.root.is_some() => {
                let what = "a second document in the same file";
                Err(Finding::at_place(place, what, "keep one OpenAPI document, and take out what follows `---`"))
            }
            Event::Scalar(text, style, anchor, tag) => {
                if self.wants_key() {
                    return self.key(text.into_owned(), place);
                }
                let tag = tag.as_deref();
                let plain = style == ScalarStyle::Plain && tag.is_none_or(|tag| tag.core_suffix() != Some("str"));
                if let Some(tag) = tag.filter(|tag| !tag.is_yaml_core_schema()) {
                    return Err(unknown_tag(place, &tag.original()));
                }
                let value = if plain {
                    scalar::resolve(&text).ok_or_else(|| {
                        let what = format!("`{text}` is a number that JSON does not have");
                        Finding::at_place(place, what, "write a finite number, or put it in quotes to make it text")
                    })?
                } else {
                    Value::Text(text.into_owned())
                };
                self.grow(1, place)?;
                self.add(Node { value, place }, anchor, 1);
                Ok(())
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.begin(place, anchor, tag.as_deref(), Content::List(Vec::new()))
            }
            Event::MappingStart(_, anchor, tag) => {
                let content = Content::Map { entries: Vec::new(), keys: HashSet::new(), key: None };
                self.begin(place, anchor, tag.as_deref(), content)
            }
            Event::SequenceEnd | Event::MappingEnd => {
                self.end();
                Ok(())
            }
            Event::Alias(anchor) => self.alias(anchor, place),
            _ => Ok(()),
        }
    }

    fn begin(
        &mut self,
        place: Place,
        anchor: usize,
        tag: Option<&granit_parser::Tag>,
        content: Content,
    ) -> Result<(), Finding> {
        if let Some(tag) = tag.filter(|tag| !tag.is_yaml_core_schema()) {
            return Err(unknown_tag(place, &tag.original()));
        }
        if self.wants_key() {
            return Err(Finding::at_place(place, "a map or a list as a key", "write a plain word as the key"));
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(too_deep(place));
        }
        let nodes_before = self.nodes;
        self.grow(1, place)?;
        self.open.push(Frame { place, anchor, nodes_before, content });
        Ok(())
    }

    fn end(&mut self) {
        let Some(Frame { place, anchor, nodes_before, content }) = self.open.pop() else { return };
        let value = match content {
            Content::List(items) => Value::List(items),
            Content::Map { entries, .. } => Value::Map(entries),
        };
        let nodes = self.nodes - nodes_before;
        self.add(Node { value, place }, anchor, nodes);
    }

    fn alias(&mut self, anchor: usize, place: Place) -> Result<(), Finding> {
        if self.wants_key() {
            return Err(Finding::at_place(place, "an alias as a key", "write the key itself"));
        }
        let Some((node, nodes)) = self.anchors.get(&anchor).cloned() else {
            let what = "an alias inside of what it stands for";
            return Err(Finding::at_place(place, what, "write a `$ref` to a schema in the components"));
        };
        if self.open.len() + node.depth() > MAX_DEPTH {
            return Err(too_deep(place));
        }
        self.grow(nodes, place)?;
        self.add(Node { place, ..node }, 0, nodes);
        Ok(())
    }

    fn wants_key(&self) -> bool {
        matches!(self.open.last(), Some(Frame { content: Content::Map { key: None, .. }, .. }))
    }

    fn key(&mut self, text: String, place: Place) -> Result<(), Finding> {
        if text == "<<" {
            let what = "the merge key `<<`, which YAML 1.2 does not have";
            return Err(Finding::at_place(place, what, "write the entries out, or use `allOf`"));
        }
        let Some(Frame { content: Content::Map { entries, keys, key }, .. }) = self.open.last_mut() else {
            return Ok(());
        };
        if !keys.insert(text.clone()) {
            let first = entries.iter().find(|entry| entry.key == text).map_or(place.line, |entry| entry.place.line);
            let what = format!("the key `{text}` a second time in the same map; the first is in line {first}");
            self.findings.push(Finding::at_place(place, what, "keep one of the two"));
        }
        *key = Some((text, place));
        Ok(())
    }

    fn grow(&mut self, nodes: usize, place: Place) -> Result<(), Finding> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes <= MAX_NODES {
            return Ok(());
        }
        let what = format!("the document has more than {MAX_NODES} nodes, with the aliases written out");
        Err(Finding::at_place(place, what, "write a `$ref` where an alias stands, or split the document"))
    }

    fn add(&mut self, node: Node, anchor: usize, nodes: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, (node.clone(), nodes));
        }
        match self.open.last_mut().map(|frame| &mut frame.content) {
            Some(Content::List(items)) => items.push(node),
            Some(Content::Map { entries, key, .. }) => {
                if let Some((key, place)) = key.take() {
                    entries.push(Entry { key, place, value: node });
                }
            }
            None => self.root = Some(node),
        }
    }
}

fn too_deep(place: Place) -> Finding {
    let what = format!("maps and lists nested more than {MAX_DEPTH} deep");
    Finding::at_place(place, what, "give inner schemas a name under `components/schemas`, and refer to them")
}

fn unknown_tag(place: Place, tag: &str) -> Finding {
    Finding::at_place(place, format!("the YAML tag `{tag}`"), "take it out: OpenAPI has no tags")
}

fn place(span: &Span) -> Place {
    let (start, end) = (span.start, span.end);
    let width = if start.line() == end.line() { end.col().saturating_sub(start.col()).max(1) } else { 1 };
    Place { line: start.line().max(1), column: start.col() + 1, width }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        let findings = parse(text).unwrap_err();
        let lines = findings.iter().map(|finding| {
            let place = finding.place.unwrap();
            format!("{}:{} {}", place.line, place.column, finding.what)
        });
        lines.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn what_is_no_single_document_of_plain_data_is_refused_with_its_place() {
        let deep = "[".repeat(100_000);
        let deep_block: String = (0..200).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
        let cases = [
            ("", "1:1 the document is empty"),
            ("# nothing\n\n# here\n", "1:1 the document is empty"),
            ("---\n...\n", "1:1 the document is empty"),
            ("~", "1:1 the document is empty"),
            ("a: 1\n---\nb: 2\n", "2:1 a second document in the same file"),
            ("a: 1\nb: 2\na: 3\n", "3:1 the key `a` a second time in the same map; the first is in line 1"),
            (r#"{"a": 1, "a": 2}"#, "1:10 the key `a` a second time in the same map; the first is in line 1"),
            ("a: [1\nb: 2", "neither YAML nor JSON"),
            ("a:\n\t- b\n", "neither YAML nor JSON"),
            ("a: *b", "neither YAML nor JSON"),
            ("a: &a [*a]", "1:8 an alias inside of what it stands for"),
            ("a: !ref b", "the YAML tag `!ref`"),
            ("? [a]\n: b", "a map or a list as a key"),
            ("a: &a {b: 1}\nc: {<<: *a}", "2:5 the merge key `<<`"),
            ("a: .nan", "1:4 `.nan` is a number that JSON does not have"),
            ("a: 1e999", "1:4 `1e999` is a number that JSON does not have"),
            (&deep, "nested more than 64 deep"),
            (&deep_block, "nested more than 64 deep"),
        ];
        for (text, expected) in cases {
            let found = refused(text);
            assert!(found.contains(expected), "{:.60}: {found}", text);
        }
    }

    #[test]
    fn every_duplicate_key_is_told_and_the_first_error_of_the_syntax_with_them() {
        assert_eq!(refused("a: 1\na: 2\nb: {c: 1, c: 2}\n").matches("a second time").count(), 2);
        assert!(refused("a: 1\na: 2\nb: [").contains("; "));
    }

    #[test]
    fn an_alias_is_what_it_stands_for() {
        let tree = parse("a: &x { b: 1 }\nc: *x\n").unwrap();
        assert_eq!(tree.to_json(), serde_json::json!({ "a": { "b": 1 }, "c": { "b": 1 } }));
        assert_eq!(tree.get("c").unwrap().place.line, 2);
    }

    #[test]
    fn aliases_that_multiply_are_refused_before_they_fill_the_memory() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..30 {
            let inner = vec![format!("*a{}", level - 1); 9].join(", ");
            text.push_str(&format!("a{level}: &a{level} [{inner}]\n"));
        }
        assert!(refused(&text).contains("more than 1000000 nodes"));
    }

    #[test]
    fn json_and_other_line_ends_are_read_like_yaml() {
        let expected = serde_json::json!({ "a": [1, "b", null, true], "c": "\u{e9}/" });
        let json = "{\n\t\"a\": [1, \"b\", null, true],\n\t\"c\": \"\\u00e9\\/\"\n}";
        for text in [json, &json.replace('\n', "\r\n"), "a: [1, b, ~, true]\r\nc: \"\\xe9/\"\r\n"] {
            assert_eq!(parse(text).unwrap().to_json(), expected, "{text}");
        }
    }
}
