//! The files that a client is generated from: the document, our overlay, and the settings.

use std::{
    fmt, fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use vambe_codegen::{Input, Text};

/// The vendor's document.
pub(crate) const SPEC: &str = "openapi/vambe.yaml";
/// The overlay of the document.
pub(crate) const OVERLAY: &str = "openapi/overlay.yaml";

/// The settings of the generator.
pub(crate) const SETTINGS: &str = "openapi/codegen.yaml";

/// The texts of the files, each with its name in messages.
#[derive(Debug)]
pub(crate) struct Files {
    document: Named,
    overlay: Option<Named>,
    settings: Option<Named>,
}

#[derive(Debug)]
pub(crate) struct Named {
    name: String,
    text: String,
}

/// A file that cannot be read, or is not text.
#[derive(Debug)]
pub(crate) enum Error {
    Read { path: PathBuf, source: io::Error },
    NotText { rendered: String },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read { path, source } => write!(f, "cannot read {}: {source}", path.display()),
            Self::NotText { rendered } => f.write_str(rendered.trim_end()),
        }
    }
}

impl std::error::Error for Error {}

impl Files {
    /// Reads the files of the workspace; only the document has to exist.
    pub(crate) fn of_workspace(root: &Path) -> Result<Self, Error> {
        let optional = |name: &str| {
            let path = root.join(name);
            path.exists().then(|| read(&path, name)).transpose()
        };
        let document = read(&root.join(SPEC), SPEC)?;
        Ok(Self { document, overlay: optional(OVERLAY)?, settings: optional(SETTINGS)? })
    }

    /// Reads files from anywhere.
    pub(crate) fn of(document: &Path, overlay: Option<&Path>, settings: Option<&Path>) -> Result<Self, Error> {
        let named = |path: &Path| read(path, &path.display().to_string());
        let optional = |path: Option<&Path>| path.map(named).transpose();
        Ok(Self { document: named(document)?, overlay: optional(overlay)?, settings: optional(settings)? })
    }

    /// Creates the files of texts that are read already.
    pub(crate) fn of_texts(document: (String, String), overlay: Option<(String, String)>) -> Self {
        let named = |(name, text): (String, String)| Named { name, text: normalise(&text) };
        Self { document: named(document), overlay: overlay.map(named), settings: None }
    }

    /// The texts, to generate from or to compare.
    pub(crate) fn input(&self) -> Input<'_> {
        let (overlay, settings) = (self.overlay.as_ref(), self.settings.as_ref());
        Input { document: self.document.text(), overlay: overlay.map(Named::text), settings: settings.map(Named::text) }
    }
}

impl Named {
    fn text(&self) -> Text<'_> {
        Text { name: &self.name, text: &self.text }
    }
}

fn read(path: &Path, name: &str) -> Result<Named, Error> {
    let bytes = read_bounded(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
    match vambe_codegen::decode(&bytes) {
        Ok(text) => Ok(Named { name: name.to_owned(), text: normalise(text) }),
        Err(problem) => {
            let text = String::from_utf8_lossy(&bytes);
            Err(Error::NotText { rendered: problem.render(&Input::new(name, &text)) })
        }
    }
}

/// Reads a file, but no more of it than it takes to see that it is too large.
fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = u64::try_from(vambe_codegen::MAX_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    fs::File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A checkout on Windows may have other line ends; the digest and the comparison are over one form.
pub(crate) fn normalise(text: &str) -> String {
    text.replace("\r\n", "\n")
}
