//! The text of a cell, without loss: a value that a spreadsheet has rounded or not computed is a fault.

use calamine::{DataRef, ExcelDateTime};

/// The first byte of a cell with a fault, followed by its kind. Not valid in UTF-8, so it is in no text.
const FAULT: u8 = 0xff;
const ROUNDED: u8 = b'N';
const ERROR: u8 = b'E';
const NOT_COMPUTED: u8 = b'F';

/// The largest number of digits that spreadsheets keep.
const DIGITS: i32 = 15;

/// Returns the text of a value: numbers without exponents and formats, dates as in ISO 8601, `true` and `false`.
pub(super) fn text(value: &DataRef<'_>, is_formula: bool) -> Vec<u8> {
    match value {
        DataRef::Empty if is_formula => faulty(NOT_COMPUTED, ""),
        DataRef::Empty => Vec::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone().into_bytes(),
        DataRef::SharedString(text) => text.as_bytes().to_vec(),
        DataRef::Int(number) => number.to_string().into_bytes(),
        DataRef::Float(number) => self::number(*number),
        DataRef::Bool(value) => value.to_string().into_bytes(),
        DataRef::DateTime(time) => date(time).into_bytes(),
        DataRef::Error(error) => faulty(ERROR, &error.to_string()),
    }
}

/// Returns the reason for a faulty cell of [`text`], to follow its name.
pub(in super::super) fn fault(cell: &[u8]) -> Option<&'static str> {
    match cell {
        [FAULT, ROUNDED, ..] => Some(
            "is a number of more than 15 digits, which spreadsheets round: format the column as text and enter the number \
             again",
        ),
        [FAULT, ERROR, ..] => Some("has an error such as #N/A: fix its formula, or empty the cell"),
        [FAULT, NOT_COMPUTED, ..] => {
            Some("has a formula without a result: open the workbook in a spreadsheet program and save it again")
        }
        _ => None,
    }
}

/// Returns the letters of a column, which is numbered from 1.
pub(in super::super) fn column_name(mut number: u64) -> String {
    let mut letters = Vec::new();
    while number > 0 {
        number -= 1;
        letters.push(char::from(b'A' + u8::try_from(number % 26).unwrap_or_default()));
        number /= 26;
    }
    letters.iter().rev().collect()
}

fn faulty(kind: u8, text: &str) -> Vec<u8> {
    [&[FAULT, kind], text.as_bytes()].concat()
}

/// Rounds as spreadsheets do, so that 0.1 + 0.2 is 0.3.
fn number(number: f64) -> Vec<u8> {
    if number.abs() >= 10_f64.powi(DIGITS) {
        return faulty(ROUNDED, &number.to_string());
    }
    let rounded = format!("{number:.14e}").parse().unwrap_or(number);
    // Not `-0`.
    (if rounded == 0.0 { 0.0 } else { rounded }).to_string().into_bytes()
}

fn date(time: &ExcelDateTime) -> String {
    if time.is_duration() {
        let seconds = (time.as_f64() * 86_400.0).round();
        let sign = if seconds < 0.0 { "-" } else { "" };
        let seconds = seconds.abs() as u64;
        return format!("{sign}{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
    let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    let mut clock = format!("{hour:02}:{minute:02}:{second:02}");
    if milli > 0 {
        clock += &format!(".{milli:03}");
    }
    match time.as_f64() {
        // A time without a date.
        days if (0.0..1.0).contains(&days) => clock,
        _ if (hour, minute, second, milli) == (0, 0, 0, 0) => date,
        _ => format!("{date}T{clock}"),
    }
}

#[cfg(test)]
mod tests {
    use calamine::{CellErrorType, ExcelDateTimeType::*};

    use super::*;

    #[test]
    fn values_become_text_without_loss() {
        let time = |value, kind| DataRef::DateTime(ExcelDateTime::new(value, kind, false));
        for (value, expected) in [
            (DataRef::Empty, ""),
            (DataRef::Float(56_912_345_678.0), "56912345678"),
            (DataRef::Float(999_999_999_999_999.0), "999999999999999"),
            (DataRef::Float(0.1 + 0.2), "0.3"),
            (DataRef::Float(1e-7), "0.0000001"),
            (DataRef::Float(-12.5), "-12.5"),
            (DataRef::Float(-0.0), "0"),
            (DataRef::Bool(true), "true"),
            (DataRef::SharedString("ñ;\"\n"), "ñ;\"\n"),
            (time(45_943.0, DateTime), "2025-10-13"),
            (time(45_943.5, DateTime), "2025-10-13T12:00:00"),
            (time(45_943.541, DateTime), "2025-10-13T12:59:02.400"),
            (time(0.75, DateTime), "18:00:00"),
            (time(1.5, TimeDelta), "36:00:00"),
        ] {
            assert_eq!(String::from_utf8(text(&value, value != DataRef::Empty)).unwrap(), expected, "{value:?}");
        }
    }

    #[test]
    fn lost_values_are_faults() {
        for (value, is_formula, reason) in [
            (DataRef::Float(1e15), false, "is a number of more than 15 digits"),
            (DataRef::Float(12_345_678_901_234_567_890.0), true, "is a number of more than 15 digits"),
            (DataRef::Error(CellErrorType::NA), true, "has an error such as #N/A"),
            (DataRef::Empty, true, "has a formula without a result"),
        ] {
            let text = text(&value, is_formula);
            assert!(fault(&text).is_some_and(|fault| fault.starts_with(reason)), "{value:?}");
            assert!(str::from_utf8(&text).is_err());
        }
        assert_eq!(fault("ÿN".as_bytes()), None);
    }

    #[test]
    fn columns_have_letters() {
        for (number, expected) in [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (16_384, "XFD")] {
            assert_eq!(column_name(number), expected);
        }
    }
}
