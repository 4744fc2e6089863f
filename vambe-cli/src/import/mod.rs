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
mod files;
mod input;
mod journal;
mod newer;
mod progress;
mod record;
mod report;
mod row_file;
mod session;
mod status;
mod stop;

use std::{fmt::Write as _, io, num::NonZeroUsize, path::Path};

use jiff::Timestamp;
use tokio::runtime;
use vambe_api::bulk::{Bulk, End};

pub(crate) use self::input::{FormatName, parse_delimiter};
use self::{
    error::ImportError,
    files::{Files, Written},
    input::{Format as RowFormat, Input, Options, Survey},
    journal::{Header, Journal, JournalError, Outcome, Resumed, Tally},
    newer::{LeaveOut, Newer, Roles},
    progress::{count, plural},
    report::Report,
    session::{Ended, Session},
};
use crate::{
    args::{self, Format, ImportArgs},
    client,
    exit::Exit,
    output,
};

/// How many first answers of a run may be the same refusal until it stops.
const FIRST_ANSWERS: NonZeroUsize = const { NonZeroUsize::new(20).unwrap() };

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
    let options = Options { format: args.input_format, delimiter: args.delimiter };
    let input = match &args.file {
        args::Input::File(path) => Input::open(path, options)?,
        args::Input::Stdin => Input::copy_of(io::stdin().lock(), options)?,
    };
    if args.dry_run {
        return check::run(&input, &args.file.to_string(), args.format);
    }
    // Before the input is read to its end: that takes a while, and this does not.
    let client = client::build(client::builder(&args.connection)?)?;
    // Also tells of a wrong header.
    let rows = input.rows()?;
    let survey = input.survey()?;
    let header = header(input.format(), &survey, client.raw().transport().base_url());
    let mut files = Files::new(args, input.format(), &header.input_sha256)?;
    let journal_path = files.journal.clone();
    let failed = |source| ImportError::Journal { path: journal_path.clone(), source };
    let (mut journal, mut resumed) = Journal::open(&files.journal, &header).map_err(failed)?;
    tell_of_earlier_runs(&resumed, &files.journal);
    files.look(&input, &resumed)?;
    reopen_and_settle(args, &mut journal, &mut resumed).map_err(failed)?;
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
        .join_rows(args.join_rows);
    if let Some(rate) = args.rate {
        bulk = bulk.rate_limit(rate.into());
    }
    bulk = match args.max_rejected {
        Some(rows) => bulk.max_rejected(rows),
        // Where something was applied before, the URL is right.
        None if resumed.tally.applied == 0 => bulk.stop_if_first_refused(FIRST_ANSWERS),
        None => bulk,
    };
    let limit = args.rate.map(|rate| rate.per_second());
    let session = Session { bulk, rows, total: survey.rows, journal, resumed, leave_out, limit, format: args.format };
    // On this thread alone: handing each request from one thread to another would cost more than the request.
    let runtime = runtime::Builder::new_current_thread().enable_all().build().map_err(ImportError::Runtime)?;
    let Ended { status, end, failure } = runtime.block_on(session.run());
    let tally = status.end();
    let end = match end {
        // The input is read for as long as the run takes, which may be days.
        Ok(_) if input.is_changed_since(&survey) => Err(ImportError::InputChanged),
        // It was stopped while the last rows were on their way.
        Ok(End::Stopped) if tally.finished() == survey.rows => Ok(End::Complete),
        end => end.map_err(ImportError::from),
    };
    let written = files.write(&input, &tally);
    let none = Written::default();
    let shown = written.as_ref().unwrap_or(&none);
    let end_word = end.as_ref().map_or("failed", |end| word(*end));
    let cause = match end {
        Ok(End::Complete | End::Stopped | End::TooManyRejected) => None,
        Ok(End::AllRefused | End::KeyRefused) => refusal(&tally),
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
    if let Some(advice) = advice(end, &tally, args, cause.as_deref()) {
        output::note(format_args!("{advice}"));
    }
    Ok(exit(end, &tally))
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

fn tell_of_earlier_runs(resumed: &Resumed, journal: &Path) {
    let Tally { applied, rejected, .. } = resumed.tally;
    if applied > 0 || rejected > 0 {
        output::note(format_args!(
            "going on with {}, begun {}: {} applied and {} rejected already",
            journal.display(),
            resumed.started.strftime("%Y-%m-%d %H:%M UTC"),
            count(applied),
            count(rejected)
        ));
    }
    if let Some(dropped) = resumed.dropped {
        output::warn(&format!(
            "the end of the journal was torn or damaged ({}) and is cut off: the rows that it told of are sent again",
            plural(dropped.lines, "line")
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

/// The answer by which the server has refused a whole run: no row is rejected by it.
fn refusal(tally: &Tally) -> Option<String> {
    let refusals = tally.reasons().filter_map(|((outcome, status, reason), rows)| {
        let status = status.filter(|_| *outcome == Outcome::NotSent)?;
        Some((rows, format!("{status} {reason}")))
    });
    refusals.max_by_key(|(rows, _)| *rows).map(|(_, answer)| answer)
}

/// The word for an end, for programs.
fn word(end: End) -> &'static str {
    match end {
        End::Complete => "complete",
        End::Stopped => "stopped",
        End::KeyRefused => "key_refused",
        End::AllRefused => "all_refused",
        End::TooManyRejected => "too_many_rejected",
        End::Unreachable => "unreachable",
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

/// What to do next, if it is not all done. `cause` is why the last attempt failed.
fn advice(end: End, tally: &Tally, args: &ImportArgs, cause: Option<&str>) -> Option<String> {
    let again = "run the same command again to resume";
    // The message may be the server's, of any form.
    let cause = cause.map(|cause| format!(": {}", cause.escape_debug())).unwrap_or_default();
    match end {
        End::KeyRefused => {
            let place =
                if args.connection.api_key_file.is_some() { "the file of --api-key-file" } else { "VAMBE_API_KEY" };
            Some(format!(
                "error: the server rejected the API key{cause}: check the key in {place} and its permissions; {again}"
            ))
        }
        End::AllRefused => Some(format!(
            "error: the first {FIRST_ANSWERS} answers were all the same{cause}: check the base URL; nothing was recorded \
             as rejected; if the rows really are all wrong, run again with --max-rejected N"
        )),
        End::TooManyRejected => Some(format!(
            "error: the server rejected more rows than --max-rejected allows: look at the reasons; {again}, with a higher \
             --max-rejected if the rest is to be sent"
        )),
        End::Unreachable => Some(format!(
            "error: could not connect to the server{cause}: check the base URL, the network and the proxy settings; nothing was \
             sent; {again}"
        )),
        End::Stopped => Some(format!("stopped: {again}")),
        End::Complete if tally.unknown > 0 => Some(
            "run the same command again to send the rows that are unknown or not sent; if their tickets show that the unknown \
             rows were applied, --settle-unknown takes them as done"
                .to_owned(),
        ),
        End::Complete if tally.not_sent > 0 => {
            Some("run the same command again to send the rows that are not sent".to_owned())
        }
        End::Complete => None,
        _ => Some(format!("error: no request succeeded for too long{cause}: check the network and the base URL; {again}")),
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
            (End::AllRefused, tally(0, 1, 0), Exit::Unfinished),
            (End::TooManyRejected, tally(1, 1, 0), Exit::Unfinished),
            (End::Unreachable, tally(0, 1, 0), Exit::Unfinished),
            (End::KeyRefused, tally(1, 1, 1), Exit::KeyRefused),
        ] {
            assert_eq!(exit(end, &tally), expected, "{end:?}, {tally:?}");
        }
    }
}
