//! What each spec in `specs/` generates, held against the text beside it. That the texts compile, and what they send, is
//! tested in the workspace's `tests/shapes.rs`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use vambe_codegen::{HandWritten, Settings};

fn specs() -> Vec<PathBuf> {
    // Cargo runs tests in the folder of their package.
    let files = fs::read_dir("tests/specs").unwrap().map(|entry| entry.unwrap().path());
    let mut specs: Vec<_> = files.filter(|path| path.extension().is_some_and(|found| found == "yaml")).collect();
    specs.sort();
    specs
}

/// Compares a text with the file that holds it, or writes the file.
fn hold(expected: &Path, wanted: &str) {
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        fs::write(expected, wanted).unwrap();
    }
    let found = fs::read_to_string(expected).unwrap_or_default().replace("\r\n", "\n");
    let command = "UPDATE_FIXTURES=1 cargo test --package vambe-codegen";
    assert!(found == wanted, "{} is stale: run `{command}` and read the diff", expected.display());
}

/// The spec's text, and its name in messages.
fn read(path: &Path) -> (String, String) {
    let name = format!("codegen/tests/specs/{}", path.file_name().unwrap().to_str().unwrap());
    (fs::read_to_string(path).unwrap().replace("\r\n", "\n"), name)
}

/// Invariant: expected changes of the page generate the expected text.
#[test]
fn each_spec_generates_the_text_beside_it() {
    let specs = specs();
    assert!(!specs.is_empty());
    for path in specs {
        let (spec, name) = read(&path);
        let wanted = vambe_codegen::generate(&spec, &name).unwrap_or_else(|error| panic!("{name}: {error}"));
        hold(&path.with_extension("rs"), &wanted);
    }
}

/// In one file, as the tests' crate compiles them: the builders' files as modules, and one client with all the methods.
#[test]
fn the_hand_written_lines_of_each_spec_are_the_ones_beside_it() {
    for path in specs() {
        let (spec, name) = read(&path);
        let module = path.file_stem().unwrap().to_str().unwrap();
        let mut text = format!(
            "//! The hand-written lines that are proposed for {name}.\n\npub struct Client {{ pub raw: crate::raw::Client }}\n"
        );
        for lines in vambe_codegen::hand_written_lines(&spec, &Settings::default()).unwrap() {
            let HandWritten { operation, builder_name, builder, method, .. } = lines;
            let method = method.replace(&format!("crate::{builder_name}"), &builder_name);
            text += &format!("\npub mod {operation} {{\n{builder}}}\npub use {operation}::{builder_name};\n\n{method}");
        }
        hold(
            &path.with_file_name(format!("{module}_lines.rs")),
            &text.replace("crate::raw", &format!("crate::generated::{module}")),
        );
    }
}
