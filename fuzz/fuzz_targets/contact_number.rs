//! Any text is rejected, or parses to a number that parses to itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vambe_api::ContactNumber;

fuzz_target!(|text: &str| {
    if let Ok(number) = text.parse::<ContactNumber>() {
        assert_eq!(number.as_str().parse(), Ok(number.clone()));
    }
});
