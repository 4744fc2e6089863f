//! Any edit of the spec, the overlay or the settings ends with code or with problems that have a position.

use proptest::{collection::vec, prelude::*, sample::Index};
use vambe_codegen::{File, Input, Text, generate_from};

const SPEC: &str = include_str!("../../openapi/vambe.yaml");
const OVERLAY: &str = include_str!("../../openapi/overlay.yaml");
const SETTINGS: &str = include_str!("../../openapi/codegen.yaml");

/// Pieces that are more likely to break a document than random bytes.
const PIECES: &[&str] = &[
    "$ref: \"#/components/schemas/ErrorResponse\"",
    "$ref: \"#/components/schemas/UpdateTicketMetadataRequest\"",
    "$ref: '#'",
    "allOf: [{ $ref: \"#/components/schemas/UpdateTicketMetadataRequest\" }]",
    "not: { type: object }",
    "type: [string, 'null']",
    "type: object",
    "type: array",
    "enum: [a, 1, null, A]",
    "nullable: true",
    "default: 3",
    "pattern: '('",
    "minimum: 1e300",
    "maxLength: 4294967295",
    "oneOf: []",
    "additionalProperties: { type: 7 }",
    "format: binary",
    "x-exclusive-group: 'fn'",
    "x-hand-written: 'fn'",
    "&a ",
    "*a",
    "3.1.0",
    "[",
    "{",
    "}",
    "\t",
    "\n\n",
    "\u{0}",
    "\u{feff}",
    "...\n---\n",
    "remove: true",
    "update: { properties: { a: { type: string } } }",
    "target: $",
    "target: $..*",
    "target: $[?@.a == 1 || length(@.b) > 2]",
    "$..[-9007199254740991:9007199254740991:-9007199254740991]",
    "$[?match(@, '(')]",
    "tags: [ticket]",
    "operations: [update_ticket_metadata]",
    "unsupported: skip",
    "rename: { schemas: { ErrorResponse: 'fn' } }",
];

#[derive(Clone, Debug)]
enum Edit {
    Bytes(Index, Vec<u8>),
    Piece(Index, Index),
    Delete(Index, usize),
    /// Replaces a line by a copy of another.
    Copy(Index, Index),
    /// Replaces a line by a piece, keeping its indentation.
    Line(Index, Index),
}

fn edit() -> impl Strategy<Value = Edit> {
    let index = any::<Index>;
    prop_oneof![
        (index(), vec(any::<u8>(), 0..4)).prop_map(|(at, bytes)| Edit::Bytes(at, bytes)),
        (index(), index()).prop_map(|(at, piece)| Edit::Piece(at, piece)),
        (index(), 1_usize..40).prop_map(|(at, length)| Edit::Delete(at, length)),
        (index(), index()).prop_map(|(from, to)| Edit::Copy(from, to)),
        (index(), index()).prop_map(|(at, piece)| Edit::Line(at, piece)),
    ]
}

fn apply(text: &mut Vec<u8>, edit: &Edit) {
    match edit {
        Edit::Bytes(at, bytes) => {
            let at = at.index(text.len());
            let end = text.len().min(at + 1);
            text.splice(at..end, bytes.iter().copied());
        }
        Edit::Piece(at, piece) => {
            let at = at.index(text.len());
            text.splice(at..at, piece.get(PIECES).bytes());
        }
        Edit::Delete(at, length) => {
            let at = at.index(text.len());
            let end = text.len().min(at + length);
            text.drain(at..end);
        }
        Edit::Copy(from, to) => {
            let mut lines: Vec<_> = text.split(|byte| *byte == b'\n').collect();
            let line = *from.get(&lines);
            *to.get_mut(&mut lines) = line;
            *text = lines.join(&b'\n');
        }
        Edit::Line(at, piece) => {
            let mut lines: Vec<_> = text.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
            let line = at.get_mut(&mut lines);
            line.truncate(line.iter().take_while(|byte| **byte == b' ').count());
            line.extend(piece.get(PIECES).bytes());
            *text = lines.join(&b'\n');
        }
    }
    if text.is_empty() {
        text.push(b'a');
    }
}

/// Each problem has a position in one of the texts, can be printed, and is none of the generated code.
fn check(error: &vambe_codegen::Error, input: &Input<'_>) -> Result<(), TestCaseError> {
    prop_assert!(!error.diagnostics().is_empty());
    for diagnostic in error.diagnostics() {
        let span = diagnostic.span;
        let text = match span.file {
            File::Overlay => input.overlay,
            File::Settings => input.settings,
            _ => Some(input.document),
        };
        let lines = text.unwrap().text.split(['\n', '\r']).count();
        prop_assert!((1..=lines + 1).contains(&span.line) && span.column >= 1, "{diagnostic:?}");
        prop_assert!(!diagnostic.message.is_empty() && !diagnostic.help.is_empty(), "{diagnostic:?}");
        // No name is twice in the generated code.
        prop_assert!(!diagnostic.message.contains("would not compile"), "{diagnostic:?}");
    }
    let rendered = error.render(input);
    prop_assert!(rendered.starts_with("error: "));
    prop_assert!(!rendered.contains(|c: char| c.is_control() && c != '\n'), "{rendered:?}");
    Ok(())
}

proptest! {
    #[test]
    fn any_edit_of_our_files_ends_with_code_or_located_problems(overlay in any::<bool>(), edits in vec(edit(), 1..4)) {
        let mut bytes = if overlay { OVERLAY } else { SETTINGS }.as_bytes().to_vec();
        edits.iter().for_each(|edit| apply(&mut bytes, edit));
        let edited = String::from_utf8_lossy(&bytes);
        let (overlay, settings) = if overlay { (&*edited, SETTINGS) } else { (OVERLAY, &*edited) };
        let text = |text| Some(Text { name: "edited.yaml", text });
        let input = Input { overlay: text(overlay), settings: text(settings), ..Input::new("spec.yaml", SPEC) };
        if let Err(error) = generate_from(&input) {
            check(&error, &input)?;
        }
    }

    #[test]
    fn any_edit_ends_with_code_or_located_problems(edits in vec(edit(), 1..4)) {
        let mut bytes = SPEC.as_bytes().to_vec();
        edits.iter().for_each(|edit| apply(&mut bytes, edit));
        let result = vambe_codegen::decode(&bytes).and_then(|text| vambe_codegen::generate(text, "spec.yaml"));
        if let Err(error) = result {
            let text = String::from_utf8_lossy(&bytes);
            check(&error, &Input::new("spec.yaml", &text))?;
        }
    }
}
