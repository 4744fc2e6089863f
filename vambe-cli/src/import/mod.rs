//! `vambe ticket metadata import`: a file of updates, sent row by row, with a journal.
//!
//! Data flows one way: `input` (a file becomes rows) → `feed` (rows become updates, with bounded memory) → `session` (updates
//! become outcomes) → `journal` (outcomes come to be on disk) → `status` (what is on disk is counted) → `progress`, `events`,
//! `report`. Nothing is told of a row that is not on disk.

mod check;
mod error;
mod events;
mod failed;
mod feed;
mod file_size;
mod files;
mod input;
mod journal;
mod progress;
mod record;
mod report;
mod send_again;
mod session;
mod status;
mod stop;
mod temporary;

use std::{fmt::Write as _, io, num::NonZeroUsize, path::Path};

use jiff::Timestamp;
use tokio::runtime;
use vambe_api::{
    RateLimit,
    bulk::{Bulk, End},
};

pub(crate) use self::input::{FormatName, parse_delimiter};
use self::{
    error::ImportError,
    feed::Pending,
    files::Files,
    input::{Change, Format as RowFormat, Input, InputError, Options, Survey},
    journal::{
        Account, CommitError, Committer, Header, Journal, JournalError, NewRun, Opened, Repaired, Resumed, Tally,
    },
    progress::{count, plural},
    report::Report,
    session::{Ended, Session, SessionError},
};
use crate::{
    args::{self, Format, ImportArgs},
    client,
    exit::Exit,
    output,
};

/// The most requests for a row of which the server may have done something.
const MAX_ATTEMPTS: u32 = 3;

/// Imports a file, or checks it.
pub(crate) fn run(args: ImportArgs) -> Exit {
    match import(&args) {
        Ok(exit) | Err(ImportError::Output(exit)) => exit,
        Err(error) => {
            output::report(&error, None);
            error.exit()
        }
    }
}

fn import(args: &ImportArgs) -> Result<Exit, ImportError> {
    // On this thread alone: handing each request from one thread to another would cost more than the request.
    let runtime = runtime::Builder::new_current_thread().enable_all().build().map_err(ImportError::Runtime)?;
    // Before anything is written.
    runtime.block_on(async { file_size::report_as_error() }).map_err(ImportError::Runtime)?;
    let options = Options { format: args.input_format, delimiter: args.delimiter };
    let input = match &args.file {
        args::Input::File(path) => Input::open(path, options)?,
        args::Input::Stdin => Input::copy_of(io::stdin().lock(), options)?,
    };
    if args.dry_run {
        return check::run(&input, &args.file.to_string(), args.format);
    }
    // Before the input is read to its end: that takes a while, and this does not.
    let (builder, key) = client::builder_and_key(&args.connection)?;
    let client = client::build(builder)?;
    // Before the input is read to its end, since the header may be wrong.
    input.header()?;
    let survey = input.survey()?;
    let rows = input.rows_of(&survey)?;
    let header = header(input.format(), &survey, client.raw().transport().base_url());
    let mut files = Files::new(args, input.format(), &header.input_sha256)?;
    let unusable = |source| ImportError::Journal { path: files.journal.clone(), source };
    let new_run = NewRun {
        account: Account { key: &key, is_same: args.same_account },
        rate: args.rate,
        max_attempts: MAX_ATTEMPTS,
        unrecorded: unrecorded(args),
    };
    let (mut journal, mut resumed) = match Journal::open(&files.journal, &header, &new_run).map_err(unusable)? {
        Opened::Whole(journal, resumed) => (journal, resumed),
        Opened::Damaged(damaged) => {
            let again = send_again::later_rows(input.rows_of(&survey)?, &damaged)?;
            damaged.repair(&header, &new_run, &again).map_err(unusable)?
        }
    };
    temporary::remove_stale(&files.journal);
    journal.begin_run(&resumed.run).map_err(unusable)?;
    tell_of_earlier_runs(&resumed, &files.journal, survey.rows);
    files.look_at_failed(&input)?;
    let rejected_before = resumed.tally.rejected;

    let mut bulk = Bulk::new(&client)
        .max_in_flight(args.in_flight)
        // Fewer than by default: they are most of the memory that is taken for rows.
        .max_held(args.in_flight.get().saturating_mul(4).max(256))
        .give_up_after(args.give_up_after)
        .max_attempts(MAX_ATTEMPTS)
        .join_rows(args.join_rows);
    if let Some(rate) = args.rate {
        let limit = RateLimit::from(rate);
        let limit = if args.spread { limit.spread() } else { limit };
        bulk = bulk.rate_limit(limit).already_sent(std::mem::take(&mut resumed.sent));
    }
    let limit = args.rate.map(|rate| rate.per_second());
    let session =
        Session { bulk, rows, total: survey.rows, journal, resumed, limit, batch: batch(args), format: args.format };
    let Ended { status, end } = runtime.block_on(session.run());
    let tally = status.tally();
    let end = match end {
        Err(SessionError::Input(InputError::Changed)) => Err(ImportError::InputChanged),
        Err(error) => Err(error.into()),
        // The input is read for as long as the run takes, which may be days.
        Ok(end) => match input.change_since(&survey) {
            Some(Change::Rewritten) => Err(ImportError::InputChanged),
            Some(Change::Grown) => Err(ImportError::InputGrown { rows: survey.rows }),
            // It was stopped while the last rows were on their way.
            None if tally.applied.saturating_add(tally.rejected) == survey.rows && end == End::Stopped => {
                Ok(End::Complete)
            }
            None => Ok(end),
        },
    };
    let journal_path = files.journal.clone();
    let failed = match &end {
        // It is another file, or none.
        Err(ImportError::Session(SessionError::Journal(CommitError { error: JournalError::Moved, .. }))) => Ok(None),
        _ => files.write_failed(&input, tally.rejected, tally.rejected > rejected_before),
    };
    let failed_path = failed.as_ref().ok().copied().flatten();
    let end_word = end.as_ref().map_or("failed", |end| word(*end));
    match args.format {
        Format::Json => events::summary(end_word, survey.rows, &tally, Some(&journal_path), failed_path),
        Format::Text => {
            let report = Report { rows: survey.rows, is_check: false, tally: &tally, failed: failed_path };
            output::print(|out| write!(out, "{report}"))?;
        }
    }
    let end = end?;
    failed?;
    if let Some(advice) = advice(end, &tally, args) {
        output::note(format_args!("{advice}"));
    }
    Ok(exit(end, &tally))
}

/// Returns how many outcomes are written at once: as many as there are requests in flight, and no more than come in a second,
/// so that few wait for the disk where there is no hurry.
fn batch(args: &ImportArgs) -> NonZeroUsize {
    let per_second = args.rate.map_or(usize::MAX, |rate| rate.per_second().ceil() as usize);
    NonZeroUsize::new(per_second).map_or(args.in_flight, |per_second| per_second.min(args.in_flight))
}

/// Returns the most requests of a run that have no record if it is killed: those of the rows in flight, and of the rows whose
/// outcomes are not on disk yet.
fn unrecorded(args: &ImportArgs) -> u64 {
    let rows = args.in_flight.get().saturating_add(Committer::<Pending>::most_unwritten(batch(args)));
    u64::try_from(rows).unwrap_or(u64::MAX).saturating_mul(MAX_ATTEMPTS.into())
}

/// What the journal of this import belongs to.
fn header(format: RowFormat, survey: &Survey, base_url: &str) -> Header {
    let sha256 = survey.sha256.iter().fold(String::new(), |mut text, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    });
    Header {
        input_sha256: sha256,
        input_bytes: survey.bytes,
        input_rows: survey.rows,
        format: match format {
            RowFormat::Csv { delimiter } => format!("csv, {:?}", char::from(delimiter)),
            RowFormat::Ndjson => "ndjson".to_owned(),
        },
        base_url: base_url.to_owned(),
        started: Timestamp::now(),
    }
}

fn tell_of_earlier_runs(resumed: &Resumed, journal: &Path, rows: u64) {
    let Tally { applied, rejected, .. } = resumed.tally;
    if applied > 0 || rejected > 0 {
        output::note(format_args!(
            "going on with {}, begun {}: {} applied and {} rejected already",
            journal.display(),
            resumed.started.strftime("%Y-%m-%d %H:%M UTC"),
            count(applied),
            count(rejected)
        ));
        if resumed.is_all(rows) {
            output::note(format_args!("nothing was left to send"));
        }
    }
    if let Some(Repaired { kept, lines, again }) = &resumed.repaired {
        output::warn(&format!(
            "the journal was damaged in {}, and is kept as {}: rows that have lost their record are sent again, and {} that \
             come after them for the same tickets",
            plural(*lines, "line"),
            kept.display(),
            plural(*again, "row")
        ));
    }
    if let Some(dropped) = resumed.dropped {
        output::warn(&format!(
            "the end of the journal was torn ({}) and is cut off: its rows are sent again",
            plural(dropped.bytes, "byte")
        ));
    }
}

/// The word for an end, for programs.
fn word(end: End) -> &'static str {
    match end {
        End::Complete => "complete",
        End::Stopped => "stopped",
        End::KeyRefused => "key_refused",
        // And whatever else it will be that is no success.
        _ => "gave_up",
    }
}

fn exit(end: End, tally: &Tally) -> Exit {
    match (end, tally) {
        (End::KeyRefused, _) => Exit::KeyRefused,
        (End::Complete, Tally { not_sent: 0, unknown: 0, rejected: 0, .. }) => Exit::Done,
        (End::Complete, Tally { not_sent: 0, unknown: 0, .. }) => Exit::Rejected,
        _ => Exit::Unfinished,
    }
}

/// What to do next, if it is not all done.
fn advice(end: End, tally: &Tally, args: &ImportArgs) -> Option<String> {
    let again = "the same command goes on where this one stopped";
    match end {
        End::KeyRefused => {
            let place =
                if args.connection.api_key_file.is_some() { "the file of --api-key-file" } else { "VAMBE_API_KEY" };
            Some(format!("error: the server does not take the API key: look at the one in {place}; {again}"))
        }
        End::Stopped => Some(format!("stopped: {again}")),
        End::Complete if tally.not_sent > 0 || tally.unknown > 0 => {
            Some("the same command sends the rows again that are not sent or unknown".to_owned())
        }
        End::Complete => None,
        _ => Some(format!("error: nothing got through for too long: look at the network and the base URL; {again}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exit_code_tells_whether_to_mend_to_run_again_or_to_look_at_the_key() {
        let tally = |rejected, not_sent, unknown| {
            let mut tally = Tally::default();
            (tally.applied, tally.rejected, tally.not_sent, tally.unknown) = (1, rejected, not_sent, unknown);
            tally
        };
        for (end, tally, expected) in [
            (End::Complete, tally(0, 0, 0), Exit::Done),
            (End::Complete, tally(1, 0, 0), Exit::Rejected),
            (End::Complete, tally(1, 0, 1), Exit::Unfinished),
            (End::Complete, tally(0, 1, 0), Exit::Unfinished),
            (End::Stopped, tally(0, 0, 0), Exit::Unfinished),
            (End::GaveUp, tally(1, 0, 0), Exit::Unfinished),
            (End::KeyRefused, tally(1, 1, 1), Exit::KeyRefused),
        ] {
            assert_eq!(exit(end, &tally), expected, "{end:?}, {tally:?}");
        }
    }
}
