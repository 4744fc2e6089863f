//! Any response becomes a success, or an error that can be displayed.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|answer: (u16, &[u8], &[u8], &[u8])| {
    let (status, content_type, body, sent) = answer;
    vambe_api::fuzzing::answer(status, content_type, body, sent);
});
