//! Numbers as people read them.

use crate::terminal::Paint;

/// Groups the digits: `1,234,567`.
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

/// Formats a number with its noun: `1 row`, `2,000 rows`.
pub(crate) fn plural(number: u64, noun: &str) -> String {
    let end = if number == 1 { "" } else { "s" };
    format!("{} {noun}{end}", count(number))
}

/// Formats a number with a word that describes it, coloured unless it is zero: `12 rejected`.
pub(crate) fn painted(number: u64, what: &str, paint: Option<Paint>) -> String {
    let text = format!("{} {what}", count(number));
    paint.filter(|_| number > 0).map_or_else(|| text.clone(), |paint| paint.text(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_digits_by_three() {
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
}
