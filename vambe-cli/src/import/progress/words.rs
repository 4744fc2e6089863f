//! Numbers and times as people read them.

use std::time::Duration;

use vambe_api::bulk::Wait;

use crate::import::status::Snapshot;

/// How much of a cause is shown, in characters.
const MAX_CAUSE: usize = 100;

/// `1,234,567`
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 row`, `2,000 rows`
pub(crate) fn plural(number: u64, what: &str) -> String {
    let end = if number == 1 { "" } else { "s" };
    format!("{} {what}{end}", count(number))
}

/// The two largest units: `1d 13h`, `3min 20s`, `4s`.
pub(crate) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs() + u64::from(duration.subsec_nanos() > 0);
    let parts = [(seconds / 86_400, "d"), (seconds / 3_600 % 24, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")];
    let first = parts.iter().position(|(number, _)| *number > 0).unwrap_or(parts.len() - 1);
    let shown = parts.iter().skip(first).take(2).enumerate();
    let shown = shown.filter(|(index, (number, _))| *index == 0 || *number > 0);
    shown.map(|(_, (number, unit))| format!("{number}{unit}")).collect::<Vec<_>>().join(" ")
}

/// `35/s`, or where that would be next to nothing, `300/min` or `1,000/h`.
pub(crate) fn pace(rows_a_second: f64) -> String {
    let (pace, unit) = match rows_a_second {
        second if second >= 10.0 => (second, "s"),
        second if second >= 1.0 => (second * 60.0, "min"),
        second => (second * 3600.0, "h"),
    };
    // Not negative and far below 2⁵³; a cast saturates.
    format!("{}/{unit}", count(pace.round() as u64))
}

/// `24.6%`; `100.0%` only when all is done.
pub(crate) fn percent(done: u64, of: u64) -> String {
    let tenths = (u128::from(done) * 1_000).checked_div(u128::from(of)).unwrap_or(1_000);
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// What the run does or waits for just now, and why the last attempt failed if it did.
pub(crate) fn state(snapshot: &Snapshot) -> String {
    let activity = activity(snapshot);
    // The message may be the server's, of any form and length.
    let cause = snapshot.cause.as_ref().map(|cause| cause.chars().take(MAX_CAUSE).collect::<String>());
    let cause = cause.map(|cause| format!("; last error: {}", cause.escape_debug()));
    activity + &cause.unwrap_or_default()
}

fn activity(snapshot: &Snapshot) -> String {
    match snapshot.wait {
        // A display that changed several times a second could not be read.
        Some((time, Wait::RateLimit)) if time.is_none_or(|time| time < Duration::from_secs(1)) => {
            "at the rate limit".to_owned()
        }
        Some((time, why)) => {
            let waiting = time.map_or_else(|| "waiting".to_owned(), |time| format!("waiting {}", duration(time)));
            match why {
                Wait::RateLimit => format!("{waiting} for the rate limit"),
                Wait::Concurrency => format!("{waiting} for the limit on concurrent requests"),
                Wait::Server => format!("{waiting}, as the server asks"),
                Wait::Outage => format!("nothing gets through, {waiting}"),
                _ => waiting,
            }
        }
        None => format!("{} in flight", snapshot.in_flight),
    }
}

/// The counts of a snapshot; those that are mostly zero only if they are not.
pub(crate) fn counts(snapshot: &Snapshot) -> String {
    let always = [(snapshot.applied, "applied"), (snapshot.rejected, "rejected"), (snapshot.retried, "retried")];
    let sometimes = [
        (snapshot.unknown, "unknown"),
        (snapshot.not_sent, "not sent"),
        (snapshot.settled, "settled"),
        (snapshot.superseded, "superseded"),
    ];
    let shown = always.into_iter().chain(sometimes.into_iter().filter(|(number, _)| *number > 0));
    shown.map(|(number, what)| format!("{} {what}", count(number))).collect::<Vec<_>>().join(", ")
}

/// How fast it goes, and how long it will take, once that can be told.
pub(crate) fn speed(snapshot: &Snapshot) -> Option<String> {
    let (pace, left) = (snapshot.pace.map(pace)?, snapshot.left.map(duration));
    Some(left.map_or_else(|| pace.clone(), |left| format!("{pace}, {left} left")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        for (number, expected) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (12_345_678, "12,345,678"),
            (u64::MAX, "18,446,744,073,709,551,615"),
        ] {
            assert_eq!(count(number), expected);
        }
    }

    #[test]
    fn a_share_is_rounded_down() {
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
    fn times_have_their_two_largest_units_and_are_rounded_up() {
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
    fn a_pace_has_the_unit_in_which_it_is_a_number() {
        for (pace_, expected) in
            [(1234.5, "1,235/s"), (10.0, "10/s"), (1.0, "60/min"), (0.27778, "1,000/h"), (0.01, "36/h")]
        {
            assert_eq!(pace(pace_), expected);
        }
    }
}
