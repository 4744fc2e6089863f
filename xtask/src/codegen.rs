//! `cargo xtask codegen [--check]`: the files around the pure generator.

use std::{
    fmt, fs,
    io::{self, Write as _},
    panic,
    path::Path,
};

use similar::TextDiff;
use vambe_codegen::Generated;

use crate::{
    input::{self, Files, SPEC, normalise},
    report,
};

const GENERATED: &str = "vambe-api/src/generated.rs";

/// The error of a generated file that was not written, or that differs from the spec.
#[derive(Debug)]
pub(crate) enum Error {
    Input(input::Error),
    Unusable { problems: usize },
    Read { path: &'static str, source: io::Error },
    Write { path: &'static str, source: io::Error },
    Stale { diff: String },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(error) => write!(f, "{error}; {GENERATED} is as it was"),
            Self::Unusable { problems } => {
                let s = if *problems == 1 { "" } else { "s" };
                write!(f, "{SPEC} cannot be used: {problems} problem{s}, see above; {GENERATED} is as it was")
            }
            Self::Read { path, source } => write!(f, "cannot read {path}: {source}"),
            Self::Write { path, source } => write!(f, "cannot write {path}: {source}"),
            Self::Stale { diff } => {
                write!(
                    f,
                    "{GENERATED} is not what {SPEC} generates:\n\n{diff}\nrun `cargo xtask codegen` and commit the result"
                )
            }
        }
    }
}

impl std::error::Error for Error {}

/// Writes the generated file, or with `check` only compares it.
pub(crate) fn run(root: &Path, check: bool) -> Result<(), Error> {
    let files = Files::of_workspace(root).map_err(Error::Input)?;
    let input = files.input();
    let generated = generate(|| vambe_codegen::generate_from(&input)).map_err(|error| {
        report(format_args!("{}\n", error.render(&input)));
        Error::Unusable { problems: error.diagnostics().len() }
    })?;
    let wanted = &generated.code;
    let path = root.join(GENERATED);
    let found = match fs::read_to_string(&path) {
        Ok(found) => normalise(&found),
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(source) => return Err(Error::Read { path: GENERATED, source }),
    };
    if found == *wanted {
        report(format_args!("{GENERATED} is up to date with {SPEC}\n"));
        return Ok(());
    }
    if check {
        let diff = TextDiff::from_lines(&found, wanted);
        let diff = diff.unified_diff().context_radius(3).header(GENERATED, SPEC).to_string();
        return Err(Error::Stale { diff });
    }
    write_atomically(&path, wanted).map_err(|source| Error::Write { path: GENERATED, source })?;
    report(format_args!("wrote {GENERATED} from {SPEC}\n"));
    for line in vambe_codegen::additions(&found, wanted) {
        report(format_args!("  {line}\n"));
    }
    if !generated.left_out.is_empty() {
        report(format_args!("{}", generated.to_text(&input)));
    }
    Ok(())
}

/// Generates with a silent panic hook: a panic of progenitor is caught and reported as a problem, but the hook would print it
/// first, with a backtrace.
pub(crate) fn generate(
    generate: impl FnOnce() -> Result<Generated, vambe_codegen::Error>,
) -> Result<Generated, vambe_codegen::Error> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let result = generate();
    panic::set_hook(hook);
    result
}

/// Writes a file so that whoever reads it sees the old text or the new one, never a part.
fn write_atomically(path: &Path, text: &str) -> io::Result<()> {
    let mut builder = tempfile::Builder::new();
    // A temporary file is private by default; a source file is not.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut file = builder.tempfile_in(path.parent().unwrap_or(Path::new(".")))?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::{OVERLAY, SETTINGS};

    const PING: &str = r#"
openapi: 3.0.3
info: { title: Ping, version: "1" }
paths: { /ping: { post: { operationId: ping, responses: { "200": { description: pong } } } } }
"#;
    const CHOICE: &str = "operations: [ping]\n";
    const OURS: &str = "
overlay: 1.0.0
info: { title: Ours, version: '1' }
actions: [{ target: $.info, update: { x-a: 1 } }]
";

    /// A workspace with a spec, and with its generated file.
    fn workspace() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for folder in ["openapi", "vambe-api/src"] {
            fs::create_dir_all(root.path().join(folder)).unwrap();
        }
        fs::write(root.path().join(SPEC), PING).unwrap();
        run(root.path(), false).unwrap();
        root
    }

    fn generated(root: &tempfile::TempDir) -> String {
        fs::read_to_string(root.path().join(GENERATED)).unwrap()
    }

    #[test]
    fn what_was_generated_passes_the_check_also_with_other_line_ends() {
        let root = workspace();
        run(root.path(), true).unwrap();
        for path in [SPEC, GENERATED] {
            let text = fs::read_to_string(root.path().join(path)).unwrap();
            fs::write(root.path().join(path), text.replace('\n', "\r\n")).unwrap();
        }
        run(root.path(), true).unwrap();
    }

    #[test]
    fn one_edited_character_fails_the_check_with_a_diff_and_the_command() {
        let root = workspace();
        let edited = generated(&root).replacen("ping", "pang", 1);
        fs::write(root.path().join(GENERATED), &edited).unwrap();
        let message = run(root.path(), true).unwrap_err().to_string();
        for expected in ["\n-", "pang", "\n+", "run `cargo xtask codegen`"] {
            assert!(message.contains(expected), "{expected} in {message}");
        }
        assert_eq!(generated(&root), edited, "--check writes nothing");
    }

    #[test]
    fn a_change_of_each_file_fails_the_check() {
        for (path, text) in [(SPEC, PING), (OVERLAY, OURS), (SETTINGS, CHOICE)] {
            let root = workspace();
            fs::write(root.path().join(OVERLAY), OURS).unwrap();
            fs::write(root.path().join(SETTINGS), CHOICE).unwrap();
            run(root.path(), false).unwrap();
            run(root.path(), true).unwrap();
            fs::write(root.path().join(path), format!("{text}#\n")).unwrap();
            assert!(matches!(run(root.path(), true), Err(Error::Stale { .. })), "{path}");
        }
    }

    #[test]
    fn an_unusable_file_is_an_error_that_leaves_the_generated_one_as_it_was() {
        let root = workspace();
        let before = generated(&root);
        let huge = vec![b' '; vambe_codegen::MAX_BYTES + 1];
        for path in [SETTINGS, OVERLAY, SPEC] {
            for text in [b"openapi: [".as_slice(), b"", b"\xff\xfe\x00", b"openapi: caf\xe9", &huge] {
                fs::write(root.path().join(path), text).unwrap();
                let message = run(root.path(), false).unwrap_err().to_string();
                assert!(message.ends_with("vambe-api/src/generated.rs is as it was"), "{message}");
                assert_eq!(generated(&root), before);
            }
        }
    }

    #[test]
    fn a_missing_generated_file_is_written_and_leaves_nothing_beside_it() {
        let root = workspace();
        fs::remove_file(root.path().join(GENERATED)).unwrap();
        assert!(matches!(run(root.path(), true), Err(Error::Stale { .. })));
        run(root.path(), false).unwrap();
        let files: Vec<_> = fs::read_dir(root.path().join("vambe-api/src")).unwrap().collect();
        assert_eq!(files.len(), 1, "{files:?}");
    }
}
