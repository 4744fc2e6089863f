//! Any header value is read as a duration, or ignored.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|headers: (&[u8], &[u8])| vambe_api::fuzzing::retry_after(headers.0, headers.1));
