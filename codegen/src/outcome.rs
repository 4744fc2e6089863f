//! The result of a generation: the code, the operations that it has, and the parts that were left out.

use crate::document::{Diagnostic, Draft, Fix, LeftOutPart, OperationName, Part, server};

/// The generated code, and the parts of the document that are in it and that are not.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Generated {
    /// The text of the Rust module.
    pub code: String,
    /// The operations that have a method, in the order of the document.
    pub taken: Vec<Taken>,
    /// The mistakes that were read as they were meant, each with its position and [`Diagnostic::read_as`].
    pub warnings: Vec<Diagnostic>,
    /// The parts that were left out, since [`Settings::unsupported`](crate::Settings::unsupported) allows it.
    pub left_out: Vec<LeftOut>,
}

/// An operation that has a method.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Taken {
    /// The method and the path, as in `POST /thing`.
    pub request: String,
    /// The `operationId` as the document has it.
    pub id: Option<String>,
    /// The name of the method.
    pub name: String,
}

/// A part of the document that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeftOut {
    /// The operation as `POST /thing`, a path without operations, or the JSON pointer of a component that no operation uses.
    pub part: String,
    /// The `operationId` of an operation, as the document has it.
    pub id: Option<String>,
    /// The reasons, at least one, each with its position.
    pub problems: Vec<Diagnostic>,
}

impl Generated {
    pub(crate) fn new(code: String, draft: &Draft, mut warnings: Vec<Diagnostic>, left_out: Vec<LeftOut>) -> Self {
        warnings.extend(unusable_server(draft));
        warnings.sort_by(|a, b| (a.span, &a.pointer).cmp(&(b.span, &b.pointer)));
        let taken = draft.operations().map(|OperationName { request, id, name, .. }| Taken {
            request: request.clone(),
            id: id.clone(),
            name: name.clone(),
        });
        Self { code, taken: taken.collect(), warnings, left_out }
    }
}

/// The note that the document has a server, but not one for the client's default base URL.
fn unusable_server(draft: &Draft) -> Vec<Diagnostic> {
    let written = server(draft.root()).err().filter(|problem| !problem.pointer.is_empty());
    let note = written.map(|problem| problem.with_fix(Fix::new("no default base URL")));
    draft.error(note.into_iter().collect()).diagnostics().to_vec()
}

impl From<LeftOutPart> for LeftOut {
    fn from(LeftOutPart { part, operation, problems }: LeftOutPart) -> Self {
        let path = |pointer: &str| crate::document::tokens(pointer).last().unwrap_or_default();
        let name = match (&operation, &part) {
            (Some(operation), _) => operation.request.clone(),
            (None, Part::Path(pointer)) => path(pointer),
            (None, Part::Operation(pointer) | Part::Component(pointer)) => pointer.clone(),
        };
        Self { part: name, id: operation.and_then(|operation| operation.id), problems }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Settings, Unsupported, generate_with};

    const SPEC: &str = r##"
openapi: 3.0.3
info: { title: Test, version: "1" }
paths:
  /a:
    parameters: [{ name: id, in: cookie, required: true, schema: { type: string } }]
    get: { operationId: getA, responses: {} }
    put: { operationId: putA, responses: {} }
  /b:
    post:
      operationId: postB
      requestBody: { content: { multipart/form-data: { schema: { $ref: "#/components/schemas/Bad" } } } }
      responses: {}
  /c: { $ref: "c.yaml" }
  /d: { get: { operationId: type, responses: {} } }
  /e: { get: { operationId: getE, responses: { "200": { $ref: "#/components/responses/E" } } } }
components:
  responses: { E: { description: a } }
  requestBodies: { Upload: { content: { multipart/form-data: {} } } }
  schemas:
    Bad: { properties: { inner: { $ref: "#/components/schemas/Inner" } }, typ: object }
    Inner: { type: object, properties: { a: { type: string } } }
    Unused: { type: tuple }
"##;

    fn settings(unsupported: Unsupported) -> Settings {
        Settings { unsupported, ..Settings::default() }
    }

    #[test]
    fn what_cannot_be_generated_is_left_out_with_its_place() {
        let generated = generate_with(SPEC, "spec.yaml", &settings(Unsupported::Skip)).unwrap();
        let taken: Vec<_> = generated.taken.iter().map(|taken| (&*taken.request, &*taken.name)).collect();
        assert_eq!(taken, [("GET /d", "get_d"), ("GET /e", "get_e")]);
        let left_out = generated.left_out.iter().map(|left_out| {
            let problem = &left_out.problems[0];
            (&*left_out.part, problem.span.line, &*problem.message)
        });
        let mut left_out: Vec<_> = left_out.collect();
        left_out.sort_unstable();
        let multipart = "unsupported media type `multipart/form-data` of a request";
        assert_eq!(
            left_out,
            [
                ("/c", 14, "unexpected `$ref`: a path must be written in place"),
                ("/components/requestBodies/Upload", 19, multipart),
                ("GET /a", 6, "unsupported cookie parameter `id`"),
                ("POST /b", 12, multipart),
                ("PUT /a", 6, "unsupported cookie parameter `id`"),
            ]
        );
        for name in ["Bad", "Inner"] {
            assert!(!generated.code.contains(name), "a component that only left-out operations use: {name}");
        }
    }

    #[test]
    fn a_mistake_is_read_as_meant_with_a_warning_at_its_place() {
        let generated = generate_with(SPEC, "spec.yaml", &settings(Unsupported::Skip)).unwrap();
        let warnings = generated.warnings.iter().map(|w| (w.span.line, &*w.message, w.read_as().unwrap_or_default()));
        assert_eq!(
            warnings.collect::<Vec<_>>(),
            [
                (15, "reserved operationId `type`", "`get_d`"),
                (21, "unknown key `typ` in a schema", "ignored"),
                (23, "unknown type `tuple`", "any type"),
            ]
        );
    }

    #[test]
    fn successes_of_different_schemas_are_any_value() {
        let success = |status: &str, ty: &str| {
            format!("'{status}': {{ description: a, content: {{ application/json: {{ schema: {{ type: {ty} }} }} }} }}")
        };
        let two = format!("responses: {{ {}, {} }}", success("200", "string"), success("201", "integer"));
        let spec = SPEC.replace("operationId: type, responses: {}", &format!("operationId: getD, {two}"));
        let generated = generate_with(&spec, "spec.yaml", &settings(Unsupported::Skip)).unwrap();
        assert!(generated.code.contains("Response<::serde_json::Value>"), "{}", generated.code);
    }

    #[test]
    fn a_server_that_is_no_base_url_is_noted() {
        let spec = SPEC.replace("paths:", "servers: [{ url: /v1 }]\npaths:");
        let generated = generate_with(&spec, "spec.yaml", &settings(Unsupported::Skip)).unwrap();
        let warning = &generated.warnings[0];
        assert_eq!((warning.span.line, warning.read_as()), (4, Some("no default base URL")));
        assert!(!generated.code.contains("SERVER"));
    }

    #[test]
    fn schemas_of_one_name_get_distinct_ones_also_where_they_are_used() {
        let spec = SPEC.replace("Inner", "bad").replace("#/components/responses/E", "#/components/responses/F").replace(
            "E: { description: a }",
            "F: { description: a, content: { application/json: { schema: { $ref: '#/components/schemas/bad' } } } }",
        );
        let generated = generate_with(&spec, "spec.yaml", &settings(Unsupported::Skip)).unwrap();
        let warning = generated.warnings.iter().find(|warning| warning.message.contains("one name in Rust")).unwrap();
        assert_eq!(warning.read_as(), Some("`bad_2`"));
        assert!(generated.code.contains("Response<types::Bad2>"), "{}", generated.code);
    }

    #[test]
    fn without_skipping_it_is_an_error_with_every_problem() {
        let error = generate_with(SPEC, "spec.yaml", &settings(Unsupported::Error)).unwrap_err();
        assert!(error.diagnostics().len() >= 5, "{error:?}");
    }

    #[test]
    fn a_problem_of_the_document_as_a_whole_is_an_error() {
        let spec = SPEC.replace("paths:", "path:");
        let error = generate_with(&spec, "spec.yaml", &settings(Unsupported::Skip)).unwrap_err();
        assert_eq!(error.diagnostics().iter().map(|d| &*d.pointer).collect::<Vec<_>>(), [""]);
    }
}
