//! Any spec is generated from or refused; progenitor's own panics are caught, and must stay so.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|spec: &str| {
    // libFuzzer's own hook would end the process at a panic that is caught.
    std::panic::set_hook(Box::new(|_| {}));
    let _ = vambe_codegen::generate(spec, "fuzz");
});
