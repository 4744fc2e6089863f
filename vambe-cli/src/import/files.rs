//! The files that an import writes: the journal and the failed rows. If nobody says where, they stand beside the input, under
//! its name.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{
    error::ImportError,
    failed::FailedWriter,
    input::{Format, Input},
    temporary,
};
use crate::args::{self, ImportArgs};

/// Where they are.
pub(super) struct Files {
    pub(super) journal: PathBuf,
    pub(super) failed: PathBuf,
    /// Whether there is a file of that name already that is not to be written over.
    failed_is_kept: bool,
}

impl Files {
    /// Neither of them is the input, or the other one.
    pub(super) fn new(args: &ImportArgs, format: Format, sha256: &str) -> Result<Self, ImportError> {
        let extension = match format {
            Format::Csv { .. } => "csv",
            Format::Ndjson => "ndjson",
        };
        let journal = args.journal.clone().unwrap_or_else(|| journal(&args.file, sha256));
        let failed = args.failed.clone().unwrap_or_else(|| failed(&args.file, sha256, extension));
        for (what, path) in [("journal", &journal), ("file of failed rows", &failed)] {
            if let args::Input::File(input) = &args.file
                && is_same(path, input)
            {
                return Err(ImportError::OverInput { what, path: path.clone() });
            }
        }
        if is_same(&journal, &failed) {
            return Err(ImportError::OverJournal { path: failed });
        }
        Ok(Self { journal, failed, failed_is_kept: false })
    }

    /// Writes the rejected rows out of the journal; gives the path if there are any. `is_news` is whether there are more of
    /// them than before: else a file that is there already stays.
    pub(super) fn write_failed(
        &mut self,
        input: &Input,
        rejected: u64,
        is_news: bool,
    ) -> Result<Option<&Path>, ImportError> {
        if rejected == 0 {
            return Ok(None);
        }
        if is_news || !self.failed.exists() {
            if self.failed_is_kept {
                self.failed = another(&self.failed);
            }
            self.failed_writer(input)?.finish()?;
        }
        Ok(Some(&self.failed))
    }

    /// Looks whether the file of failed rows is there and is not what this journal has come to until now. Then somebody is mending
    /// it, or it is of something else: it is kept, and another one is written if need be.
    pub(super) fn look_at_failed(&mut self, input: &Input) -> Result<(), ImportError> {
        // The journal is locked, so that no other run of this import writes any.
        temporary::remove_stale(&self.failed);
        if self.failed.exists() {
            self.failed_is_kept = !self.failed_writer(input)?.equals(&self.failed).unwrap_or(false);
        }
        Ok(())
    }

    fn failed_writer(&self, input: &Input) -> Result<FailedWriter, ImportError> {
        let mut writer = FailedWriter::create(&self.failed, input.header()?.as_ref())?;
        for row in super::journal::rejected(&self.journal).map_err(ImportError::Rejected)? {
            let row = row.map_err(ImportError::Rejected)?;
            let status = row.status.map(|status| format!("{status} ")).unwrap_or_default();
            writer.write(&row.input, &format!("line {}: {status}{}", row.line, row.reason))?;
        }
        Ok(writer)
    }
}

/// `orders.failed.2.csv` for `orders.failed.csv`, or the first number that is free.
fn another(path: &Path) -> PathBuf {
    let extension = path.extension().unwrap_or_default().to_owned();
    let numbered = (2_u64..).map(|number| {
        let mut path = path.to_owned();
        path.set_extension(number.to_string());
        let mut path = path.into_os_string();
        if !extension.is_empty() {
            path.push(".");
            path.push(&extension);
        }
        PathBuf::from(path)
    });
    // There is always one that is free.
    numbered.into_iter().find(|path| !path.exists()).unwrap_or_else(|| path.to_owned())
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
fn failed(input: &args::Input, sha256: &str, extension: &str) -> PathBuf {
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
            appended(&path, &format!(".failed.{extension}"))
        }
        args::Input::Stdin => PathBuf::from(format!("{}.failed.{extension}", stdin_name(sha256))),
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
            assert_eq!(failed(&input, "", "csv"), Path::new(expected_failed));
        }
        assert_eq!(journal(&args::Input::Stdin, "0123456789abcdef"), Path::new("stdin-0123456789ab.journal"));
        assert_eq!(
            failed(&args::Input::Stdin, "0123456789abcdef", "ndjson"),
            Path::new("stdin-0123456789ab.failed.ndjson")
        );
    }
}
