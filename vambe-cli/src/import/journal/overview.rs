//! An import as its journal has it, also while a run is writing it. The file is only read, and never locked for longer than a
//! moment.

use std::{
    cmp::Reverse,
    collections::BTreeMap,
    fmt,
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use super::{
    Header, JournalError, Outcome, Record, Tally, Timeline,
    error::failed_to,
    file,
    replay::{BUFFER, Entry, Replay},
    tally::{OTHER, Reason},
};

/// The maximum number of example rows for a reason.
const MAX_EXAMPLES: usize = 5;

/// The maximum number of unknown rows whose reasons are kept; the reason of further ones is "other".
const MAX_UNKNOWN: usize = 10_000;

/// The maximum number of characters that are kept of an example's text.
const MAX_TEXT: usize = 200;

/// An import as its journal has it.
pub(crate) struct Overview {
    path: PathBuf,
    file: File,
    replay: Replay<BufReader<File>>,
    keeps_text: bool,
    /// The counts of final rows.
    tally: Tally,
    /// Rows that may have been applied, without their input.
    unknown: BTreeMap<u64, (Record, Option<String>)>,
    /// The first rejected rows of each reason, in the order of the journal.
    examples: BTreeMap<Reason, Vec<Example>>,
    /// Rows with an outcome of the last run.
    run_rows: u64,
    timeline: Timeline,
}

/// The activity of the last run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Activity {
    Running,
    /// The last run has written its end.
    Ended,
    /// The last run has no end, and nothing holds the journal.
    Killed,
    /// The last run has no end, and the file system has no locks that would show whether it is running.
    RunningOrKilled,
    /// No run has begun.
    NotStarted,
}

/// A row as an example of its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Example {
    pub(crate) row: u64,
    /// The line of the input on which the row begins, if the journal has it.
    pub(crate) line: Option<u64>,
    /// The beginning of the row as it is in the input, if it was asked for.
    pub(crate) text: Option<String>,
}

/// The rejected or unknown rows with one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReasonRows {
    pub(crate) outcome: Outcome,
    pub(crate) status: Option<u16>,
    pub(crate) reason: String,
    pub(crate) rows: u64,
    /// Some of the rows, by number.
    pub(crate) examples: Vec<Example>,
}

impl Overview {
    /// Reads a journal; `None` if it has no whole first line. With `keeps_text`, the examples have their text.
    pub(crate) fn open(path: &Path, keeps_text: bool) -> Result<Option<Self>, JournalError> {
        let file = File::open(path).map_err(failed_to("open"))?;
        let reader = file.try_clone().map_err(failed_to("open"))?;
        let Some(replay) = Replay::growing(BufReader::with_capacity(BUFFER, reader))? else { return Ok(None) };
        let mut overview = Self {
            path: path.to_owned(),
            file,
            timeline: Timeline::new(replay.header().started.as_millisecond()),
            replay,
            keeps_text,
            tally: Tally::default(),
            unknown: BTreeMap::new(),
            examples: BTreeMap::new(),
            run_rows: 0,
        };
        overview.read()?;
        Ok(Some(overview))
    }

    /// Reads the lines that were written since the last call.
    pub(crate) fn refresh(&mut self) -> Result<(), JournalError> {
        let metadata = self.file.metadata().map_err(failed_to("read"))?;
        // A run cuts off a line that it could not write whole, and replaces a damaged journal.
        if (metadata.len() < self.replay.bytes() || !file::is_same(&metadata, &self.path))
            && let Some(overview) = Self::open(&self.path, self.keeps_text)?
        {
            *self = overview;
        }
        self.read()
    }

    fn read(&mut self) -> Result<(), JournalError> {
        while let Some(entry) = self.replay.next()? {
            match entry {
                Entry::Record { record, .. } => self.add(record),
                Entry::Reopened { rows } => {
                    self.tally.reopen(rows);
                    self.examples.retain(|(_, status, _), _| status.is_none());
                }
                Entry::Run => self.run_rows = 0,
            }
        }
        Ok(())
    }

    fn add(&mut self, mut record: Record) {
        self.timeline.add(&record);
        // A settled row is one of an earlier run.
        if record.outcome != Outcome::Settled {
            self.run_rows = self.run_rows.saturating_add(1);
        }
        let input = record.input.take();
        let text = input.filter(|_| self.keeps_text).map(|input| {
            let text = String::from_utf8_lossy(input.as_bytes());
            text.chars().take(MAX_TEXT).collect()
        });
        if record.outcome == Outcome::Unknown {
            if self.unknown.len() < MAX_UNKNOWN || self.unknown.contains_key(&record.row) {
                self.unknown.insert(record.row, (record, text));
            }
            return;
        }
        self.unknown.remove(&record.row);
        if record.outcome == Outcome::Rejected {
            let rows = self.examples.entry(self.tally.reason(&record)).or_default();
            push(rows, &record, text);
        }
        self.tally.add(&record);
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn header(&self) -> &Header {
        self.replay.header()
    }

    /// Returns the counts of all rows; those without a final or unknown outcome are not sent.
    pub(crate) fn tally(&self) -> Tally {
        let mut tally = self.tally.clone();
        for (record, _) in self.unknown.values() {
            tally.add(record);
        }
        let further = self.replay.unknown_rows().saturating_sub(tally.unknown);
        tally.add_rows(further, Outcome::Unknown, OTHER);
        tally.not_sent = self.header().input_rows.saturating_sub(tally.rows());
        tally
    }

    /// Returns the rejected and the unknown rows by reason, the most frequent first.
    pub(crate) fn reasons(&self) -> Vec<ReasonRows> {
        let tally = self.tally();
        let mut examples = self.examples.clone();
        for (record, text) in self.unknown.values() {
            push(examples.entry(tally.reason(record)).or_default(), record, text.clone());
        }
        let rows = tally.reasons().map(|(key, rows)| {
            let mut examples = examples.remove(key).unwrap_or_default();
            examples.sort_by_key(|example| example.row);
            let (outcome, status, reason) = key.clone();
            ReasonRows { outcome, status, reason, rows, examples }
        });
        let mut rows: Vec<_> = rows.collect();
        // Stable: reasons with as many rows stay in their order.
        rows.sort_by_key(|reason| Reverse(reason.rows));
        rows
    }

    /// Returns the activity of the last run.
    pub(crate) fn activity(&self) -> Activity {
        let history = self.replay.history();
        if history.ended.is_some() {
            return Activity::Ended;
        }
        match (file::is_locked(&self.file), &history.run) {
            (Some(true), _) => Activity::Running,
            // Version 0.1.0 wrote no runs.
            (_, None) if self.run_rows == 0 => Activity::NotStarted,
            (Some(false), _) => Activity::Killed,
            (None, _) => Activity::RunningOrKilled,
        }
    }

    /// Returns the number of runs.
    pub(crate) fn runs(&self) -> u64 {
        self.replay.history().runs
    }

    /// Returns the start of the last run.
    pub(crate) fn run_started(&self) -> Option<Timestamp> {
        self.replay.history().run.as_ref().map(|run| run.started)
    }

    /// Returns the end of the last run.
    pub(crate) fn run_ended(&self) -> Option<Timestamp> {
        self.replay.history().ended
    }

    /// Returns the number of rows with an outcome of the last run.
    pub(crate) fn run_rows(&self) -> u64 {
        self.run_rows
    }

    /// Returns the number of requests of the last run that were retries.
    pub(crate) fn retried(&self) -> u64 {
        self.replay.history().retried
    }

    /// Returns the maximum requests per second of the last run, if it has a rate limit.
    pub(crate) fn limit(&self) -> Option<f64> {
        self.replay.history().run.as_ref()?.rate.map(|rate| rate.per_second())
    }

    /// Returns the fingerprint of the API key of the last run.
    pub(crate) fn key(&self) -> Option<&str> {
        self.replay.history().run.as_ref().map(|run| run.key.as_str())
    }

    /// Returns the time of the last request, start or end.
    pub(crate) fn last_moved(&self) -> Timestamp {
        let history = self.replay.history();
        let request = history.last_request_ms.and_then(|time| Timestamp::from_millisecond(time).ok());
        let times = [request, self.run_started(), history.ended];
        times.into_iter().flatten().fold(self.header().started, Timestamp::max)
    }

    /// Returns the number of damaged lines, whose rows the next run sends again.
    pub(crate) fn lost_lines(&self) -> u64 {
        self.replay.lost_lines()
    }

    pub(crate) fn timeline(&self) -> &Timeline {
        &self.timeline
    }
}

fn push(examples: &mut Vec<Example>, record: &Record, text: Option<String>) {
    if examples.len() < MAX_EXAMPLES {
        examples.push(Example { row: record.row, line: record.line, text });
    }
}

impl fmt::Debug for Overview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the examples, which may have rows of the input.
        f.debug_struct("Overview").field("path", &self.path).field("tally", &self.tally).finish_non_exhaustive()
    }
}
