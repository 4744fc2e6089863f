//! `cargo xtask codegen --from FILE`: tries a document, and changes nothing.

use std::{
    error::Error,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use crate::{codegen, input::Files, report, run::ignore_broken_pipe};

/// The options of a trial.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Trial {
    /// The overlay to apply to the document.
    pub(crate) overlay: Option<PathBuf>,
    /// The settings to generate with; without any, what cannot be generated is left out.
    pub(crate) settings: Option<PathBuf>,
    pub(crate) json: bool,
}

/// Prints what would be taken and left out; fails if nothing can be generated.
pub(crate) fn run(from: &Path, trial: &Trial) -> Result<(), Box<dyn Error>> {
    let (text, outcome) = describe(from, trial)?;
    // A closed pipe is the reader's choice, not a failure.
    io::stdout().lock().write_all(text.as_bytes()).or_else(ignore_broken_pipe)?;
    outcome.map_err(Into::into)
}

/// Returns the description, and the error that the command ends with.
fn describe(
    from: &Path,
    Trial { overlay, settings, json }: &Trial,
) -> Result<(String, Result<(), String>), Box<dyn Error>> {
    let files = Files::of(from, overlay.as_deref(), settings.as_deref())?;
    let input = files.input();
    Ok(match codegen::generate(|| vambe_codegen::generate_from(&input)) {
        Ok(generated) if *json => (format!("{:#}\n", generated.to_json(&input)), Ok(())),
        Ok(generated) => (generated.to_text(&input), Ok(())),
        Err(error) => {
            let problems = error.diagnostics().len();
            let s = if problems == 1 { "" } else { "s" };
            let printed = if *json { format!("{:#}\n", error.to_json(&input)) } else { String::new() };
            if !json {
                report(format_args!("{}\n", error.render(&input)));
            }
            (printed, Err(format!("{} cannot be used: {problems} problem{s}, see above", from.display())))
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
        let (table, json) = (Trial::default(), Trial { json: true, ..Trial::default() });
        let (text, outcome) = describe(&path, &table).unwrap();
        assert!(outcome.is_ok() && text.contains("1 of 1 operations taken"), "{text}");
        assert!(describe(&path, &json).unwrap().0.contains("\"name\": \"get_a\""));

        fs::write(&path, "openapi: [").unwrap();
        let (text, outcome) = describe(&path, &json).unwrap();
        assert!(text.contains("\"problems\": [\n"), "{text}");
        assert!(outcome.unwrap_err().ends_with("1 problem, see above"));
        assert!(
            describe(&folder.path().join("none.yaml"), &table).unwrap_err().to_string().starts_with("cannot read ")
        );
    }
}
