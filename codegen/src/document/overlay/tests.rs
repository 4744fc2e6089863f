//! The actions of overlays on documents, and their problems.
#![cfg(test)]

use serde_json::json;

use super::*;
use crate::{Text, document::parse};

const DOCUMENT: &str = "\
paths:
  /a: { get: { tags: [x], summary: old }, put: { tags: [] } }
  /b/c: { get: { summary: b } }
tags: [{ name: x }]
";

fn overlaid(overlay: &str) -> Result<Node, Error> {
    let mut root = parse(DOCUMENT)?;
    let overlay = Text { name: "overlay.yaml", text: overlay };
    apply(&mut root, &Input { overlay: Some(overlay), ..Input::new("openapi/a.yaml", DOCUMENT) })?;
    Ok(root)
}

fn of_actions(actions: &str) -> String {
    format!("overlay: 1.0.0\ninfo: {{ title: t, version: '1' }}\nactions:\n{actions}")
}

#[test]
fn each_action_changes_what_it_selects() {
    let cases = [
        // Maps are merged, lists are appended, and plain values are replaced.
        (
            "- { target: \"$.paths['/a'].get\", update: { tags: [y], summary: new, x-a: { b: 1 } } }",
            "/paths/~1a/get",
            json!({ "tags": ["x", "y"], "summary": "new", "x-a": { "b": 1 } }),
        ),
        ("- { target: '$.paths.*.get', update: { summary: ~ } }", "/paths/~1b~1c/get/summary", json!(null)),
        ("- { target: '$', update: { tags: [{ name: y }] } }", "/tags", json!([{ "name": "x" }, { "name": "y" }])),
        ("- { target: '$.tags', update: { name: y } }", "/tags", json!([{ "name": "x" }, { "name": "y" }])),
        ("- { target: '$.tags', update: [{ name: y }] }", "/tags", json!([{ "name": "x" }, { "name": "y" }])),
        ("- { target: \"$.tags[?@.name == 'x']\", update: { a: 1 } }", "/tags/0", json!({ "name": "x", "a": 1 })),
        ("- { target: '$.tags[0]', remove: true, update: { a: 1 } }", "/tags", json!([])),
        ("- { target: '$..summary', remove: true }", "/paths/~1b~1c/get", json!({})),
        ("- { target: \"$.paths['/a','/b/c']\", remove: true }", "/paths", json!({})),
        // A later action sees the result of an earlier one.
        ("- { target: $, update: { info: { a: b } } }\n- { target: $.info.a, remove: true }", "/info", json!({})),
    ];
    for (actions, pointer, expected) in cases {
        let root = overlaid(&of_actions(actions)).unwrap_or_else(|error| panic!("{actions}: {error}"));
        assert_eq!(root.follow(pointer).unwrap().to_json(), expected, "{actions}");
    }
}

#[test]
fn a_part_is_where_its_text_is() {
    let actions = "- target: $.paths['/a'].get\n  update:\n    summary: new\n    x-a: {}\n";
    let root = overlaid(&of_actions(actions)).unwrap();
    let cases = [
        ("/paths/~1a/get/tags", File::Document, 2),
        ("/paths/~1a/get/summary", File::Overlay, 6),
        ("/paths/~1a/get/x-a", File::Overlay, 7),
    ];
    for (pointer, file, line) in cases {
        let span = root.span_of(pointer);
        assert_eq!((span.file, span.line), (file, line), "{pointer}");
    }
}

#[test]
fn problems_of_an_overlay_have_their_place_and_remedy() {
    let action = |target: &str, rest: &str| of_actions(&format!("- {{ target: \"{target}\", {rest} }}"));
    let cases = [
        ("a: [".to_owned(), "1:4 the text is neither YAML nor JSON"),
        ("{ overlay: 1.0.0, actions: [] }".to_owned(), "1:1 the overlay has no key `info`: add `info`"),
        (
            of_actions("- { target: $.tags, updat: {} }"),
            "4:21 unknown key `updat` in an action: remove it; did you mean `update`?",
        ),
        (of_actions(" []").replace("1.0.0", "1.1.0"), "1:1 unsupported version `1.1.0`"),
        (
            of_actions(" []") + "\nextends: https://example.com/b.yaml#a",
            "5:1 the overlay extends `https://example.com/b.yaml#a`, and not `a.yaml`",
        ),
        (action("paths", "remove: true"), "4:5 `paths` is not a JSONPath: expected"),
        (action("$.a[?", "remove: true"), "4:5 `$.a[?` is not a JSONPath: expected"),
        (action(&format!("$.{}", "a".repeat(1000)), "remove: true"), "it is longer than 1000 characters"),
        (action(&format!("$[?{}1{}]", "(".repeat(400), ")".repeat(400)), "remove: true"), "is not a JSONPath"),
        (
            action("$.paths['/aa'].get", "remove: true"),
            "4:5 `$.paths['/aa'].get` selects nothing in the document: there is no `/aa`; did you mean `/a`?",
        ),
        (action("$.tags[7]", "remove: true"), "`$.tags[7]` selects nothing in the document: correct the path"),
        (action("$.tags[-9007199254740991]", "remove: true"), "selects nothing"),
        (action("$", "remove: true"), "4:5 the action removes the whole document"),
        (action("$.tags", "x-a: 1"), "4:3 the action has neither `update` nor `remove: true`"),
        (
            action("$.paths['/a'].get", "update: { tags: { a: 1 } }"),
            "cannot merge a map into a list at `/paths/~1a/get/tags` of the document",
        ),
        (
            action("$.paths['/a'].get.summary", "update: b"),
            "the part `/paths/~1a/get/summary` of the document is text, which has nothing to update: select the map",
        ),
    ];
    let mut wrong = Vec::new();
    for (overlay, expected) in cases {
        let Err(error) = overlaid(&overlay) else { panic!("expected {expected}") };
        let Diagnostic { span, message, help, .. } = &error.diagnostics()[0];
        let found = format!("{}:{} {message}: {help}", span.line, span.column);
        if !found.contains(expected) || span.file != File::Overlay {
            wrong.push(format!("found    {found}\nexpected {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let extends = of_actions(" []") + "\nextends: ./a.yaml";
    overlaid(&extends).unwrap();
}

#[test]
fn all_actions_that_fail_are_reported() {
    let actions =
        "- { target: $.a, remove: true }\n- { target: $.tags, remove: true }\n- { target: $.b, remove: true }";
    let error = overlaid(&of_actions(actions)).unwrap_err();
    assert_eq!(error.diagnostics().iter().map(|problem| problem.span.line).collect::<Vec<_>>(), [4, 6]);
}

#[test]
fn updates_make_no_document_too_large_or_too_deep() {
    let many = |count: usize, entry: &str| vec![entry; count].join(", ");
    let deep = format!("{}1{}", "{ b: ".repeat(60), " }".repeat(60));
    let cases = [
        (
            format!("- {{ target: $, update: {{ x: [{}] }} }}\n", many(1100, "{}"))
                + &format!("- {{ target: '$.x[*]', update: {{ y: [{}] }} }}", many(1000, "1")),
            "more than 1000000 nodes",
        ),
        (
            "- { target: $.paths.*.get, update: { x: { y: {} } } }\n".to_owned()
                + &format!("- {{ target: $.paths.*.get.x.y, update: {{ a: {deep} }} }}"),
            "nested more than 64 deep",
        ),
    ];
    for (actions, expected) in cases {
        let Err(error) = overlaid(&of_actions(&actions)) else { panic!("expected {expected}") };
        assert!(error.to_string().contains(expected), "{error}");
    }
}
