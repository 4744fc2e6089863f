//! What `cargo xtask codegen` says of an operation that has no hand-written method yet.

use std::{fmt::Write as _, fs, path::Path};

use vambe_codegen::{Error, HandWritten, Settings};

const CLIENT: &str = "vambe-api/src/client.rs";

/// The hint for each operation of a spec that the client has no method for; empty if it has all of them.
pub(crate) fn hints(root: &Path, spec: &str) -> Result<String, Error> {
    // Without the file, no operation has its method.
    let client = fs::read_to_string(root.join(CLIENT)).unwrap_or_default();
    let lines = vambe_codegen::hand_written_lines(spec, &Settings::default())?;
    Ok(lines.iter().filter(|lines| !is_wrapped(&client, &lines.operation)).map(hint).collect())
}

fn is_wrapped(client: &str, operation: &str) -> bool {
    ["(", "<"].iter().any(|after| client.contains(&format!("pub fn {operation}{after}")))
}

fn hint(lines: &HandWritten) -> String {
    let HandWritten { operation, builder_name, generated, builder, method, .. } = lines;
    let mut hint = format!("\n`{operation}` can be called by `client.raw().{operation}(…)`. Generated are:\n");
    for what in generated {
        // Writing to a `String` does not fail.
        let _ = writeln!(hint, "- {what}");
    }
    let _ = write!(
        hint,
        "\nFor a method and a builder like the other operations have, write by hand, then run `cargo fmt`:\n\n\
         --- vambe-api/src/lib.rs\nmod {operation};\npub use {operation}::{builder_name};\n\n\
         --- {CLIENT}\n{method}\n\
         --- vambe-api/src/{operation}.rs\n{builder}"
    );
    hint
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: &str = r#"
openapi: 3.0.3
info: { title: Two, version: "1" }
paths:
  /old: { post: { operationId: old_one, responses: { "204": { description: done } } } }
  /new/{id}:
    get:
      operationId: new_one
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      responses: { "204": { description: done } }
"#;

    #[test]
    fn an_operation_without_a_method_is_told_with_its_lines_and_one_with_a_method_is_not() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("vambe-api/src")).unwrap();
        fs::write(root.path().join(CLIENT), "pub fn old_one<M>(&self) {}").unwrap();
        let hints = hints(root.path(), SPEC).unwrap();
        for expected in [
            "- the raw method `raw::Client::new_one`",
            "pub use new_one::NewOne;",
            "--- vambe-api/src/new_one.rs",
            "pub fn new_one(&self, id: String) -> crate::NewOne",
        ] {
            assert!(hints.contains(expected), "{expected} in {hints}");
        }
        assert!(!hints.contains("old_one"), "{hints}");
    }

    #[test]
    fn nothing_is_told_of_the_spec_of_today() {
        let root = crate::root::find().unwrap();
        let spec = fs::read_to_string(root.join("openapi/vambe.yaml")).unwrap();
        assert_eq!(hints(&root, &spec).unwrap(), "");
    }
}
