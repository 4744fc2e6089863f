//! Durations as people write them: `90s`, `10min`, `1h 30min`.

use std::time::Duration;

use jiff::SignedDuration;

/// An invalid duration.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DurationError {
    // Without the cause, which clap would print in the same line.
    #[error("write a number with its unit, as in 90s, 10min or 1h")]
    NoDuration,
    #[error("write a time above zero, as in 90s, 10min or 1h")]
    NotPositive,
}

/// Parses a duration above zero.
pub(crate) fn parse(text: &str) -> Result<Duration, DurationError> {
    let duration: SignedDuration = text.parse().map_err(|_| DurationError::NoDuration)?;
    if duration.is_positive() { Ok(duration.unsigned_abs()) } else { Err(DurationError::NotPositive) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_common_notations() {
        for (text, expected) in [
            ("90s", 90_000),
            ("10min", 600_000),
            ("10m", 600_000),
            ("1h", 3_600_000),
            ("1h 30min", 5_400_000),
            ("1h30m", 5_400_000),
            ("250ms", 250),
            ("1.5s", 1_500),
            ("2 hours", 7_200_000),
            ("PT1H", 3_600_000),
        ] {
            assert_eq!(parse(text).unwrap(), Duration::from_millis(expected), "{text}");
        }
    }

    #[test]
    fn rejects_anything_else_with_an_example() {
        for text in ["", "90", "h", "1 fortnight", "-1h", "1h ago", "0s", "99999999999999999999h", "1h;", "1é"] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.contains("as in 90s, 10min or 1h"), "{text}: {error}");
        }
    }
}
