//! The file of the rows that failed: in the format of the input, each with its reason, to be fixed and imported again.
//!
//! Before each row stands its reason, and the row follows byte for byte: in front, it is in the right column also where a
//! row has too few cells or too many. The reader passes the reason over and takes it away, so nobody has to. Next are the
//! keys that later rows of the same ticket have set, which the reader leaves out: see [`Later`].

use std::{
    fs::File,
    io::{self, BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;

use super::{
    input::{ERROR_FIELD, Header, LATER_FIELD, LINE_FIELD, Later, Raw},
    temporary,
};

/// The SHA-256 of what a file has in it.
pub(crate) type Digest = [u8; 32];

/// Writes rows to a temporary file beside the one that they are meant for; only [`finish`](Self::finish) replaces that.
///
/// Nobody but the owner may read it, since it holds what the input does.
#[derive(Debug)]
pub(crate) struct FailedWriter {
    path: PathBuf,
    file: BufWriter<NamedTempFile>,
    sha256: Sha256,
    /// Of CSV; without it the rows are NDJSON.
    csv: Option<Csv>,
}

#[derive(Clone, Copy, Debug)]
struct Csv {
    delimiter: u8,
    line_end: &'static str,
    /// Whether there is a column for keys that later rows have set.
    has_later: bool,
}

impl FailedWriter {
    /// Begins a file; `header` is [`Input::header`](super::input::Input::header), and `has_later` says whether a row may have
    /// keys that later rows have set.
    pub(crate) fn create(path: &Path, header: Option<&Header>, has_later: bool) -> Result<Self, FailedError> {
        let failed = |source| FailedError { path: path.to_owned(), source };
        let file = BufWriter::new(temporary::next_to(path).map_err(failed)?);
        let csv = header.map(|header| Csv {
            delimiter: header.delimiter,
            line_end: if header.crlf { "\r\n" } else { "\n" },
            has_later,
        });
        let mut writer = Self { path: path.to_owned(), file, sha256: Sha256::new(), csv };
        if let (Some(header), Some(csv)) = (header, csv) {
            let bom = if header.bom { "\u{feff}" } else { "" };
            writer.write_csv(csv, &format!("{bom}{ERROR_FIELD}"), LATER_FIELD, &header.raw).map_err(failed)?;
        }
        Ok(writer)
    }

    /// Adds a row with the reason why it failed, and the keys that later rows have set. Of a row that was too large to be kept,
    /// these are alone.
    pub(crate) fn write(&mut self, raw: &Raw, reason: &str, later: &Later) -> Result<(), FailedError> {
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let written = match self.csv {
            Some(csv) => {
                let later = if later.is_empty() { String::new() } else { quoted(&later.to_json()) };
                self.write_csv(csv, &quoted(reason), &later, raw)
            }
            None => self.write_ndjson(raw, reason, later),
        };
        written.map_err(|source| FailedError { path: self.path.clone(), source })
    }

    /// The digest of what was written so far.
    pub(crate) fn digest(&self) -> Digest {
        self.sha256.clone().finalize().into()
    }

    /// Means the file for another path in the same directory.
    pub(crate) fn renamed(self, path: &Path) -> Self {
        Self { path: path.to_owned(), ..self }
    }

    /// Puts the file in its place, whole and on disk.
    pub(crate) fn finish(self) -> Result<(), FailedError> {
        let Self { path, file, .. } = self;
        let persist = |file: BufWriter<NamedTempFile>| {
            let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.as_file().sync_all()?;
            file.persist(&path)?;
            Ok(())
        };
        persist(file).map_err(|source| FailedError { path: path.clone(), source })
    }

    /// Whether the file at this path is what was written, instead of putting it there.
    pub(crate) fn equals(self, path: &Path) -> io::Result<bool> {
        let mut written = self.file.into_inner().map_err(io::IntoInnerError::into_error)?.reopen()?;
        let mut there = BufReader::new(File::open(path)?);
        if there.get_ref().metadata()?.len() != written.metadata()?.len() {
            return Ok(false);
        }
        let (mut ours, mut theirs) = ([0; 8192], [0; 8192]);
        loop {
            let count = written.read(&mut ours)?;
            let (Some(ours), Some(theirs)) = (ours.get(..count), theirs.get_mut(..count)) else { return Ok(false) };
            there.read_exact(theirs)?;
            if ours != theirs {
                return Ok(false);
            }
            if count == 0 {
                return Ok(true);
            }
        }
    }

    fn write_csv(&mut self, csv: Csv, reason: &str, later: &str, rest: &Raw) -> io::Result<()> {
        self.put(reason.as_bytes())?;
        if csv.has_later {
            self.put(&[csv.delimiter])?;
            self.put(later.as_bytes())?;
        }
        if !rest.as_bytes().is_empty() {
            self.put(&[csv.delimiter])?;
            self.put(rest.as_bytes())?;
        }
        self.put(csv.line_end.as_bytes())
    }

    fn write_ndjson(&mut self, raw: &Raw, reason: &str, later: &Later) -> io::Result<()> {
        let bytes = raw.as_bytes();
        let mut fields = format!("\"{ERROR_FIELD}\":{}", serde_json::to_string(reason)?);
        if !later.is_empty() {
            fields += &format!(",\"{LATER_FIELD}\":{}", later.to_json());
        }
        let object = bytes.trim_ascii_start().strip_prefix(b"{");
        if let Some(rest) = object {
            // Into the text, so that the row stays as it is, right JSON or not.
            let (before, _) = bytes.split_at(bytes.len() - rest.len());
            let comma = if rest.trim_ascii_start().starts_with(b"}") { "" } else { "," };
            self.put(before)?;
            self.put(format!("{fields}{comma}").as_bytes())?;
            self.put(rest)?;
        } else if bytes.is_empty() {
            self.put(format!("{{{fields}}}").as_bytes())?;
        } else {
            self.put(format!("{{{fields},\"{LINE_FIELD}\":{}}}", serde_json::to_string(raw)?).as_bytes())?;
        }
        self.put(b"\n")
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.sha256.update(bytes);
        self.file.write_all(bytes)
    }
}

/// The file of failed rows cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("the failed rows cannot be written to `{}`: make room, or name another file", path.display())]
pub(crate) struct FailedError {
    path: PathBuf,
    source: io::Error,
}

impl FailedError {
    pub(crate) fn new(path: &Path, source: io::Error) -> Self {
        Self { path: path.to_owned(), source }
    }
}

#[cfg(test)]
mod tests;
