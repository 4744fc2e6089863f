//! The end of a run: its name in JSON, its exit code, and the advice to the user.

use std::num::NonZeroUsize;

use vambe_api::bulk::End;

use super::journal::{Outcome, Tally};
use crate::{args::ImportArgs, exit::Exit};

/// The number of first responses that may all be the same rejection before the run stops.
pub(super) const FIRST_RESPONSES: NonZeroUsize = const { NonZeroUsize::new(20).unwrap() };

/// Returns the response with which the server rejected the whole run; it counts for no row.
pub(super) fn rejection(tally: &Tally) -> Option<String> {
    let rejections = tally.reasons().filter_map(|((outcome, status, reason), rows)| {
        let status = status.filter(|_| *outcome == Outcome::NotSent)?;
        Some((rows, format!("{status} {reason}")))
    });
    rejections.max_by_key(|(rows, _)| *rows).map(|(_, response)| response)
}

/// Returns the name of an end in JSON.
pub(super) fn as_str(end: End) -> &'static str {
    match end {
        End::Complete => "complete",
        End::Stopped => "stopped",
        End::KeyRefused => "key_refused",
        End::AllRefused => "all_refused",
        End::TooManyRejected => "too_many_rejected",
        End::Unreachable => "unreachable",
        // `End` is non-exhaustive: any other end is a failure too.
        _ => "gave_up",
    }
}

/// Returns the exit code of a run.
pub(super) fn exit(end: End, tally: &Tally) -> Exit {
    match (end, tally) {
        (End::KeyRefused, _) => Exit::KeyRefused,
        (End::Complete, Tally { not_sent: 0, unknown: 0, rejected: 0, .. }) => Exit::Done,
        (End::Complete, Tally { not_sent: 0, unknown: 0, .. }) => Exit::Rejected,
        _ => Exit::Unfinished,
    }
}

/// Returns what to do next, unless every row is final. `cause` is the reason why the last attempt failed.
pub(super) fn advice(end: End, tally: &Tally, args: &ImportArgs, cause: Option<&str>) -> Option<String> {
    let again = "run the same command again to resume";
    // Escaped, since it may be the server's message.
    let cause = cause.map(|cause| format!(": {}", cause.escape_debug())).unwrap_or_default();
    match end {
        End::KeyRefused => {
            let source =
                if args.connection.server.api_key_file.is_some() { "the file of --api-key-file" } else { "VAMBE_API_KEY" };
            Some(format!(
                "error: the server rejected the API key{cause}: check the key in {source} and its permissions; {again}"
            ))
        }
        End::AllRefused => Some(format!(
            "error: the first {FIRST_RESPONSES} responses were the same rejection{cause}: check the base URL; no row was recorded \
             as rejected; if all these rows are invalid, run again with --max-rejected N"
        )),
        End::TooManyRejected => Some(format!(
            "error: the server rejected more rows than --max-rejected allows: check the reasons; {again}, with a higher \
             --max-rejected to send the rest"
        )),
        End::Unreachable => Some(format!(
            "error: could not connect to the server{cause}: check the base URL, the network and the proxy settings, or run \
             `vambe doctor`; nothing was sent; {again}"
        )),
        End::Stopped => Some(format!("stopped: {again}")),
        End::Complete if tally.unknown > 0 => Some(
            "run the same command again to send the rows that are unknown or not sent; if their tickets show that the unknown \
             rows were applied, add --settle-unknown to count them as applied"
                .to_owned(),
        ),
        End::Complete if tally.not_sent > 0 => {
            Some("run the same command again to send the rows that were not sent".to_owned())
        }
        End::Complete => None,
        _ => Some(format!("error: no request succeeded for too long{cause}: check the network and the base URL; {again}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_end_has_its_exit_code() {
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
