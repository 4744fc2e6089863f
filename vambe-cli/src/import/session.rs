//! One run: from the feed through the client into the journal, until it ends or is stopped.

use std::{io, num::NonZeroUsize, sync::Arc};

use tokio::{
    runtime::Handle,
    task::{self, JoinError},
};
use vambe_api::bulk::{Bulk, Control, End, Outcomes};

use super::{
    events,
    feed::{self, Feed, Pending, Unsent, Why},
    input::{InputError, Rows},
    journal::{CommitError, Committer, Journal, Record, Resumed, Stopped},
    newer::LeaveOut,
    progress::Display,
    record::{self, JoinedRows},
    status::Status,
    stop,
};
use crate::args::Format;

/// What a run is about.
pub(super) struct Session {
    pub(super) bulk: Bulk,
    pub(super) rows: Rows,
    /// How many there are.
    pub(super) total: u64,
    pub(super) journal: Journal,
    pub(super) resumed: Resumed,
    pub(super) leave_out: LeaveOut,
    /// The most rows a second that the rate limit allows.
    pub(super) limit: Option<f64>,
    /// The most outcomes that are written at once.
    pub(super) batch: NonZeroUsize,
    pub(super) format: Format,
}

/// How a run ended, and what is on disk.
pub(super) struct Ended {
    pub(super) status: Status,
    pub(super) end: Result<End, SessionError>,
    /// The error of the last attempt, if it failed.
    pub(super) failure: Option<Arc<vambe_api::Error>>,
}

/// What has ended a run before its end. What is in the journal by then is so.
#[derive(Debug, thiserror::Error)]
pub(super) enum SessionError {
    #[error("the run was stopped, since its journal cannot be written")]
    Journal(#[source] CommitError<Pending>),
    #[error("the run was stopped, since the input cannot be read to its end")]
    Input(#[source] InputError),
    #[error("the thread that reads the input ended early; this is a fault of vambe: report it")]
    Reader(#[source] JoinError),
    #[error("Ctrl-C cannot be listened to")]
    Signal(#[source] io::Error),
}

impl Session {
    /// Sends what is to be sent, and returns when all that has become known is in the journal.
    pub(super) async fn run(self) -> Ended {
        let Self { bulk, rows, total, journal, resumed, leave_out, limit, batch, format } = self;
        let (tally, unknown) = (resumed.tally.clone(), resumed.unknown().collect());
        let (reader, feed, unsent) = feed::feed(rows, resumed, leave_out);
        let mut outcomes = bulk.run(feed);
        let control = outcomes.control();
        let status = Status::new(total, tally, unknown, limit, control.clone());
        let display = Display::new(format, total);

        let counted = status.clone();
        let report = move |record: &Record| {
            counted.add(record);
            if format == Format::Json {
                events::row(record);
            }
        };
        let on_disk = report.clone();
        let committer = Committer::start(journal, batch, move |record, _: Pending| on_disk(&record));
        let runtime = Handle::current();
        let watched = control.clone();
        let reading = task::spawn_blocking(move || reader.read(&runtime, &watched));
        let stopped = tokio::select! {
            // Signals are listened to before anything is sent.
            biased;
            stopped = stop::on_signal(&control, &display) => stopped,
            () = work(&mut outcomes, unsent, &committer, &control, &status, &report) => Ok(()),
            () = display.follow(&status) => Ok(()),
        };
        // With the feed, so that the reader ends.
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

/// Hands every outcome to the journal. If that fails, it stops the run; what is in flight is still waited for.
async fn work(
    outcomes: &mut Outcomes<Feed, Pending>,
    mut unsent: Unsent,
    committer: &Committer<Pending>,
    control: &Control,
    status: &Status,
    report: &impl Fn(&Record),
) {
    // If the journal fails, the run is stopped below, and what the client was given may have been applied.
    let commit = async |record, pending| {
        if let Err(Stopped(record, _)) = committer.send(record, pending).await {
            report(&record.unwritten());
        }
    };
    let mut joined = JoinedRows::default();
    let mut is_open = true;
    let mut is_stopped = false;
    loop {
        let (record, pending) = tokio::select! {
            outcome = outcomes.next() => match outcome {
                Some(outcome) => record::of_outcome(joined.count_once(outcome), |row| status.was_unknown(row)),
                None => break,
            },
            row = unsent.recv(), if is_open => match row {
                Some((pending, why)) => record_of(pending, &why),
                None => {
                    is_open = false;
                    continue;
                }
            },
            // At once: the next outcome may be hours away, or wait for what the journal did not take.
            () = committer.stopped(), if !is_stopped => {
                is_stopped = true;
                control.stop();
                continue;
            }
        };
        commit(record, pending).await;
    }
    // Those that are not taken any more are read again in the next run.
    unsent.close();
    while let Some((pending, why)) = unsent.recv().await {
        let (record, pending) = record_of(pending, &why);
        commit(record, pending).await;
    }
}

/// The record of a row that is not sent.
fn record_of(pending: Pending, why: &Why) -> (Record, Pending) {
    match why {
        Why::Faulty(faults) => record::of_faults(pending, faults),
        Why::Superseded => record::superseded(pending),
    }
}
