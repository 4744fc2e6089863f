//! Repairs a damaged journal: keeps the file under another name and copies its whole lines to a new one.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufReader, BufWriter, Seek as _},
    path::{Path, PathBuf},
};

use fixedbitset::FixedBitSet;

use super::{
    Header, Journal, JournalError, NewRun, Outcome, Record, Repaired, Resumed,
    error::failed_to,
    file::{self, JournalFile},
    line::{self, Line, Lines},
    replay::{BUFFER, Entry, Replay},
    resumed::Read,
    rows::count,
};
use crate::import::temporary;

/// A journal with lost lines. It is locked: no other run can open it until it is dropped.
#[derive(Debug)]
pub(crate) struct Damaged {
    path: PathBuf,
    file: File,
    lines: u64,
    resumed: Resumed,
    applied: FixedBitSet,
}

impl Damaged {
    /// Creates the repair of the open and locked `file`, which has lost `lines` lines.
    pub(super) fn new(path: &Path, file: File, lines: u64, resumed: Resumed) -> Result<Self, JournalError> {
        let mut damaged = Self { path: path.to_owned(), file, lines, resumed, applied: FixedBitSet::new() };
        if let Some(mut replay) = Replay::new(damaged.reader()?, None)? {
            let mut applied = FixedBitSet::new();
            while let Some(entry) = replay.next()? {
                if let Entry::Record { record, .. } = entry
                    && record.outcome == Outcome::Applied
                    && let Ok(row) = usize::try_from(record.row)
                {
                    applied.grow_and_insert(row);
                }
            }
            damaged.applied = applied;
        }
        Ok(damaged)
    }

    /// Returns the state by the whole lines.
    pub(crate) fn resumed(&self) -> &Resumed {
        &self.resumed
    }

    /// Returns true if a whole line has the row as applied.
    pub(crate) fn is_applied(&self, row: u64) -> bool {
        usize::try_from(row).is_ok_and(|row| self.applied.contains(row))
    }

    /// Keeps the damaged file, and creates a new one with all whole lines. The rows of `resend` are no longer final.
    ///
    /// If the process is killed meanwhile, the damaged journal stays at its path.
    pub(crate) fn repair(
        self,
        header: &Header,
        run: &NewRun<'_>,
        resend: &FixedBitSet,
    ) -> Result<(Journal, Resumed), JournalError> {
        // A link stays a link: its target is replaced.
        let target = match self.path.is_symlink() {
            true => fs::canonicalize(&self.path).map_err(failed_to("open"))?,
            false => self.path.clone(),
        };
        let temporary = temporary::next_to(&target).map_err(failed_to("write"))?;
        file::lock(temporary.as_file())?;
        let mut writer = BufWriter::new(temporary);
        self.copy(&mut writer, resend).map_err(failed_to("write"))?;
        let temporary = writer.into_inner().map_err(|error| failed_to("write")(error.into_error()))?;
        temporary.as_file().sync_all().map_err(failed_to("write"))?;
        let kept = keep(&target).map_err(failed_to("keep"))?;
        // Locked before the rename, so that no other run can open it first.
        let mut file = temporary.persist(&target).map_err(|error| failed_to("write")(error.error))?;
        file::sync_directory(&target)?;

        file.rewind().map_err(failed_to("read"))?;
        let replay =
            Replay::new(BufReader::with_capacity(BUFFER, &file), run.rate)?.ok_or(JournalError::DamagedHeader)?;
        let Read { mut resumed, length, .. } = Resumed::read(replay, run)?;
        let Self { path, lines, resumed: before, .. } = self;
        // The new file has no lost lines, so it would not count their requests.
        (resumed.run, resumed.sent) = (before.run, before.sent);
        resumed.repaired = Some(Repaired { kept, lines, resend: count(resend) });
        file.seek(io::SeekFrom::Start(length)).map_err(failed_to("read"))?;
        let storage = JournalFile::new(file, &path).map_err(failed_to("open"))?;
        Ok((Journal::new(Box::new(storage), length, header.input_rows), resumed))
    }

    fn copy(&self, writer: &mut impl io::Write, resend: &FixedBitSet) -> io::Result<()> {
        let mut lines = Lines::new(self.reader().map_err(io::Error::other)?);
        loop {
            let json = match lines.next_line()? {
                Line::End => return Ok(()),
                Line::Damaged => continue,
                Line::Whole(json) => json,
            };
            let record = serde_json::from_slice(json).ok().filter(|record: &Record| {
                record.outcome.is_final() && usize::try_from(record.row).is_ok_and(|row| resend.contains(row))
            });
            let Some(record) = record else {
                writer.write_all(lines.raw())?;
                continue;
            };
            let reason = Some(
                "an earlier row of the same ticket lost its record: both are sent again, in their order".to_owned(),
            );
            let mut changed = Vec::new();
            line::write(&mut changed, &Record { outcome: Outcome::NotSent, reason, ..record })?;
            writer.write_all(&changed)?;
        }
    }

    fn reader(&self) -> Result<BufReader<&File>, JournalError> {
        let mut file = &self.file;
        file.rewind().map_err(failed_to("read"))?;
        Ok(BufReader::with_capacity(BUFFER, file))
    }
}

/// Gives the file a second, unused name: `orders.csv.journal.damaged`, or the same with a number.
fn keep(path: &Path) -> io::Result<PathBuf> {
    let mut number = 1_u64;
    loop {
        let mut kept = path.as_os_str().to_owned();
        kept.push(".damaged");
        if number > 1 {
            kept.push(format!(".{number}"));
        }
        let kept = PathBuf::from(kept);
        let linked = fs::hard_link(path, &kept).or_else(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => Err(error),
            // Some file systems have no hard links.
            _ => copy_new(path, &kept),
        });
        match linked {
            Ok(()) => return Ok(kept),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number = number.saturating_add(1),
            Err(error) => return Err(error),
        }
    }
}

fn copy_new(from: &Path, to: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut copy = options.open(to)?;
    io::copy(&mut File::open(from)?, &mut copy)?;
    copy.sync_all()
}
