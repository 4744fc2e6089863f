//! Reads `Retry-After`: seconds or an HTTP date.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

/// Returns the wait that the server asks for; `None` if there is none, or it cannot be read.
///
/// A date is compared with the server's own `Date`, so that a wrong clock on either side does not matter, or with `now` if
/// there is none. A date in the past is a wait of zero.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // A number that overflows is an endless wait, not none.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let date = headers.get(DATE).and_then(|date| httpdate::parse_http_date(date.to_str().ok()?.trim()).ok());
    Some(until.duration_since(date.unwrap_or(now)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_seconds_and_dates_and_ignores_anything_else() {
        let now = httpdate::parse_http_date("Sun, 22 Nov 2026 12:00:00 GMT").unwrap();
        let s = |seconds| Some(Duration::from_secs(seconds));
        let cases = [
            ("0", None, s(0)),
            ("7", None, s(7)),
            (" 7 ", None, s(7)),
            ("86400000", None, s(86_400_000)),
            ("99999999999999999999999", None, s(u64::MAX)),
            ("Sun, 22 Nov 2026 12:00:30 GMT", None, s(30)),
            ("Sunday, 22-Nov-26 12:00:30 GMT", None, s(30)),
            ("Sun Nov 22 12:00:30 2026", None, s(30)),
            ("Sun, 22 Nov 2026 11:00:00 GMT", None, s(0)),
            ("Sun, 22 Nov 2026 12:00:30 GMT", Some("Sun, 22 Nov 2026 12:00:20 GMT"), s(10)),
            ("Sun, 22 Nov 2026 12:00:30 GMT", Some("never"), s(30)),
            ("", None, None),
            ("-1", None, None),
            ("1.5", None, None),
            ("+1", None, None),
            ("soon", None, None),
            ("Sun, 99 Nov 2026 12:00:30 GMT", None, None),
        ];
        for (value, date, expected) in cases {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, value.parse().unwrap());
            if let Some(date) = date {
                headers.insert(DATE, date.parse().unwrap());
            }
            assert_eq!(retry_after(&headers, now), expected, "{value:?} at {date:?}");
        }
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }

    proptest::proptest! {
        #[test]
        fn any_header_is_a_wait_or_none(value: Vec<u8>, date: Vec<u8>) {
            let mut headers = HeaderMap::new();
            for (name, value) in [(RETRY_AFTER, value), (DATE, date)] {
                if let Ok(value) = reqwest::header::HeaderValue::from_bytes(&value) {
                    headers.insert(name, value);
                }
            }
            let _ = retry_after(&headers, SystemTime::UNIX_EPOCH);
        }

        #[test]
        fn seconds_and_dates_are_read_back(seconds in 0..4_000_000_000_u64, wait in 0..4_000_000_000_u64) {
            let now = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            let wait = Duration::from_secs(wait);
            for value in [wait.as_secs().to_string(), httpdate::fmt_http_date(now + wait)] {
                let headers = HeaderMap::from_iter([(RETRY_AFTER, value.parse().unwrap())]);
                assert_eq!(retry_after(&headers, now), Some(wait));
            }
        }
    }
}
