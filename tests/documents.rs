//! The documents say what is so.

use std::process::Command;

use vambe_tests::read;

/// The Rust blocks of a Markdown text.
fn rust_blocks(markdown: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("```rust") {
            blocks.push(lines.by_ref().take_while(|line| !line.starts_with("```")).collect::<Vec<_>>().join("\n"));
        }
    }
    blocks
}

/// The documentation of the crate as a reader sees it: without the lines that rustdoc hides.
fn shown_crate_docs() -> String {
    let source = read("vambe-api/src/lib.rs");
    let lines = source.lines().map_while(|line| line.strip_prefix("//!"));
    let lines = lines.map(|line| line.strip_prefix(' ').unwrap_or(line));
    lines
        .filter(|line| *line != "#" && !line.starts_with("# ") || line.starts_with("# What"))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn each_rust_example_of_the_readme_is_a_doctest() {
    let docs = shown_crate_docs();
    let blocks = rust_blocks(&read("README.md"));
    assert!(blocks.len() >= 3, "README.md has its examples");
    for block in blocks {
        assert!(docs.contains(&block), "not in the documentation of vambe-api:\n{block}");
    }
}

#[test]
fn what_the_readme_installs_is_locked_and_exists() {
    let readme = read("README.md");
    let installs: Vec<_> = readme.lines().filter(|line| line.starts_with("cargo install ")).collect();
    assert!(!installs.is_empty(), "README.md says how to install the command");
    for line in installs {
        assert!(line.contains(" --locked "), "{line}");
        if let Some((_, rest)) = line.split_once("--path ") {
            let folder = rest.split_whitespace().next().unwrap();
            assert!(vambe_tests::root().join(folder).join("Cargo.toml").exists(), "{line}");
        }
    }
    let tags = ["tag = \"", "--tag "].into_iter().flat_map(|before| readme.split(before).skip(1));
    for tag in tags.filter_map(|rest| rest.split(['"', ' ', '\n']).next()) {
        let reference = format!("refs/tags/{tag}");
        let git = Command::new("git").args(["rev-parse", "--quiet", "--verify", &reference]).output().unwrap();
        assert!(git.status.success(), "README.md names the tag {tag}, which is not in this repository");
    }
}

/// With a copied or shared target folder, such a path leads into another checkout.
#[test]
fn no_source_has_a_path_of_the_checkout_compiled_in() {
    let patterns = ["MANIFEST_DIR", "BIN_EXE_", "TARGET_TMPDIR"].map(|name| format!("env!(\"CARGO_{name}"));
    for folder in ["benches", "codegen", "tests", "vambe-api", "vambe-cli", "vambe-derive", "vambe-emulator", "xtask"] {
        for source in sources(&vambe_tests::root().join(folder)) {
            let line = source.lines().find(|line| patterns.iter().any(|pattern| line.contains(pattern)));
            assert_eq!(line, None, "in {folder}: ask for the variable when the program runs");
        }
    }
}

#[test]
fn each_test_that_the_architecture_names_exists() {
    let document = read("ARCHITECTURE.md");
    let (_, invariants) = document.split_once("## Invariants").unwrap();
    let sources: String =
        ["tests", "codegen", "vambe-api/src", "vambe-cli", "vambe-derive/src", "vambe-emulator", "xtask"]
            .iter()
            .flat_map(|folder| sources(&vambe_tests::root().join(folder)))
            .collect();
    for row in invariants.lines().filter(|line| line.starts_with("| ")).skip(1) {
        let held_by = row.split('|').nth(2).unwrap();
        let tests = held_by.split('`').skip(1).step_by(2).filter_map(|code| code.rsplit_once("::"));
        let names: Vec<_> = tests.map(|(_, name)| name).collect();
        assert!(!names.is_empty(), "no test holds: {row}");
        for name in names {
            assert!(sources.contains(&format!("fn {name}(")), "ARCHITECTURE.md names {name}, which is no test");
        }
    }
}

fn sources(folder: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| match path.extension() {
            _ if path.is_dir() => sources(&path),
            Some(extension) if extension == "rs" => vec![std::fs::read_to_string(&path).unwrap()],
            _ => Vec::new(),
        })
        .collect()
}
