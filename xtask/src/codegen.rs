//! `cargo xtask codegen [--check]`: the files around the pure generator.

use std::{
    fmt, fs,
    io::{self, Write as _},
    path::Path,
};

use similar::TextDiff;

use crate::{report, root};

const SPEC: &str = "openapi/vambe.yaml";
const GENERATED: &str = "vambe-api/src/generated.rs";

/// Why the generated file was not written, or is not what the spec says.
#[derive(Debug)]
pub(crate) enum Error {
    Read { path: &'static str, source: io::Error },
    Generate(vambe_codegen::Error),
    Write { path: &'static str, source: io::Error },
    Stale { diff: String },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read { path, source } => write!(f, "{path} cannot be read: {source}"),
            Self::Generate(error) => write!(f, "{SPEC}: {error}"),
            Self::Write { path, source } => write!(f, "{path} cannot be written: {source}"),
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
pub(crate) fn run(check: bool) -> Result<(), Error> {
    let spec = fs::read_to_string(root().join(SPEC)).map_err(|source| Error::Read { path: SPEC, source })?;
    let wanted = vambe_codegen::generate(&normalise(&spec), SPEC).map_err(Error::Generate)?;
    let found = match fs::read_to_string(root().join(GENERATED)) {
        Ok(found) => normalise(&found),
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(source) => return Err(Error::Read { path: GENERATED, source }),
    };
    if found == wanted {
        report(format_args!("{GENERATED} is up to date with {SPEC}\n"));
        return Ok(());
    }
    if check {
        let diff = TextDiff::from_lines(&found, &wanted);
        let diff = diff.unified_diff().context_radius(3).header(GENERATED, SPEC).to_string();
        return Err(Error::Stale { diff });
    }
    write_atomically(&root().join(GENERATED), &wanted).map_err(|source| Error::Write { path: GENERATED, source })?;
    report(format_args!("wrote {GENERATED} from {SPEC}\n"));
    Ok(())
}

/// A checkout on Windows may have other line ends; the digest and the comparison are over one form.
fn normalise(text: &str) -> String {
    text.replace("\r\n", "\n")
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
