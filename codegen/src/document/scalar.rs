//! The meaning of a plain scalar in the core schema of YAML 1.2, in which `no` and `on` are text.

use serde_json::Number;

use super::tree::Value;

/// Returns the value of an unquoted scalar; `None` for a number that JSON does not have.
pub(crate) fn resolve(text: &str) -> Option<Value> {
    let value = match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Flag(true),
        "false" | "False" | "FALSE" => Value::Flag(false),
        _ if is_infinite_or_nan(text) => return None,
        _ => match number(text) {
            Some(number) => Value::Number(number?),
            None => Value::Text(text.to_owned()),
        },
    };
    Some(value)
}

fn is_infinite_or_nan(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN")
}

/// Parses a number: the outer `None` is for other text, the inner one for a number that is too large.
fn number(text: &str) -> Option<Option<Number>> {
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = text.strip_prefix(prefix)
            && !digits.is_empty()
            && digits.chars().all(|c| c.is_digit(radix))
        {
            return Some(u64::from_str_radix(digits, radix).ok().map(Number::from));
        }
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let has_digits = !(exponent.is_empty() || whole.is_empty() && fraction.is_empty());
    if !(has_digits && digits(whole) && digits(fraction) && digits(exponent)) {
        return None;
    }
    let integer = text.strip_prefix('+').unwrap_or(text);
    let number = match (integer.parse::<i64>(), integer.parse::<u64>()) {
        (Ok(number), _) => Some(number.into()),
        (_, Ok(number)) => Some(number.into()),
        _ => text.parse().ok().and_then(Number::from_f64),
    };
    Some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{span::Span, tree::Node};

    #[test]
    fn scalars_follow_the_core_schema_of_yaml() {
        let cases = [
            ("null", "null"),
            ("", "null"),
            ("True", "true"),
            ("no", "\"no\""),
            ("on", "\"on\""),
            ("12", "12"),
            ("+12", "12"),
            ("-0", "0"),
            ("012", "12"),
            ("0x1F", "31"),
            ("0o17", "15"),
            ("18446744073709551615", "18446744073709551615"),
            ("1.5", "1.5"),
            (".5", "0.5"),
            ("5.", "5.0"),
            ("1e3", "1000.0"),
            ("1.2.3", "\"1.2.3\""),
            ("2026-11-22", "\"2026-11-22\""),
            ("1e", "\"1e\""),
            (".", "\".\""),
            ("-", "\"-\""),
            ("0x", "\"0x\""),
            ("1_000", "\"1_000\""),
        ];
        for (text, expected) in cases {
            let node = Node { value: resolve(text).unwrap(), span: Span::START };
            assert_eq!(node.to_json().to_string(), expected, "{text}");
        }
    }

    #[test]
    fn a_number_that_json_does_not_have_is_none() {
        for text in [".inf", "-.Inf", ".nan", "1e999", "0xfffffffffffffffff"] {
            assert!(resolve(text).is_none(), "{text}");
        }
    }
}
