//! What each spec in `specs/` generates, held against the text beside it. That the texts compile, and what they send, is
//! tested in the workspace's `tests/shapes.rs`.

// Tells clippy that the helpers too are test code.
#![cfg(test)]

use std::{fs, path::PathBuf};

fn specs() -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/specs");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut specs: Vec<_> = files.filter(|path| path.extension().is_some_and(|found| found == "yaml")).collect();
    specs.sort();
    specs
}

#[test]
fn each_spec_generates_the_text_beside_it() {
    let specs = specs();
    assert!(!specs.is_empty());
    for path in specs {
        let spec = fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
        let name = format!("codegen/tests/specs/{}", path.file_name().unwrap().to_str().unwrap());
        let wanted = vambe_codegen::generate(&spec, &name).unwrap_or_else(|error| panic!("{name}: {error}"));
        let expected = path.with_extension("rs");
        if std::env::var_os("UPDATE_FIXTURES").is_some() {
            fs::write(&expected, &wanted).unwrap();
        }
        let found = fs::read_to_string(&expected).unwrap_or_default().replace("\r\n", "\n");
        assert!(
            found == wanted,
            "the text for {name} is stale: run `UPDATE_FIXTURES=1 cargo test --package vambe-codegen`"
        );
    }
}
