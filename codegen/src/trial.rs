//! The result of trying a document, as a table and as JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::{
    Diagnostic, Error, Generated, Input, LeftOut, Taken,
    document::{
        grouped::{grouped, listed},
        place,
    },
};

/// The number of the JSON's form; it changes if a member is removed or changes its meaning.
const FORMAT: u64 = 1;

impl Generated {
    /// Describes what was taken and left out, for a terminal; `input` has the texts that were generated from.
    ///
    /// A reason is listed once with all parts that were left out for it, and a mistake once with its first places.
    #[must_use]
    pub fn to_text(&self, input: &Input<'_>) -> String {
        let Self { taken, left_out, warnings, .. } = self;
        // A path without operations, or a component, is no operation.
        let operations = taken.len() + left_out.iter().filter(|left_out| left_out.part.contains(' ')).count();
        let mut text = String::new();
        let mut line = |line: String| {
            // Writing to a `String` does not fail.
            let _ = writeln!(text, "{}", line.replace(char::is_control, " "));
        };
        let mistakes = match warnings.len() {
            0 => String::new(),
            1 => ", 1 mistake".to_owned(),
            mistakes => format!(", {mistakes} mistakes"),
        };
        line(format!("{}: {} of {operations} operations taken{mistakes}", input.document.name, taken.len()));
        let heading = |is_empty: bool, title: &str| match is_empty {
            true => Vec::new(),
            false => vec![String::new(), format!("{title}:")],
        };
        heading(taken.is_empty(), "Taken").into_iter().for_each(&mut line);
        let width = taken.iter().map(|taken| taken.name.chars().count()).max().unwrap_or_default();
        for Taken { request, name, .. } in taken {
            line(format!("  {name:width$}  {request}"));
        }
        heading(left_out.is_empty(), "Left out").into_iter().for_each(&mut line);
        let problems = left_out.iter().flat_map(|LeftOut { part, problems, .. }| {
            problems.iter().map(move |problem| ((&problem.message, &problem.help), (part, place(problem, input))))
        });
        for ((message, help), parts) in grouped(problems) {
            line(format!("  {message}"));
            line(format!("    help: {help}"));
            let width = parts.iter().map(|(part, _)| part.chars().count()).max().unwrap_or_default();
            for (part, (file, position)) in parts {
                line(format!("    {part:width$}  {file}:{position}"));
            }
        }
        heading(warnings.is_empty(), "Mistakes").into_iter().for_each(&mut line);
        let mistakes = warnings
            .iter()
            .map(|warning| ((&warning.message, warning.read_as().unwrap_or_default()), place(warning, input)));
        for ((message, meaning), places) in grouped(mistakes) {
            line(format!("  {message}; read as: {meaning}"));
            line(format!("    {}", listed(&places)));
        }
        text
    }

    /// Describes what was taken and left out, for other programs.
    ///
    /// The form is stable: `format` is 1, and changes if a member is removed or changes its meaning. `document` is the name of
    /// the document. Each of `taken` has `request`, `operation_id` and `name`; each of `left_out` has `part`, `operation_id` and
    /// `problems`, each with `file`, `line`, `column`, `pointer`, `message`, `help` and `notes`; each of `warnings` also has
    /// `read_as`.
    #[must_use]
    pub fn to_json(&self, input: &Input<'_>) -> Value {
        let taken = self
            .taken
            .iter()
            .map(|Taken { request, id, name, .. }| json!({ "request": request, "operation_id": id, "name": name }));
        let left_out = self.left_out.iter().map(|LeftOut { part, id, problems, .. }| {
            json!({ "part": part, "operation_id": id, "problems": list(problems, input) })
        });
        json!({
            "format": FORMAT,
            "document": input.document.name,
            "taken": taken.collect::<Vec<_>>(),
            "left_out": left_out.collect::<Vec<_>>(),
            "warnings": list(&self.warnings, input),
            "problems": [],
        })
    }
}

impl Error {
    /// Describes the problems for other programs, in the form of [`Generated::to_json`]: nothing is taken, and `problems` has
    /// every problem.
    #[must_use]
    pub fn to_json(&self, input: &Input<'_>) -> Value {
        let problems = list(self.diagnostics(), input);
        json!({
            "format": FORMAT, "document": input.document.name, "taken": [], "left_out": [], "warnings": [], "problems": problems,
        })
    }
}

fn list(problems: &[Diagnostic], input: &Input<'_>) -> Vec<Value> {
    let problems = problems.iter().map(|problem| {
        let Diagnostic { pointer, span, message, help, notes, .. } = problem;
        let (file, line, column) = (input.file(span.file).name, span.line, span.column);
        let mut json = json!({
            "file": file, "line": line, "column": column, "pointer": pointer, "message": message, "help": help, "notes": notes,
        });
        if let (Some(meaning), Some(json)) = (problem.read_as(), json.as_object_mut()) {
            json.insert("read_as".into(), meaning.into());
        }
        json
    });
    problems.collect()
}

#[cfg(test)]
mod tests {
    use crate::{Input, Settings, Unsupported, generate_with};

    const SPEC: &str = r#"openapi: 3.0.3
info: { title: Test, version: "1" }
paths:
  /tickets:
    get: { operationId: TicketController_findAll, responses: {} }
    put: { operationId: TicketController_upload, parameters: [{ name: id, in: cookie, required: true, schema: {} }], responses: {} }
  /: { post: { responses: { "200": { content: {} } } } }
"#;

    #[test]
    fn the_table_and_the_json_have_every_operation_with_the_reason() {
        let settings = Settings { unsupported: Unsupported::Skip, ..Settings::default() };
        let generated = generate_with(SPEC, "a.yaml", &settings).unwrap();
        assert_eq!(
            generated.to_text(&Input::new("a.yaml", SPEC)),
            "\
a.yaml: 2 of 3 operations taken, 1 mistake

Taken:
  ticket_controller_find_all  GET /tickets
  post                        POST /

Left out:
  unsupported cookie parameter `id`
    help: remove it: a client that keeps cookies sends them by itself
    PUT /tickets  a.yaml:6:63

Mistakes:
  a response has no key `description`; read as: empty
    a.yaml:7:29
"
        );
        let json = generated.to_json(&Input::new("a.yaml", SPEC));
        assert_eq!(json["taken"][0]["operation_id"], "TicketController_findAll");
        assert_eq!(json["taken"][1]["operation_id"], serde_json::Value::Null);
        assert_eq!(json["left_out"][0]["problems"][0]["column"], 63);
    }

    #[test]
    fn the_json_of_an_error_has_its_problems() {
        let error = crate::generate("openapi: 2", "a.yaml").unwrap_err();
        let json = error.to_json(&Input::new("a.yaml", "openapi: 2"));
        assert_eq!((&json["format"], &json["problems"][0]["line"]), (&1.into(), &1.into()));
    }
}
