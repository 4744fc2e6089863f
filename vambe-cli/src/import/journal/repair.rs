//! A journal that is damaged before its end: the file is kept under another name, and what is whole becomes a new one.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufReader, BufWriter, Seek as _},
    path::{Path, PathBuf},
};

use fixedbitset::FixedBitSet;

use super::{
    Header, Journal, JournalError, NewRun, Outcome, Record, Repaired, Resumed,
    error::failed_to,
    line::{self, Line, Lines},
    place::{self, Placed},
    replay::{BUFFER, Found, Replay},
    resumed::Read,
};
use crate::import::temporary;

/// A journal with lines in its middle that are not as they were written. No other run can open it until it is dropped.
#[derive(Debug)]
pub(crate) struct Damaged {
    path: PathBuf,
    file: File,
    lines: u64,
    resumed: Resumed,
    applied: FixedBitSet,
}

impl Damaged {
    /// `file` is open at `path` and locked; so many of its lines are lost.
    pub(super) fn new(path: &Path, file: File, lines: u64, resumed: Resumed) -> Result<Self, JournalError> {
        let mut damaged = Self { path: path.to_owned(), file, lines, resumed, applied: FixedBitSet::new() };
        if let Some(mut replay) = Replay::new(damaged.reader()?, None)? {
            let mut applied = FixedBitSet::new();
            while let Some(found) = replay.next()? {
                if let Found::Record { record, .. } = found
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

    /// Returns what its whole lines say.
    pub(crate) fn resumed(&self) -> &Resumed {
        &self.resumed
    }

    /// Returns true if a whole line says that the row was applied.
    pub(crate) fn is_applied(&self, row: u64) -> bool {
        usize::try_from(row).is_ok_and(|row| self.applied.contains(row))
    }

    /// Keeps the damaged file, and begins a new one with all lines that are whole. The rows of `again` are no longer final.
    ///
    /// Killed before its end, it leaves the damaged journal in its place.
    pub(crate) fn repair(
        self,
        header: &Header,
        run: &NewRun<'_>,
        again: &FixedBitSet,
    ) -> Result<(Journal, Resumed), JournalError> {
        // A link stays one: the file is replaced where it is.
        let target = match self.path.is_symlink() {
            true => fs::canonicalize(&self.path).map_err(failed_to("opened"))?,
            false => self.path.clone(),
        };
        let temporary = temporary::next_to(&target).map_err(failed_to("written"))?;
        place::lock(temporary.as_file())?;
        let mut writer = BufWriter::new(temporary);
        self.copy(&mut writer, again).map_err(failed_to("written"))?;
        let temporary = writer.into_inner().map_err(|error| failed_to("written")(error.into_error()))?;
        temporary.as_file().sync_all().map_err(failed_to("written"))?;
        let kept = keep(&target).map_err(failed_to("kept"))?;
        // Locked before it has the name, so that no other run comes first.
        let mut file = temporary.persist(&target).map_err(|error| failed_to("written")(error.error))?;
        place::sync_directory(&target)?;

        file.rewind().map_err(failed_to("read"))?;
        let replay =
            Replay::new(BufReader::with_capacity(BUFFER, &file), run.rate)?.ok_or(JournalError::DamagedHeader)?;
        let Read { mut resumed, length, .. } = Resumed::read(replay, run)?;
        let Self { path, lines, resumed: before, .. } = self;
        // In the new file no line is lost, and the requests of those that were are not known any more.
        (resumed.run, resumed.sent) = (before.run, before.sent);
        let again = u64::try_from(again.count_ones(..)).unwrap_or(u64::MAX);
        resumed.repaired = Some(Repaired { kept, lines, again });
        file.seek(io::SeekFrom::Start(length)).map_err(failed_to("read"))?;
        let storage = Placed::new(file, &path).map_err(failed_to("opened"))?;
        Ok((Journal::new(Box::new(storage), length, header.input_rows), resumed))
    }

    fn copy(&self, writer: &mut impl io::Write, again: &FixedBitSet) -> io::Result<()> {
        let mut lines = Lines::new(self.reader().map_err(io::Error::other)?);
        loop {
            let json = match lines.next_line()? {
                Line::End => return Ok(()),
                Line::Damaged => continue,
                Line::Whole(json) => json,
            };
            let record = serde_json::from_slice(json).ok().filter(|record: &Record| {
                record.outcome.is_final() && usize::try_from(record.row).is_ok_and(|row| again.contains(row))
            });
            let Some(record) = record else {
                writer.write_all(lines.raw())?;
                continue;
            };
            let reason =
                Some("an earlier row of the same ticket lost its record: send both again, in their order".to_owned());
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

/// Gives the file a second name, one that no file has: `orders.csv.journal.damaged`, then with a number.
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
            // Not every file system has hard links.
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
