//! The text form of durations: `250ms`, `2s`.

use std::time::Duration;

/// The units from the largest to the smallest, in nanoseconds.
const UNITS: [(&str, u128); 4] = [("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1_000), ("ns", 1)];

/// Formats a duration as a whole number of the largest possible unit.
pub(super) fn format(duration: Duration) -> String {
    let nanos = duration.as_nanos();
    let (unit, size) = UNITS.into_iter().find(|(_, size)| nanos.is_multiple_of(*size)).unwrap_or(("ns", 1));
    format!("{}{unit}", nanos / size)
}

/// Parses a whole number and a unit.
pub(super) fn parse(text: &str) -> Option<Duration> {
    let end = text.find(|letter: char| !letter.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(end)?;
    let number: u64 = number.parse().ok()?;
    match unit {
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
            ("1500us", Duration::from_micros(1500)),
            ("1000000001ns", Duration::from_nanos(1_000_000_001)),
        ] {
            assert_eq!(format(duration), text);
            assert_eq!(parse(text), Some(duration));
        }
    }

    #[test]
    fn rejects_anything_else() {
        for text in ["", "1", "s", "1m", "1.5s", "-1s", "1 s", "99999999999999999999s"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
