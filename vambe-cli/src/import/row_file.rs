//! A file for rejected or unknown rows, which the user may be editing during a run.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{
    error::ImportError,
    input::Input,
    journal::{KeptRow, KeptRows, Outcome, RowSets},
    overwrites::{OverwriteIndex, RowFilter},
    report::RowPosition,
    row_writer::{Digest, RowWriteError, RowWriter},
};

/// The number of rows whose later rows are looked up in one pass over the input, which bounds the memory.
const AT_ONCE: usize = 50_000;

/// The path of the file, and its state at the start of the run.
#[derive(Debug)]
pub(super) struct RowFile {
    path: PathBuf,
    outcome: Outcome,
    /// The digest of the rows in the journal.
    before: Option<Digest>,
    /// True if the file must not be overwritten.
    is_edited: bool,
}

impl RowFile {
    pub(super) fn new(path: PathBuf, outcome: Outcome) -> Self {
        Self { path, outcome, before: None, is_edited: false }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Checks, at the start of a run, whether the file has the rows of the journal. Any other file was edited or belongs to
    /// something else: [`write`](Self::write) keeps it and writes a new one next to it.
    pub(super) fn check(&mut self, input: &Input, journal: &Path, rows: &RowSets) -> Result<(), ImportError> {
        let now = self.collect(input, journal, rows, &mut Vec::new(), 0)?;
        self.before = now.as_ref().map(RowWriter::digest);
        if self.path.exists() {
            self.is_edited = !now.is_some_and(|now| now.equals(&self.path).unwrap_or(false));
        }
        Ok(())
    }

    /// Writes the rows of the journal if they have changed since the start of the run. Returns the path, `None` without rows,
    /// and the positions of the first `most` rows.
    pub(super) fn write(
        &mut self,
        input: &Input,
        journal: &Path,
        rows: &RowSets,
        most: usize,
    ) -> Result<(Option<PathBuf>, Vec<RowPosition>), ImportError> {
        let mut positions = Vec::new();
        let Some(now) = self.collect(input, journal, rows, &mut positions, most)? else {
            // Without this, a file of rows that are final by now could be imported by mistake.
            if self.before.is_some() && !self.is_edited && self.path.exists() {
                fs::remove_file(&self.path).map_err(|source| RowWriteError::new(&self.path, source))?;
            }
            return Ok((None, positions));
        };
        if self.before != Some(now.digest()) || !self.path.exists() {
            if self.is_edited {
                self.path = next_free(&self.path);
            }
            now.renamed(&self.path).finish()?;
        }
        Ok((Some(self.path.clone()), positions))
    }

    /// Writes the rows of the journal to a temporary file, with their reasons and the keys that later rows have set.
    fn collect(
        &self,
        input: &Input,
        journal: &Path,
        sets: &RowSets,
        positions: &mut Vec<RowPosition>,
        most: usize,
    ) -> Result<Option<RowWriter>, ImportError> {
        let filter =
            RowFilter { wanted: |row| sets.is_kept(row), done: |row| sets.is_done(row), last_done: sets.last_done() };
        let mut rows = KeptRows::open(journal, self.outcome, sets).map_err(ImportError::KeptRows)?.peekable();
        let (mut after, mut written) = (0, None);
        while rows.peek().is_some() {
            let overwrites = OverwriteIndex::build(input, &filter, after, AT_ONCE)?;
            after = overwrites.until();
            let mut writer = match written.take() {
                Some(writer) => writer,
                None => {
                    // A later pass may still find such keys.
                    let has_later = after < u64::MAX || !overwrites.is_empty();
                    RowWriter::create(&self.path, input.header()?.as_ref(), has_later)?
                }
            };
            while let Some(row) = rows.next_if(|row| row.as_ref().map_or(true, |row| row.row <= after)) {
                let row = row.map_err(ImportError::KeptRows)?;
                writer.write(&row.input, &reason(&row), &overwrites.later_keys(row.row))?;
                if positions.len() < most {
                    positions.push(RowPosition { row: row.row, line: row.line });
                }
            }
            written = Some(writer);
        }
        Ok(written)
    }
}

/// Returns the reason with the position of the row.
fn reason(row: &KeptRow) -> String {
    let position = row.line.map_or_else(|| format!("row {}", row.row), |line| format!("line {line}"));
    let status = row.status.map(|status| format!("{status} ")).unwrap_or_default();
    format!("{position}: {status}{}", row.reason)
}

/// Returns `orders.failed.2.csv` for `orders.failed.csv`, or the first number that is free.
fn next_free(path: &Path) -> PathBuf {
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
    // One is always free.
    numbered.into_iter().find(|path| !path.exists()).unwrap_or_else(|| path.to_owned())
}
