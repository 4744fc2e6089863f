//! Resumes an import: opens its journal, reports earlier runs, and prepares their rows.

use std::{fmt::Write as _, path::Path};

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::{
    MAX_ATTEMPTS,
    error::ImportError,
    input::{Encoding, Format, Input, InputError, InputStats},
    journal::{Account, Header, InputOptions, Journal, JournalError, NewRun, Opened, Repaired, Resumed, Tally},
    overwrites::{OverwriteIndex, RowFilter},
    resend, unwritten,
};
use crate::{
    args::ImportArgs,
    client::ApiKey,
    numbers::{count, plural},
    output,
};

/// Creates the header of the journal, which identifies the import.
pub(super) fn header(input: &Input, stats: &InputStats, base_url: &str) -> Header {
    let sha256 = hexadecimal(&stats.sha256);
    let options = input_options(input, &sha256);
    Header {
        input_sha256: sha256,
        input_bytes: stats.bytes,
        input_rows: stats.rows,
        format: match input.format() {
            _ if input.sheet().is_some() => "xlsx".to_owned(),
            Format::Csv { delimiter } => format!("csv, {:?}", char::from(delimiter)),
            Format::Ndjson => "ndjson".to_owned(),
        },
        options,
        base_url: base_url.to_owned(),
        started: Timestamp::now(),
    }
}

/// Returns the options that affect the content of a row.
pub(super) fn input_options(input: &Input, sha256: &str) -> InputOptions {
    let reading = input.reading();
    let mut maps: Vec<_> = reading.maps.iter().map(ToString::to_string).collect();
    maps.sort();
    let pairs = reading.constants.iter().flatten();
    // With the digest of the input, so that nobody can look it up in a table.
    let digest = pairs.fold(Sha256::new_with_prefix(sha256), |digest, (key, value)| {
        digest.chain_update(key).chain_update([0xff]).chain_update(value).chain_update([0xff])
    });
    InputOptions {
        encoding: (input.encoding() != Encoding::UTF_8).then(|| input.encoding().to_string()),
        sheet: input.sheet().map(str::to_owned),
        map: maps,
        default_country: reading.country.map(|country| country.to_string()),
        set_sha256: reading.constants.is_some().then(|| hexadecimal(&digest.finalize())),
    }
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Opens the journal, or repairs it if it is damaged.
pub(super) fn open_journal(
    args: &ImportArgs,
    input: &Input,
    stats: &InputStats,
    path: &Path,
    header: &Header,
    key: &ApiKey,
) -> Result<(Journal, Resumed), ImportError> {
    let unusable = |source| ImportError::Journal { path: path.to_owned(), source };
    let new_run = NewRun {
        account: Account { key, is_same: args.same_account },
        rate: args.rate,
        max_attempts: MAX_ATTEMPTS,
        unrecorded: unrecorded(args),
    };
    match Journal::open(path, header, &new_run).map_err(unusable)? {
        Opened::Whole(journal, resumed) => Ok((journal, resumed)),
        Opened::Damaged(damaged) => {
            let resend = resend::rows_to_resend(input.rows_of(stats)?, &damaged)?;
            damaged.repair(header, &new_run, &resend).map_err(unusable)
        }
    }
}

/// Returns the maximum number of requests without a record if the run is killed: those of the rows in flight and of the rows
/// whose outcomes are not on disk yet.
fn unrecorded(args: &ImportArgs) -> u64 {
    // And one that waits for the journal to take it.
    let rows = args.in_flight.get().saturating_add(unwritten(args)).saturating_add(1);
    u64::try_from(rows).unwrap_or(u64::MAX).saturating_mul(MAX_ATTEMPTS.into())
}

/// Reports the outcomes of earlier runs, and repairs of the journal.
pub(super) fn report_earlier_runs(resumed: &Resumed, journal: &Path) {
    let Tally { applied, rejected, .. } = resumed.tally;
    if applied > 0 || rejected > 0 {
        output::note(format_args!(
            "resuming {}, started {}: {} applied and {} rejected so far",
            journal.display(),
            resumed.started.strftime("%Y-%m-%d %H:%M UTC"),
            count(applied),
            count(rejected)
        ));
    }
    if let Some(Repaired { kept, lines, resend }) = &resumed.repaired {
        output::warn(&format!(
            "the journal was damaged in {} and is kept as {}: the rows of these lines are sent again, and {} after them for \
             the same tickets",
            plural(*lines, "line"),
            kept.display(),
            plural(*resend, "row")
        ));
    }
    if let Some(dropped) = resumed.dropped {
        output::warn(&format!(
            "the end of the journal was torn ({}) and was truncated: its rows are sent again",
            plural(dropped.bytes, "byte")
        ));
    }
}

/// Carries out `--retry-rejected` and `--settle-unknown`.
pub(super) fn reopen_and_settle(
    args: &ImportArgs,
    journal: &mut Journal,
    resumed: &mut Resumed,
) -> Result<(), JournalError> {
    if args.retry_rejected {
        let rows = journal.reopen_rejected(resumed)?;
        output::note(format_args!("sending {} of earlier runs again", plural(rows, "rejected row")));
    }
    if args.settle_unknown {
        let rows = journal.settle_unknown(resumed)?;
        output::note(format_args!("counting {} of earlier runs as applied", plural(rows, "unknown row")));
    }
    Ok(())
}

/// Finds the values that reopened rows must not overwrite; `None` with `--overwrite-newer`.
pub(super) fn overwrites(
    args: &ImportArgs,
    input: &Input,
    resumed: &Resumed,
) -> Result<Option<OverwriteIndex>, InputError> {
    if args.overwrite_newer {
        return Ok(None);
    }
    if resumed.reopened() == 0 {
        return Ok(Some(OverwriteIndex::empty()));
    }
    let (wanted, rows) = (|row| resumed.is_reopened(row), resumed.rows());
    let filter = RowFilter { wanted, done: |row| rows.is_done(row), last_done: rows.last_done() };
    OverwriteIndex::build(input, &filter, 0, usize::MAX).map(Some)
}
