//! A file that an import writes its rejected or unknown rows to, and that somebody may be editing meanwhile.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{
    error::ImportError,
    failed::{Digest, FailedError, FailedWriter},
    input::Input,
    journal::{KeptRow, KeptRows},
    newer::{Newer, Roles},
};

/// The number of rows whose later rows are looked up in one pass over the input, so that the memory does not grow with them.
const AT_ONCE: usize = 50_000;

/// Where the rows go.
#[derive(Debug)]
pub(super) struct RowFile {
    path: PathBuf,
    /// What the journal's rows were at the beginning of the run.
    before: Option<Digest>,
    /// Whether there is a file of that name already that is not to be written over.
    is_kept: bool,
}

impl RowFile {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, before: None, is_kept: false }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Looks whether a file is there that is not `now`, the rows of the journal until now. Then somebody is editing it, or it is of
    /// something else: it is kept, and another one is written if need be.
    pub(super) fn look(&mut self, now: Option<FailedWriter>) {
        self.before = now.as_ref().map(FailedWriter::digest);
        if self.path.exists() {
            self.is_kept = !now.is_some_and(|now| now.equals(&self.path).unwrap_or(false));
        }
    }

    /// Writes the rows, if they are others than at the beginning of the run; gives the path if there are any.
    pub(super) fn write(&mut self, now: Option<FailedWriter>) -> Result<Option<PathBuf>, FailedError> {
        let Some(now) = now else {
            // A file of rows that are done with would be imported by mistake. It has what the journal had, and no more.
            if self.before.is_some() && !self.is_kept && self.path.exists() {
                fs::remove_file(&self.path).map_err(|source| FailedError::new(&self.path, source))?;
            }
            return Ok(None);
        };
        if self.before != Some(now.digest()) || !self.path.exists() {
            if self.is_kept {
                self.path = another(&self.path);
            }
            now.renamed(&self.path).finish()?;
        }
        Ok(Some(self.path.clone()))
    }

    /// The rows with their reasons, and with the keys that later rows have set since.
    pub(super) fn content(&self, input: &Input, rows: KeptRows) -> Result<Option<FailedWriter>, ImportError> {
        let sets = rows.sets().clone();
        let roles =
            Roles { wanted: |row| sets.is_kept(row), done: |row| sets.is_done(row), last_done: sets.last_done() };
        let mut rows = rows.peekable();
        let (mut after, mut written) = (0, None);
        while rows.peek().is_some() {
            let newer = Newer::find(input, &roles, after, AT_ONCE)?;
            after = newer.until();
            let mut writer = match written.take() {
                Some(writer) => writer,
                None => {
                    // Nobody knows yet what a later pass will find.
                    let has_later = after < u64::MAX || !newer.is_empty();
                    FailedWriter::create(&self.path, input.header()?.as_ref(), has_later)?
                }
            };
            while let Some(row) = rows.next_if(|row| row.as_ref().map_or(true, |row| row.row <= after)) {
                let row = row.map_err(ImportError::Rejected)?;
                writer.write(&row.input, &reason(&row), &newer.than(row.row))?;
            }
            written = Some(writer);
        }
        Ok(written)
    }
}

/// The reason with the place of the row.
fn reason(row: &KeptRow) -> String {
    let place = row.line.map_or_else(|| format!("row {}", row.row), |line| format!("line {line}"));
    let status = row.status.map(|status| format!("{status} ")).unwrap_or_default();
    format!("{place}: {status}{}", row.reason)
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
