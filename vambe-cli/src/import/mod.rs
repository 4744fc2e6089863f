//! `vambe ticket metadata import`: a file of updates, sent row by row, with a journal.
//!
//! Data flows one way: `input` (a file becomes rows) → `feed` (rows become updates, with bounded memory) → `session` (updates
//! become outcomes) → `journal` (outcomes come to be on disk) → `status` (what is on disk is counted) → `progress`, `events`,
//! `report`. Nothing is told of a row that is not on disk.

mod check;
mod conclusion;
mod error;
mod events;
mod failed;
mod feed;
mod file_size;
mod files;
mod input;
mod journal;
mod newer;
mod progress;
mod record;
mod report;
mod row_file;
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
    files::{Files, Written},
    input::{Change, Format as RowFormat, Input, InputError, Options, Survey},
    journal::{
        Account, CommitError, Committer, Header, Journal, JournalError, NewRun, Opened, Repaired, Resumed, Tally,
    },
    newer::{LeaveOut, Newer, Roles},
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
    let journal_path = files.journal.clone();
    let unusable = |source| ImportError::Journal { path: journal_path.clone(), source };
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
    files.look(&input, &resumed)?;
    reopen_and_settle(args, &mut journal, &mut resumed).map_err(unusable)?;
    let leave_out = match args.overwrite_newer {
        true => LeaveOut::Nothing,
        false if resumed.reopened() == 0 => LeaveOut::Newer(Newer::nothing()),
        false => {
            let (wanted, rows) = (|row| resumed.is_reopened(row), resumed.rows());
            let roles = Roles { wanted, done: |row| rows.is_done(row), last_done: rows.last_done() };
            LeaveOut::Newer(Newer::find(&input, &roles, 0, usize::MAX)?)
        }
    };

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
    bulk = match args.max_rejected {
        Some(rows) => bulk.max_rejected(rows),
        // Where something was applied before, the URL is right.
        None if resumed.tally.applied == 0 => bulk.stop_if_first_refused(conclusion::FIRST_ANSWERS),
        None => bulk,
    };
    let limit = args.rate.map(|rate| rate.per_second());
    let session = Session {
        bulk,
        rows,
        total: survey.rows,
        journal,
        resumed,
        leave_out,
        limit,
        batch: batch(args),
        format: args.format,
    };
    let Ended { status, end, failure } = runtime.block_on(session.run());
    let tally = status.end();
    let end = match end {
        Err(SessionError::Input(InputError::Changed)) => Err(ImportError::InputChanged),
        Err(error) => Err(error.into()),
        // The input is read for as long as the run takes, which may be days.
        Ok(end) => match input.change_since(&survey) {
            Some(Change::Rewritten) => Err(ImportError::InputChanged),
            Some(Change::Grown) => Err(ImportError::InputGrown { rows: survey.rows }),
            // It was stopped while the last rows were on their way.
            None if tally.finished() == survey.rows && end == End::Stopped => Ok(End::Complete),
            None => Ok(end),
        },
    };
    let written = match &end {
        // It is another file, or none.
        Err(ImportError::Session(SessionError::Journal(CommitError { error: JournalError::Moved, .. }))) => {
            Ok(Written::default())
        }
        _ => files.write(&input, &tally),
    };
    let none = Written::default();
    let shown = written.as_ref().unwrap_or(&none);
    let end_word = end.as_ref().map_or("failed", |end| conclusion::word(*end));
    let cause = match end {
        Ok(End::Complete | End::Stopped | End::TooManyRejected) => None,
        Ok(End::AllRefused | End::KeyRefused) => conclusion::refusal(&tally),
        _ => failure.map(|error| status::cause(&error)),
    };
    match args.format {
        Format::Json => {
            let end = events::End { end: end_word, cause: cause.as_deref(), rows: survey.rows, tally: &tally };
            events::summary(&end, Some(&journal_path), shown);
        }
        Format::Text => {
            let report = Report { rows: survey.rows, is_check: false, tally: &tally, files: shown };
            output::print(|out| write!(out, "{report}"))?;
        }
    }
    let end = end?;
    written?;
    if let Some(advice) = conclusion::advice(end, &tally, args, cause.as_deref()) {
        output::note(format_args!("{advice}"));
    }
    Ok(conclusion::exit(end, &tally))
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

/// Carries out `--retry-rejected` and `--settle-unknown`.
fn reopen_and_settle(args: &ImportArgs, journal: &mut Journal, resumed: &mut Resumed) -> Result<(), JournalError> {
    if args.retry_rejected {
        let rows = journal.reopen_rejected(resumed)?;
        output::note(format_args!("{} of earlier runs to be sent again", plural(rows, "rejected row")));
    }
    if args.settle_unknown {
        let rows = journal.settle_unknown(resumed)?;
        output::note(format_args!(
            "{} of earlier runs settled: taken as applied, not sent again",
            plural(rows, "unknown row")
        ));
    }
    Ok(())
}
