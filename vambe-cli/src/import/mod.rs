//! `vambe ticket metadata import`: sends a file of updates row by row, with a journal.
//!
//! Data flows one way: `input` (a file becomes rows) → `row_stream` (rows become updates, with bounded memory) → `session`
//! (updates become outcomes) → `journal` (outcomes are on disk) → `status` (counts of what is on disk) → `progress`, `events`,
//! `report`. No outcome is reported before it is on disk.

mod check;
mod conclusion;
mod error;
mod events;
mod file_size;
mod files;
mod input;
mod journal;
mod overview;
mod overwrites;
mod page;
mod progress;
mod record;
mod report;
mod resend;
mod resume;
mod row_file;
mod row_stream;
mod row_writer;
mod session;
mod status;
mod stop;
mod temporary;
#[cfg(feature = "queue")]
mod updates;

use std::io;

use tokio::runtime;
use vambe_api::{
    Client, RateLimit,
    bulk::{Bulk, End},
};

#[cfg(feature = "queue")]
pub(crate) use self::updates::{NewUpdate, Updates, UpdatesError};
use self::{
    error::ImportError,
    files::{Files, Written},
    input::{Change, Input, InputError, InputStats},
    journal::{CommitError, JournalError, Resumed},
    report::Report,
    session::{Ended, Session, SessionError},
};
pub(crate) use self::{
    input::{ColumnMap, Encoding, FormatName, Options, Reading, parse_column_map, parse_delimiter, parse_encoding},
    overview::status,
    page::report,
};
use crate::{
    args::{self, Format, ImportArgs, InputArgs},
    client,
    exit::Exit,
    numbers::{count, plural},
    output,
};

/// The maximum number of requests for a row that may have reached the server.
const MAX_ATTEMPTS: u32 = 3;

/// Imports a file, or checks it.
pub(crate) fn run(args: &ImportArgs) -> Exit {
    match import(args) {
        Ok(exit) | Err(ImportError::Output(exit)) => exit,
        Err(error) => {
            output::report(&error, None);
            error.exit()
        }
    }
}

fn import(args: &ImportArgs) -> Result<Exit, ImportError> {
    // One thread: handing each request from one thread to another would cost more than the request.
    let runtime = runtime::Builder::new_current_thread().enable_all().build().map_err(ImportError::Runtime)?;
    // Before anything is written.
    runtime.block_on(async { file_size::report_as_error() }).map_err(ImportError::Runtime)?;
    let input = open(&args.file, &args.input)?;
    if args.dry_run {
        return Ok(check::run(&input, &args.file, &args.input, args.format)?.conclude("nothing was sent")?);
    }
    // Client and header are checked first, since reading the whole input takes a while.
    let (client, key) = client::connect(&args.connection, |builder| builder)?;
    input.header()?;
    let stats = input.stats()?;
    let header = resume::header(&input, &stats, client.raw().transport().base_url());
    let mut files = Files::new(args, input.format(), &header.input_sha256)?;
    let unusable = |source| ImportError::Journal { path: files.journal.clone(), source };
    let (mut journal, mut resumed) = resume::open_journal(args, &input, &stats, &files.journal, &header, &key)?;
    temporary::remove_stale(&files.journal);
    journal.begin_run(&resumed.run).map_err(unusable)?;
    resume::report_earlier_runs(&resumed, &files.journal);
    files.check(&input, resumed.rows())?;
    let unusable = |source| ImportError::Journal { path: files.journal.clone(), source };
    resume::reopen_and_settle(args, &mut journal, &mut resumed).map_err(unusable)?;
    let total = limited(args, &stats, &resumed);
    if resumed.tally.finished() > 0 && resumed.tally.finished() >= total {
        output::note(format_args!("no rows left to send"));
    }
    let overwrites = resume::overwrites(args, &input, &resumed)?;
    let session = Session {
        bulk: bulk(args, &client, &mut resumed),
        rows: input.rows_of(&stats)?.until(args.input.limit_rows),
        total,
        journal,
        resumed,
        overwrites,
        limit: args.rate.map(|rate| rate.per_second()),
        unwritten: unwritten(args),
        format: args.format,
        row_events: args.row_events,
    };
    let ended = runtime.block_on(session.run());
    let exit = conclude(args, &input, &stats, total, &mut files, ended)?;
    if total < stats.rows {
        let left_out = plural(stats.rows.saturating_sub(total), "row");
        output::note(format_args!(
            "left out {left_out} after row {}: run without --limit-rows to send them",
            count(total)
        ));
    }
    Ok(exit)
}

/// Opens the file, and says how it is read.
fn open(file: &args::Input, args: &InputArgs) -> Result<Input, ImportError> {
    let options = args.options().map_err(ImportError::Set)?;
    let input = match file {
        args::Input::File(path) => Input::open(path, options)?,
        args::Input::Stdin => Input::copy_of(io::stdin().lock(), options)?,
    };
    if let Some(detected) = input.detected() {
        output::note(format_args!("reading {file} {detected}"));
    }
    Ok(input)
}

/// Returns the number of rows of this run: with `--limit-rows`, not those after the limit, unless earlier runs reached them.
fn limited(args: &ImportArgs, stats: &InputStats, resumed: &Resumed) -> u64 {
    let limit = args.input.limit_rows.map(|limit| limit.max(resumed.rows().last_done()).max(resumed.tally.finished()));
    limit.map_or(stats.rows, |limit| limit.min(stats.rows))
}

fn bulk(args: &ImportArgs, client: &Client, resumed: &mut Resumed) -> Bulk {
    let mut bulk = Bulk::new(client)
        .max_in_flight(args.in_flight)
        // Below the default, since held rows are most of the memory.
        .max_held(args.in_flight.get().saturating_mul(4).max(256))
        .give_up_after(args.give_up_after)
        .max_attempts(MAX_ATTEMPTS)
        .join_rows(args.join_rows);
    if let Some(rate) = args.rate {
        let limit = RateLimit::from(rate);
        let limit = if args.spread { limit.spread() } else { limit };
        bulk = bulk.rate_limit(limit).already_sent(std::mem::take(&mut resumed.sent));
    }
    match args.max_rejected {
        Some(rows) => bulk.max_rejected(rows),
        // If an earlier run applied rows, the URL is right.
        None if resumed.tally.applied == 0 => bulk.stop_if_first_refused(conclusion::FIRST_RESPONSES),
        None => bulk,
    }
}

/// Writes the row files, reports the end of the run, and returns its exit code.
fn conclude(
    args: &ImportArgs,
    input: &Input,
    stats: &InputStats,
    total: u64,
    files: &mut Files,
    ended: Ended,
) -> Result<Exit, ImportError> {
    let Ended { status, end, failure } = ended;
    let (tally, speed) = (status.end(), status.speed());
    let end = match end {
        Err(SessionError::Input(InputError::Changed)) => Err(ImportError::InputChanged),
        Err(error) => Err(error.into()),
        // The run reads the input until its end, which may be days later.
        Ok(end) => match input.change_since(stats) {
            Some(Change::Rewritten) => Err(ImportError::InputChanged),
            Some(Change::Grown) => Err(ImportError::InputGrown { rows: stats.rows }),
            // Stopped while the last rows were in flight.
            None if tally.finished() == total && end == End::Stopped => Ok(End::Complete),
            None => Ok(end),
        },
    };
    let written = match &end {
        // The path no longer leads to the journal.
        Err(ImportError::Session(SessionError::Journal(CommitError { error: JournalError::Moved, .. }))) => {
            Ok(Written::default())
        }
        _ => files.write(input, &tally),
    };
    let none = Written::default();
    let shown = written.as_ref().unwrap_or(&none);
    let name = end.as_ref().map_or("failed", |end| conclusion::as_str(*end));
    let cause = match end {
        Ok(End::Complete | End::Stopped | End::TooManyRejected) => None,
        Ok(End::AllRefused | End::KeyRefused) => conclusion::rejection(&tally),
        _ => failure.map(|error| status::cause(&error)),
    };
    match args.format {
        Format::Json => {
            let (cause, speed) = (cause.as_deref(), Some(speed));
            let end = events::End { end: name, cause, rows: total, tally: &tally, speed, national: None };
            events::summary(&end, Some(&files.journal), shown);
        }
        Format::Text => {
            if let Some(took) = progress::took(&speed) {
                output::note(format_args!("{took}"));
            }
            let options = args.input.row_options();
            let report = Report { rows: total, is_check: false, tally: &tally, files: shown, options: &options };
            output::print_text(&report.to_string())?;
        }
    }
    let end = end?;
    written?;
    if let Some(advice) = conclusion::advice(end, &tally, args, cause.as_deref()) {
        output::note(format_args!("{advice}"));
    }
    Ok(conclusion::exit(end, &tally))
}

/// Returns the maximum number of outcomes that are not on disk: two for each concurrent request, but no more than arrive in two
/// seconds, so that few outcomes wait for the disk at a low rate.
fn unwritten(args: &ImportArgs) -> usize {
    let per_second = args.rate.map_or(usize::MAX, |rate| rate.per_second().ceil() as usize);
    per_second.clamp(1, args.in_flight.get()).saturating_mul(2)
}
