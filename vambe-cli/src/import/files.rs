//! The files that an import writes: the journal, the rejected rows and the unknown rows. By default they are next to the
//! input.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{
    error::ImportError,
    input::{Format, Input},
    journal::{Outcome, RowSets, Tally, row_sets},
    report::RowPosition,
    row_file::RowFile,
    temporary,
};
use crate::args::{self, ImportArgs};

/// The maximum number of unknown rows to list.
const LISTED: usize = 100;

/// The paths of the files.
pub(super) struct Files {
    pub(super) journal: PathBuf,
    failed: RowFile,
    unknown: RowFile,
}

impl Files {
    /// Chooses the paths; fails if two of them, or one of them and the input, are the same file.
    pub(super) fn new(args: &ImportArgs, format: Format, sha256: &str) -> Result<Self, ImportError> {
        let extension = match format {
            Format::Csv { .. } => "csv",
            Format::Ndjson => "ndjson",
        };
        let journal = args.journal.clone().unwrap_or_else(|| journal(&args.file, sha256));
        let rows = |what| rows_file(&args.file, sha256, what, extension);
        let failed = args.failed.clone().unwrap_or_else(|| rows("failed"));
        let unknown = args.unknown.clone().unwrap_or_else(|| rows("unknown"));
        let mut files = Vec::new();
        if let args::Input::File(input) = &args.file {
            files.push(("input", input));
        }
        for (what, path) in
            [("journal", &journal), ("file of failed rows", &failed), ("file of unknown rows", &unknown)]
        {
            if let Some((other, _)) = files.iter().find(|(_, other)| is_same(path, other)) {
                return Err(ImportError::SameFile { what, other, path: path.clone() });
            }
            files.push((what, path));
        }
        let (failed, unknown) = (RowFile::new(failed, Outcome::Rejected), RowFile::new(unknown, Outcome::Unknown));
        Ok(Self { journal, failed, unknown })
    }

    /// Checks the row files at the start of a run: see [`RowFile::check`]. `rows` are those of the journal.
    pub(super) fn check(&mut self, input: &Input, rows: &RowSets) -> Result<(), ImportError> {
        for file in [&mut self.failed, &mut self.unknown] {
            // The journal is locked, so no other run of this import is writing one.
            temporary::remove_stale(file.path());
            file.check(input, &self.journal, rows)?;
        }
        Ok(())
    }

    /// Writes the rejected and the unknown rows of the journal to their files.
    pub(super) fn write(&mut self, input: &Input, tally: &Tally) -> Result<Written, ImportError> {
        let rows = match tally {
            Tally { rejected: 0, unknown: 0, .. } => RowSets::default(),
            _ => row_sets(&self.journal).map_err(ImportError::KeptRows)?,
        };
        let (failed, _) = self.failed.write(input, &self.journal, &rows, 0)?;
        let (unknown, unknown_rows) = self.unknown.write(input, &self.journal, &rows, LISTED)?;
        Ok(Written { failed, unknown, unknown_rows })
    }
}

/// The row files that exist.
#[derive(Clone, Debug, Default)]
pub(super) struct Written {
    pub(super) failed: Option<PathBuf>,
    pub(super) unknown: Option<PathBuf>,
    /// The first unknown rows.
    pub(super) unknown_rows: Vec<RowPosition>,
}

/// Returns true if two paths lead to the same file, which need not exist.
fn is_same(a: &Path, b: &Path) -> bool {
    a == b || matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b)
}

/// Returns the journal of an input file: `orders.csv.journal`.
pub(super) fn journal_of(input: &Path) -> PathBuf {
    appended(input, ".journal")
}

/// Returns `orders.csv.journal`; the standard input is named after its digest.
fn journal(input: &args::Input, sha256: &str) -> PathBuf {
    match input {
        args::Input::File(path) => journal_of(path),
        args::Input::Stdin => PathBuf::from(format!("{}.journal", stdin_name(sha256))),
    }
}

/// Returns `orders.failed.csv`, also for `orders.csv.gz`, since it is not compressed. `extension` is that of the format.
fn rows_file(input: &args::Input, sha256: &str, what: &str, extension: &str) -> PathBuf {
    match input {
        args::Input::File(path) => {
            let mut path = path.clone();
            if path.extension().is_some_and(|last| last.eq_ignore_ascii_case("gz") || last.eq_ignore_ascii_case("zst"))
            {
                path.set_extension("");
            }
            if path.extension().is_some_and(|last| last.eq_ignore_ascii_case(extension)) {
                path.set_extension("");
            }
            appended(&path, &format!(".{what}.{extension}"))
        }
        args::Input::Stdin => PathBuf::from(format!("{}.{what}.{extension}", stdin_name(sha256))),
    }
}

fn stdin_name(sha256: &str) -> String {
    format!("stdin-{}", sha256.get(..12).unwrap_or(sha256))
}

fn appended(path: &Path, end: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(end);
    path.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_next_to_the_input_by_default() {
        for (input, expected_journal, expected_failed) in [
            ("dir/orders.csv", "dir/orders.csv.journal", "dir/orders.failed.csv"),
            ("orders.CSV.gz", "orders.CSV.gz.journal", "orders.failed.csv"),
            ("orders", "orders.journal", "orders.failed.csv"),
            ("orders.txt", "orders.txt.journal", "orders.txt.failed.csv"),
            ("a.b.zst", "a.b.zst.journal", "a.b.failed.csv"),
        ] {
            let input = args::Input::File(input.into());
            assert_eq!(journal(&input, ""), Path::new(expected_journal));
            assert_eq!(rows_file(&input, "", "failed", "csv"), Path::new(expected_failed));
        }
        assert_eq!(journal(&args::Input::Stdin, "0123456789abcdef"), Path::new("stdin-0123456789ab.journal"));
        assert_eq!(
            rows_file(&args::Input::Stdin, "0123456789abcdef", "unknown", "ndjson"),
            Path::new("stdin-0123456789ab.unknown.ndjson")
        );
    }
}
