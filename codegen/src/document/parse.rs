//! From text to the located tree: YAML 1.2, which includes JSON.

use granit_parser::{ErrorKind, Parser};

use super::{
    builder::{Builder, too_deep},
    diagnostic::Diagnostic,
    span::Span,
    tree::{Node, Value},
};

/// Parses the text of one document.
///
/// # Errors
///
/// Every duplicate key, and the first syntax error, after which nothing can be read.
pub(crate) fn parse(text: &str) -> Result<Node, Vec<Diagnostic>> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let result = match event {
            Ok((event, span)) => builder.event(event, span_of(&span)),
            Err(error) => {
                let mark = error.marker();
                let span = Span::new(mark.line().max(1), mark.col() + 1, 1);
                if matches!(error.kind(), ErrorKind::RecursionLimitExceeded) {
                    return Err(vec![too_deep(span)]);
                }
                let message = format!("the text is neither YAML nor JSON: {}", error.info());
                Err(Diagnostic::at(span, message, "fix the syntax here or just above"))
            }
        };
        if let Err(diagnostic) = result {
            builder.diagnostics.push(diagnostic);
            return Err(builder.diagnostics);
        }
    }
    if !builder.diagnostics.is_empty() {
        return Err(builder.diagnostics);
    }
    builder
        .root
        .filter(|root| !matches!(root.value, Value::Null))
        .ok_or_else(|| vec![Diagnostic::at(Span::START, "the text is empty", "check that this is the right file")])
}

fn span_of(span: &granit_parser::Span) -> Span {
    let (start, end) = (span.start, span.end);
    let width = if start.line() == end.line() { end.col().saturating_sub(start.col()).max(1) } else { 1 };
    Span::new(start.line().max(1), start.col() + 1, width)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rejected(text: &str) -> String {
        let diagnostics = parse(text).unwrap_err();
        let lines = diagnostics
            .iter()
            .map(|diagnostic| format!("{}:{} {}", diagnostic.span.line, diagnostic.span.column, diagnostic.message));
        lines.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn rejects_text_that_is_not_one_document_of_plain_data() {
        let deep = "[".repeat(100_000);
        let deep_block: String = (0..200).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
        let cases = [
            ("", "1:1 the text is empty"),
            ("# nothing\n\n# here\n", "1:1 the text is empty"),
            ("---\n...\n", "1:1 the text is empty"),
            ("~", "1:1 the text is empty"),
            ("a: 1\n---\nb: 2\n", "2:1 a second document in the same file"),
            ("a: 1\nb: 2\na: 3\n", "3:1 duplicate key `a`; the first is at line 1"),
            (r#"{"a": 1, "a": 2}"#, "1:10 duplicate key `a`; the first is at line 1"),
            ("a: [1\nb: 2", "neither YAML nor JSON"),
            ("a:\n\t- b\n", "neither YAML nor JSON"),
            ("a: *b", "neither YAML nor JSON"),
            ("a: &a [*a]", "1:8 an alias inside its own anchor"),
            ("a: !ref b", "unsupported YAML tag `!ref`"),
            ("? [a]\n: b", "a map or list cannot be a key"),
            ("a: &a {b: 1}\nc: {<<: *a}", "2:5 the merge key `<<`"),
            ("a: .nan", "1:4 `.nan` is not a JSON number"),
            ("a: 1e999", "1:4 `1e999` is not a JSON number"),
            (&deep, "nested more than 64 deep"),
            (&deep_block, "nested more than 64 deep"),
        ];
        for (text, expected) in cases {
            let found = rejected(text);
            assert!(found.contains(expected), "{:.60}: {found}", text);
        }
    }

    #[test]
    fn reports_every_duplicate_key_and_the_first_syntax_error() {
        assert_eq!(rejected("a: 1\na: 2\nb: {c: 1, c: 2}\n").matches("duplicate key").count(), 2);
        assert!(rejected("a: 1\na: 2\nb: [").contains("; "));
    }

    #[test]
    fn an_alias_is_replaced_by_its_anchor() {
        let tree = parse("a: &x { b: 1 }\nc: *x\n").unwrap();
        assert_eq!(tree.to_json(), serde_json::json!({ "a": { "b": 1 }, "c": { "b": 1 } }));
        assert_eq!(tree.get("c").unwrap().span.line, 2);
    }

    #[test]
    fn rejects_multiplying_aliases_before_they_fill_the_memory() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..30 {
            let inner = vec![format!("*a{}", level - 1); 9].join(", ");
            text.push_str(&format!("a{level}: &a{level} [{inner}]\n"));
        }
        assert!(rejected(&text).contains("more than 1000000 nodes"));
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
