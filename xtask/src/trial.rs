//! `cargo xtask codegen --from FILE`: tries a document, and changes nothing.

use std::{
    error::Error,
    io::{self, Write as _},
    path::Path,
};

use vambe_codegen::{Settings, Unsupported};

use crate::{codegen, report, run::ignore_broken_pipe};

/// Prints what would be taken and left out; fails if nothing can be generated.
pub(crate) fn run(from: &Path, json: bool) -> Result<(), Box<dyn Error>> {
    let (text, outcome) = describe(from, json)?;
    // A closed pipe is the reader's choice, not a failure.
    io::stdout().lock().write_all(text.as_bytes()).or_else(ignore_broken_pipe)?;
    outcome.map_err(Into::into)
}

/// Returns the description, and the error that the command ends with.
fn describe(from: &Path, json: bool) -> Result<(String, Result<(), String>), Box<dyn Error>> {
    let name = from.display().to_string();
    let spec = codegen::read_bounded(from).map_err(|error| format!("{name} cannot be read: {error}"))?;
    let settings = Settings { unsupported: Unsupported::Skip, ..Settings::default() };
    Ok(match codegen::generate(&spec, &name, &settings) {
        Ok(generated) if json => (format!("{:#}\n", generated.to_json(&name)), Ok(())),
        Ok(generated) => (generated.to_text(&name), Ok(())),
        Err((error, text)) => {
            let problems = error.diagnostics().len();
            let s = if problems == 1 { "" } else { "s" };
            let printed = if json { format!("{:#}\n", error.to_json(&name)) } else { String::new() };
            if !json {
                report(format_args!("{}\n", error.render(&text, &name)));
            }
            (printed, Err(format!("{name} cannot be used: {problems} problem{s}, see above")))
        }
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_document_is_described_and_a_bad_one_is_an_error_in_both_formats() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.yaml");
        let head = "openapi: 3.0.3\ninfo: { title: a, version: '1' }\n";
        fs::write(&path, format!("{head}paths: {{ /a: {{ get: {{ responses: {{}} }} }} }}\n")).unwrap();
        let (text, outcome) = describe(&path, false).unwrap();
        assert!(outcome.is_ok() && text.contains("1 of 1 operations taken"), "{text}");
        assert!(describe(&path, true).unwrap().0.contains("\"name\": \"get_a\""));

        fs::write(&path, "openapi: [").unwrap();
        let (text, outcome) = describe(&path, true).unwrap();
        assert!(text.contains("\"problems\": [\n"), "{text}");
        assert!(outcome.unwrap_err().ends_with("1 problem, see above"));
        assert!(describe(&folder.path().join("none.yaml"), false).is_err());
    }
}
