//! Broken documents in `tests/broken`, each with its expected problems in a `.txt` file; `UPDATE_FIXTURES=1` rewrites those.

use std::fs;

use vambe_codegen::Input;

/// Invariant: each problem of a document is reported with its position.
#[test]
fn each_broken_document_is_reported_as_expected() {
    // Cargo runs tests in the folder of their package.
    let folder = "tests/broken";
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            continue;
        }
        count += 1;
        let spec = fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let rendered = vambe_codegen::generate(&spec, &name).expect_err(&name).render(&Input::new(&name, &spec));
        let expected = path.with_extension("txt");
        if std::env::var_os("UPDATE_FIXTURES").is_some() {
            fs::write(expected, rendered).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default().replace("\r\n", "\n") != rendered {
            wrong.push(format!("{name}:\n{rendered}"));
        }
    }
    assert!(count >= 25, "{count} documents");
    assert!(wrong.is_empty(), "{}\nif this is better, run with UPDATE_FIXTURES=1 to accept it", wrong.join("\n"));
}

#[test]
fn accepts_error_responses_of_different_schemas() {
    let spec = r#"
openapi: 3.0.3
info: { title: Test, version: "1" }
paths:
  /thing:
    post:
      operationId: set_thing
      responses:
        "200": { description: done }
        "400": { description: a, content: { application/json: { schema: { type: string } } } }
        "404": { description: b, content: { application/json: { schema: { type: integer } } } }
        default: { description: c, content: { text/html: {} } }
"#;
    vambe_codegen::generate(spec, "errors.yaml").unwrap();
}

#[test]
fn a_schema_that_is_a_tree_is_generated_with_a_box() {
    let spec = r##"
openapi: 3.0.3
info: { title: Test, version: "1" }
paths:
  /thing:
    post:
      operationId: set_thing
      requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/Thing" } } } }
      responses: { "200": { description: done } }
components:
  schemas:
    Thing:
      type: object
      properties:
        parent: { $ref: "#/components/schemas/Thing" }
        children: { type: array, items: { $ref: "#/components/schemas/Thing" } }
"##;
    let code = vambe_codegen::generate(spec, "tree.yaml").unwrap();
    assert!(code.contains("Box<Thing>"), "{code}");
}

#[test]
fn a_document_of_3_1_is_generated_as_the_same_in_3_0() {
    let document = |version: &str, schema: &str| {
        format!(
            r##"
openapi: {version}
info: {{ title: Test, version: "1" }}
paths:
  /thing:
    post:
      operationId: set_thing
      requestBody: {{ content: {{ application/json: {{ schema: {{ $ref: "#/components/schemas/Thing" }} }} }} }}
      responses: {{ "200": {{ description: done }} }}
components:
  schemas:
    Thing: {{ type: object, properties: {schema} }}
"##
        )
    };
    let new = document(
        "3.1.1",
        "{ a: { type: [string, 'null'], examples: [x] }, b: { const: on }, c: { type: integer, exclusiveMinimum: 0 } }",
    );
    let old = document(
        "3.0.3",
        "{ a: { type: string, nullable: true, example: x }, b: { enum: [on], type: string }, c: { type: integer, minimum: 0, exclusiveMinimum: true } }",
    );
    // The digest is of the text as it was written.
    let code = |spec: &str| {
        let code = vambe_codegen::generate(spec, "spec.yaml").unwrap();
        code.lines().filter(|line| !line.contains("SHA") && line.len() < 64 + 8).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(code(&new), code(&old));
}

#[test]
fn the_longest_chain_and_the_deepest_nesting_fit_on_the_stack() {
    let document = |schemas: &str| {
        format!(
            r##"
openapi: 3.0.3
info: {{ title: Test, version: "1" }}
paths:
  /thing:
    post:
      operationId: set_thing
      requestBody: {{ content: {{ application/json: {{ schema: {{ $ref: "#/components/schemas/A0" }} }} }} }}
      responses: {{ "200": {{ description: done }} }}
components:
  schemas: {{ {schemas} }}
"##
        )
    };
    let link = |n: usize| {
        format!(
            "A{n}: {{ allOf: [{{ $ref: '#/components/schemas/A{}' }}, {{ properties: {{ p{n}: {{}} }} }}] }}",
            n + 1
        )
    };
    let chain: Vec<_> = (0..32).map(link).chain(["A32: { type: object }".to_owned()]).collect();
    vambe_codegen::generate(&document(&chain.join(", ")), "chain.yaml").unwrap();
    for (open, close) in [
        ("{ properties: { a: ", " } }"),
        ("{ allOf: [{ properties: { b: {} } }, ", "] }"),
        ("{ oneOf: [{ type: string }, ", "] }"),
        ("{ type: array, items: ", " }"),
    ] {
        // 64 levels, some of which are above the schema.
        let levels = if open.contains("items") { 60 } else { 29 };
        let schema = format!("A0: {}{{ type: object }}{}", open.repeat(levels), close.repeat(levels));
        // progenitor may reject it; it must not overflow the stack.
        let _ = vambe_codegen::generate(&document(&schema), "deep.yaml");
    }
}
