//! One run: sends the rows and writes their outcomes to the journal, until the end or a signal.

use std::{io, sync::Arc};

use tokio::{
    runtime::Handle,
    task::{self, JoinError},
};
use vambe_api::bulk::{Bulk, Control, End, Outcomes};

use super::{
    events,
    input::{InputError, Rows},
    journal::{CommitError, Committer, Journal, Outcome, Record, Resumed, Stopped},
    overwrites::OverwriteIndex,
    progress::Display,
    record::{self, JoinedRows},
    row_stream::{self, InFlightRow, RowStream, SkippedRows},
    status::Status,
    stop,
};
use crate::args::Format;

/// The inputs of a run.
pub(super) struct Session {
    pub(super) bulk: Bulk,
    pub(super) rows: Rows,
    /// The number of rows.
    pub(super) total: u64,
    pub(super) journal: Journal,
    pub(super) resumed: Resumed,
    pub(super) overwrites: Option<OverwriteIndex>,
    /// The maximum rows per second by the rate limit.
    pub(super) limit: Option<f64>,
    /// The maximum number of outcomes that are not on disk.
    pub(super) unwritten: usize,
    pub(super) format: Format,
    /// True if applied rows have an event too.
    pub(super) row_events: bool,
}

/// The end of a run, and the counts of what is on disk.
pub(super) struct Ended {
    pub(super) status: Status,
    pub(super) end: Result<End, SessionError>,
    /// The error of the last attempt, if that failed.
    pub(super) failure: Option<Arc<vambe_api::Error>>,
}

/// An error that stopped a run. The outcomes in the journal are valid all the same.
#[derive(Debug, thiserror::Error)]
pub(super) enum SessionError {
    #[error("stopped: cannot write to the journal")]
    Journal(#[source] CommitError<InFlightRow>),
    #[error("stopped: cannot read the rest of the input")]
    Input(#[source] InputError),
    #[error("the thread that reads the input ended early: this is a bug in vambe, please report it")]
    Reader(#[source] JoinError),
    #[error("cannot install the Ctrl-C handler")]
    Signal(#[source] io::Error),
}

impl Session {
    /// Sends the rows, and returns once every known outcome is in the journal.
    pub(super) async fn run(self) -> Ended {
        let Self { bulk, rows, total, journal, resumed, overwrites, limit, unwritten, format, row_events } = self;
        let (tally, unknown) = (resumed.tally.clone(), resumed.unknown().collect());
        let has_rows = tally.finished() < total;
        let (reader, stream, skipped) = row_stream::split(rows, resumed, overwrites);
        let mut outcomes = bulk.run(stream);
        let control = outcomes.control();
        let status = Status::new(total, tally, unknown, limit, control.clone());
        let display = Display::new(format, total);

        let counted = status.clone();
        let report = move |record: &Record| {
            counted.add(record);
            if format == Format::Json && (row_events || record.outcome != Outcome::Applied) {
                events::row(record);
            }
        };
        let on_disk = report.clone();
        let committer = Committer::start(journal, unwritten, move |record, _: InFlightRow| on_disk(&record));
        let runtime = Handle::current();
        let watched = control.clone();
        // A finished import does not read its input a second time.
        let reading = task::spawn_blocking(move || if has_rows { reader.read(&runtime, &watched) } else { Ok(()) });
        let stopped = tokio::select! {
            // First, so that the handlers are installed before anything is sent.
            biased;
            stopped = stop::on_signal(&control, &display) => stopped,
            () = work(&mut outcomes, skipped, &committer, &control, &status, &report) => Ok(()),
            () = display.follow(&status) => Ok(()),
        };
        // Drops the stream too, which ends the reader.
        drop(outcomes);
        let committed = committer.finish().await.map_err(|CommitError { error, unwritten }| {
            for (record, _) in unwritten {
                report(&record.unwritten());
            }
            CommitError { error, unwritten: Vec::new() }
        });
        let read = reading.await;
        display.clear();

        let end = match (committed, read, stopped) {
            (Err(error), ..) => Err(SessionError::Journal(error)),
            (_, Ok(Err(error)), _) => Err(SessionError::Input(error)),
            (_, Err(error), _) => Err(SessionError::Reader(error)),
            (_, _, Err(error)) => Err(SessionError::Signal(error)),
            (Ok(mut journal), ..) => match journal.end_run() {
                Ok(()) => Ok(control.progress().end.unwrap_or(End::Stopped)),
                Err(error) => Err(SessionError::Journal(CommitError { error, unwritten: Vec::new() })),
            },
        };
        Ended { status, end, failure: control.last_failure() }
    }
}

/// Sends every outcome to the journal. If the journal fails, stops the run and waits for the requests in flight.
async fn work(
    outcomes: &mut Outcomes<RowStream, InFlightRow>,
    mut skipped: SkippedRows,
    committer: &Committer<InFlightRow>,
    control: &Control,
    status: &Status,
    report: &impl Fn(&Record),
) {
    // After a failure of the journal, rows that the client has may still be applied.
    let commit = async |record, row| {
        if let Err(Stopped(record, _)) = committer.send(record, row).await {
            control.stop();
            report(&record.unwritten());
        }
    };
    let mut joined = JoinedRows::default();
    let mut is_open = true;
    let mut is_stopped = false;
    loop {
        let (record, row) = tokio::select! {
            // Outcomes arrive in bursts: the rest is polled once after a burst rather than for each of them.
            biased;
            outcome = outcomes.next() => match outcome {
                Some(outcome) => record::of_outcome(outcome, &mut joined, |row| status.was_unknown(row)),
                None => break,
            },
            row = skipped.recv(), if is_open => match row {
                Some((row, reason)) => record::of_skipped(row, &reason),
                None => {
                    is_open = false;
                    continue;
                }
            },
            // At once: the next outcome may be hours away, or depend on rows that the journal did not accept.
            () = committer.stopped(), if !is_stopped => {
                is_stopped = true;
                control.stop();
                continue;
            }
        };
        commit(record, row).await;
    }
    // The next run reads the remaining rows again.
    skipped.close();
    while let Some((row, reason)) = skipped.recv().await {
        let (record, row) = record::of_skipped(row, &reason);
        commit(record, row).await;
    }
}
