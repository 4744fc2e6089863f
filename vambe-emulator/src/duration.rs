//! The text form of durations: `250ms`, `2s`, `1h`.

use std::time::Duration;

const SECOND: u64 = 1_000_000_000;

/// The units from the largest to the smallest, in nanoseconds.
const UNITS: [(&str, u64); 6] =
    [("h", 3600 * SECOND), ("min", 60 * SECOND), ("s", SECOND), ("ms", 1_000_000), ("us", 1_000), ("ns", 1)];

/// Formats a duration as a whole number of the largest possible unit.
pub(crate) fn format(duration: Duration) -> String {
    let nanos = duration.as_nanos();
    let fits = |size: u64| nanos > 0 && nanos.is_multiple_of(u128::from(size));
    let (unit, size) = UNITS.into_iter().find(|(_, size)| fits(*size)).unwrap_or(("s", SECOND));
    format!("{}{unit}", nanos / u128::from(size))
}

/// Parses a whole number and a unit.
pub(crate) fn parse(text: &str) -> Option<Duration> {
    let end = text.find(|letter: char| !letter.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(end)?;
    let number: u64 = number.parse().ok()?;
    match unit {
        "h" => number.checked_mul(3600).map(Duration::from_secs),
        "min" => number.checked_mul(60).map(Duration::from_secs),
        "s" => Some(Duration::from_secs(number)),
        "ms" => Some(Duration::from_millis(number)),
        "us" => Some(Duration::from_micros(number)),
        "ns" => Some(Duration::from_nanos(number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_round_trips() {
        for (text, duration) in [
            ("0s", Duration::ZERO),
            ("250ms", Duration::from_millis(250)),
            ("2s", Duration::from_secs(2)),
            ("90s", Duration::from_secs(90)),
            ("10min", Duration::from_secs(600)),
            ("1h", Duration::from_secs(3600)),
            ("1500us", Duration::from_micros(1500)),
            ("1000000001ns", Duration::from_nanos(1_000_000_001)),
        ] {
            assert_eq!(format(duration), text);
            assert_eq!(parse(text), Some(duration));
        }
        assert_eq!(parse(&format(Duration::from_secs(u64::MAX))), Some(Duration::from_secs(u64::MAX)));
        assert_eq!(parse("3600s"), parse("1h"));
    }

    #[test]
    fn rejects_anything_else() {
        for text in ["", "1", "s", "1m", "1.5s", "-1s", "1 s", "99999999999999999999s", "9999999999999999999h"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
