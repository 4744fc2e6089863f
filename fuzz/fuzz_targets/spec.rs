//! Any document is generated or rejected, also if progenitor panics, and nothing in the generated code has a name twice.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|spec: &str| {
    // libFuzzer's hook would end the process at a panic that the generator catches.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let result = vambe_codegen::generate(spec, "fuzz");
    std::panic::set_hook(hook);
    let problems = result.as_ref().err().map(vambe_codegen::Error::diagnostics).unwrap_or_default();
    assert!(problems.iter().all(|problem| !problem.help.contains("bug of the generator")), "{problems:?}");
});
