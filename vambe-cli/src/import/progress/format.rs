//! The parts of a progress display: counts, speed, times, and the current state.

use std::time::Duration;

use vambe_api::bulk::Wait;

use crate::{
    import::status::Snapshot,
    numbers::{self, count},
    terminal::Paint,
};

/// The maximum number of characters that are shown of a cause.
const MAX_CAUSE: usize = 100;

/// Formats a time by its two largest units, rounded up: `1d 13h`, `3min 20s`, `4s`.
pub(crate) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs() + u64::from(duration.subsec_nanos() > 0);
    let parts = [(seconds / 86_400, "d"), (seconds / 3_600 % 24, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")];
    let first = parts.iter().position(|(number, _)| *number > 0).unwrap_or(parts.len() - 1);
    let shown = parts.iter().skip(first).take(2).enumerate();
    let shown = shown.filter(|(index, (number, _))| *index == 0 || *number > 0);
    shown.map(|(_, (number, unit))| format!("{number}{unit}")).collect::<Vec<_>>().join(" ")
}

/// Formats a rate in the largest unit that keeps it a readable number: `35/s`, `300/min`, `1,000/h`.
pub(crate) fn pace(rows_a_second: f64) -> String {
    let (pace, unit) = match rows_a_second {
        second if second >= 10.0 => (second, "s"),
        second if second >= 1.0 => (second * 60.0, "min"),
        second => (second * 3600.0, "h"),
    };
    // Not negative and far below 2⁵³; the cast saturates.
    format!("{}/{unit}", count(pace.round() as u64))
}

/// Formats a share, rounded down: `24.6%`, and `100.0%` only when everything is done.
pub(crate) fn percent(done: u64, of: u64) -> String {
    let tenths = (u128::from(done) * 1_000).checked_div(u128::from(of)).unwrap_or(1_000);
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// Describes what the run does or waits for, and why the last attempt failed if it did.
pub(crate) fn state(snapshot: &Snapshot) -> String {
    let activity = activity(snapshot);
    // Shortened and escaped, since it may be the server's message.
    let cause = snapshot.cause.as_ref().map(|cause| cause.chars().take(MAX_CAUSE).collect::<String>());
    let cause = cause.map(|cause| format!("; last error: {}", cause.escape_debug()));
    activity + &cause.unwrap_or_default()
}

fn activity(snapshot: &Snapshot) -> String {
    match snapshot.wait {
        // A time that changes several times a second is unreadable.
        Some((time, Wait::RateLimit)) if time.is_none_or(|time| time < Duration::from_secs(1)) => {
            "at the rate limit".to_owned()
        }
        Some((time, why)) => {
            let waiting = time.map_or_else(|| "waiting".to_owned(), |time| format!("waiting {}", duration(time)));
            match why {
                Wait::RateLimit => format!("{waiting} for the rate limit"),
                Wait::Concurrency => format!("{waiting} for the limit on concurrent requests"),
                Wait::Server => format!("{waiting}, as the server asks"),
                Wait::SharedLimit => format!("{waiting} for the shared limit"),
                Wait::Outage => format!("no response from the server, {waiting}"),
                _ => waiting,
            }
        }
        None => format!("{} in flight", snapshot.in_flight),
    }
}

/// Lists the counts, coloured; the rare ones only if they are not zero. A zero has no colour.
pub(crate) fn counts(snapshot: &Snapshot) -> String {
    let tally = &snapshot.tally;
    let always = [
        (tally.applied, "applied", Some(Paint::Good)),
        (tally.rejected, "rejected", Some(Paint::Bad)),
        (snapshot.retried, "retried", None),
    ];
    let sometimes = [
        (tally.unknown, "unknown", Some(Paint::Doubtful)),
        (tally.not_sent, "not sent", None),
        (tally.settled, "settled", None),
        (tally.superseded, "superseded", None),
    ];
    let shown = always.into_iter().chain(sometimes.into_iter().filter(|(number, ..)| *number > 0));
    shown.map(|(number, what, paint)| numbers::painted(number, what, paint)).collect::<Vec<_>>().join(", ")
}

/// Formats the speed and the time left, once both are known.
pub(crate) fn speed(snapshot: &Snapshot) -> Option<String> {
    let (pace, left) = (snapshot.pace.map(pace)?, snapshot.left.map(duration));
    Some(left.map_or_else(|| pace.clone(), |left| format!("{pace}, {left} left")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_shares_down() {
        for (done, of, expected) in [
            (0, 3, "0.0%"),
            (1, 3, "33.3%"),
            (9_999_999, 10_000_000, "99.9%"),
            (3, 3, "100.0%"),
            (0, 0, "100.0%"),
            (u64::MAX, u64::MAX, "100.0%"),
        ] {
            assert_eq!(percent(done, of), expected, "{done} of {of}");
        }
    }

    #[test]
    fn rounds_times_up_to_their_two_largest_units() {
        for (millis, expected) in [
            (0, "0s"),
            (1, "1s"),
            (59_000, "59s"),
            (60_000, "1min"),
            (200_000, "3min 20s"),
            (3_600_000, "1h"),
            (3_601_000, "1h"),
            (133_200_000, "1d 13h"),
        ] {
            assert_eq!(duration(Duration::from_millis(millis)), expected, "{millis}");
        }
        assert_eq!(duration(Duration::from_secs(u64::MAX / 2)), "106751991167300d 15h");
    }

    #[test]
    fn picks_a_unit_in_which_the_pace_is_readable() {
        for (pace_, expected) in
            [(1234.5, "1,235/s"), (10.0, "10/s"), (1.0, "60/min"), (0.27778, "1,000/h"), (0.01, "36/h")]
        {
            assert_eq!(pace(pace_), expected);
        }
    }
}
