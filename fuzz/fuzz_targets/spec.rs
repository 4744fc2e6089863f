//! Any document is generated or rejected, also if progenitor panics.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|spec: &str| {
    // libFuzzer's hook would end the process at a panic that the generator catches.
    std::panic::set_hook(Box::new(|_| {}));
    let _ = vambe_codegen::generate(spec, "fuzz");
});
