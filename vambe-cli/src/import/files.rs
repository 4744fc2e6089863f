//! The files that an import writes: the journal, the rejected rows and the unknown rows. If nobody says where, they are next to
//! the input, under its name.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{
    error::ImportError,
    failed::FailedWriter,
    input::{Format, Input},
    journal::{self, Resumed, Tally},
    report::Place,
    row_file::RowFile,
    temporary,
};
use crate::args::{self, ImportArgs};

/// The maximum number of unknown rows that are named.
const NAMED: usize = 100;

/// Where they are.
pub(super) struct Files {
    pub(super) journal: PathBuf,
    pub(super) failed: RowFile,
    pub(super) unknown: RowFile,
}

impl Files {
    /// None of them is the input, or another one of them.
    pub(super) fn new(args: &ImportArgs, format: Format, sha256: &str) -> Result<Self, ImportError> {
        let extension = match format {
            Format::Csv { .. } => "csv",
            Format::Ndjson => "ndjson",
        };
        let journal = args.journal.clone().unwrap_or_else(|| journal(&args.file, sha256));
        let rows = |what| rows_file(&args.file, sha256, what, extension);
        let failed = args.failed.clone().unwrap_or_else(|| rows("failed"));
        let unknown = args.unknown.clone().unwrap_or_else(|| rows("unknown"));
        let files = [("journal", &journal), ("file of failed rows", &failed), ("file of unknown rows", &unknown)];
        for (what, path) in files {
            if let args::Input::File(input) = &args.file
                && is_same(path, input)
            {
                return Err(ImportError::OverInput { what, path: path.clone() });
            }
        }
        for (what, path) in [("failed", &failed), ("unknown", &unknown)] {
            if is_same(&journal, path) {
                return Err(ImportError::OverJournal { what, path: path.clone() });
            }
        }
        if is_same(&failed, &unknown) {
            return Err(ImportError::OverFailed { path: unknown });
        }
        Ok(Self { journal, failed: RowFile::new(failed), unknown: RowFile::new(unknown) })
    }

    /// Looks at the files of rows that are there: see [`RowFile::look`]. `resumed` is what the runs before did.
    pub(super) fn look(&mut self, input: &Input, resumed: &Resumed) -> Result<(), ImportError> {
        // The journal is locked, so that no other run of this import writes any.
        for file in [&self.failed, &self.unknown] {
            temporary::remove_stale(file.path());
        }
        let failed = self.rejected(input, resumed.tally.rejected)?;
        self.failed.look(failed);
        let unknown = self.maybe_applied(input, resumed.unknown().count() as u64)?;
        self.unknown.look(unknown);
        Ok(())
    }

    /// Writes the rejected rows and the unknown rows out of the journal, where these are the numbers of them.
    pub(super) fn write(&mut self, input: &Input, tally: &Tally) -> Result<Written, ImportError> {
        let failed = self.rejected(input, tally.rejected)?;
        let unknown = self.maybe_applied(input, tally.unknown)?;
        let unknown_rows = self.unknown_rows(tally.unknown)?;
        Ok(Written { failed: self.failed.write(failed)?, unknown: self.unknown.write(unknown)?, unknown_rows })
    }

    fn rejected(&self, input: &Input, rows: u64) -> Result<Option<FailedWriter>, ImportError> {
        if rows == 0 {
            return Ok(None);
        }
        self.failed.content(input, journal::rejected(&self.journal).map_err(ImportError::Rejected)?)
    }

    fn maybe_applied(&self, input: &Input, rows: u64) -> Result<Option<FailedWriter>, ImportError> {
        if rows == 0 {
            return Ok(None);
        }
        self.unknown.content(input, journal::unknown(&self.journal).map_err(ImportError::Rejected)?)
    }

    /// Names the first unknown rows.
    fn unknown_rows(&self, rows: u64) -> Result<Vec<Place>, ImportError> {
        if rows == 0 {
            return Ok(Vec::new());
        }
        let unknown = journal::unknown(&self.journal).map_err(ImportError::Rejected)?;
        let places = unknown.take(NAMED).map(|row| row.map(|row| Place { row: row.row, line: row.line }));
        places.collect::<Result<_, _>>().map_err(ImportError::Rejected)
    }
}

/// The files of rows with what is in them, as far as there are such rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Written {
    pub(super) failed: Option<PathBuf>,
    pub(super) unknown: Option<PathBuf>,
    /// The first unknown rows.
    pub(super) unknown_rows: Vec<Place>,
}

/// Whether two paths lead to the same file, which need not be there.
fn is_same(a: &Path, b: &Path) -> bool {
    a == b || matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b)
}

/// `orders.csv.journal`; for the standard input, which has no name, its digest is one.
fn journal(input: &args::Input, sha256: &str) -> PathBuf {
    match input {
        args::Input::File(path) => appended(path, ".journal"),
        args::Input::Stdin => PathBuf::from(format!("{}.journal", stdin_name(sha256))),
    }
}

/// `orders.failed.csv`, also for `orders.csv.gz`: it is not compressed. `extension` is the one of the format.
fn rows_file(input: &args::Input, sha256: &str, what: &str, extension: &str) -> PathBuf {
    match input {
        args::Input::File(path) => {
            let mut path = path.clone();
            // `.csv.gz`, `.csv`, or whatever else it is called.
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
    fn they_stand_beside_the_input() {
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
