//! The documents agree with the code and with each other.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use vambe_tests::{read, root};

const DOCUMENTS: [&str; 14] = [
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "README.md",
    "SECURITY.md",
    "benches/README.md",
    "docs/emulator.md",
    "docs/fleet.md",
    "docs/generation.md",
    "docs/import.md",
    "docs/service.md",
    "openapi/README.md",
    "openapi/released/README.md",
    "openapi/sources.md",
];

/// Returns the Rust blocks of a Markdown text.
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

/// Returns the documentation of modules of vambe-api without the lines that rustdoc hides.
fn shown_module_docs() -> String {
    ["lib.rs", "testing/mod.rs"].map(|file| shown_docs(&read(&format!("vambe-api/src/{file}")))).join("\n")
}

fn shown_docs(source: &str) -> String {
    let lines = source.lines().map_while(|line| line.strip_prefix("//!"));
    let lines = lines.map(|line| line.strip_prefix(' ').unwrap_or(line));
    lines
        .filter(|line| *line != "#" && !line.starts_with("# ") || line.starts_with("# What"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Invariant: the examples of the documents compile and run.
#[test]
fn each_rust_example_is_a_doctest() {
    let docs = shown_module_docs();
    let blocks: Vec<_> = DOCUMENTS.iter().flat_map(|document| rust_blocks(&read(document))).collect();
    assert!(blocks.len() >= 3, "the documents have examples");
    for block in blocks {
        assert!(docs.contains(&block), "not in the documentation of vambe-api:\n{block}");
    }
}

#[test]
fn each_installation_is_locked_and_exists() {
    let documents: String = DOCUMENTS.iter().map(|document| read(document)).collect();
    let installs: Vec<_> = documents.lines().filter(|line| line.starts_with("cargo install ")).collect();
    assert!(!installs.is_empty(), "the documents say how to install the command");
    for line in installs {
        assert!(line.contains(" --locked "), "{line}");
        if let Some((_, rest)) = line.split_once("--path ") {
            let folder = rest.split_whitespace().next().unwrap();
            assert!(root().join(folder).join("Cargo.toml").exists(), "{line}");
        }
    }
    let tags = ["tag = \"", "--tag "].into_iter().flat_map(|before| documents.split(before).skip(1));
    for tag in tags.filter_map(|rest| rest.split(['"', ' ', '\n']).next()) {
        let reference = format!("refs/tags/{tag}");
        let git = Command::new("git").args(["rev-parse", "--quiet", "--verify", &reference]).output().unwrap();
        assert!(git.status.success(), "the documents name the tag {tag}, which is not in this repository");
    }
}

#[test]
fn the_readme_is_a_front_page() {
    let lines = read("README.md").lines().count();
    assert!(lines <= 120, "README.md has {lines} lines: move details to docs/");
}

#[test]
fn each_link_to_a_file_leads_to_one() {
    for document in DOCUMENTS {
        let text = read(document);
        let folder = root().join(document).parent().unwrap().to_owned();
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        for link in links.filter(|link| !link.starts_with("http") && !link.starts_with('#')) {
            let (path, _) = link.split_once('#').unwrap_or((link, ""));
            assert!(folder.join(path).exists(), "{document} links to {link}");
        }
    }
}

/// Invariant: the tests work in the checkout that cargo runs them for.
///
/// With a copied or shared target folder, such a path leads into another checkout.
#[test]
fn no_source_has_a_path_of_the_checkout_compiled_in() {
    let patterns = ["MANIFEST_DIR", "BIN_EXE_", "TARGET_TMPDIR"].map(|name| format!("env!(\"CARGO_{name}"));
    for folder in [
        "benches",
        "codegen",
        "examples",
        "tests",
        "vambe-api",
        "vambe-cli",
        "vambe-derive",
        "vambe-emulator",
        "vambe-queue",
        "xtask",
    ] {
        for source in sources(&root().join(folder)) {
            let line = source.lines().find(|line| patterns.iter().any(|pattern| line.contains(pattern)));
            assert_eq!(line, None, "in {folder}: ask for the variable when the program runs");
        }
    }
}

#[test]
fn each_test_that_the_architecture_names_exists() {
    let document = read("ARCHITECTURE.md");
    let (_, invariants) = document.split_once("## Invariants").unwrap();
    let rows: Vec<_> = invariants.lines().filter(|line| line.starts_with("- ")).collect();
    assert!((12..=15).contains(&rows.len()), "{} invariants define the system", rows.len());
    for row in rows {
        let arguments = row.split('`').rev().nth(1).unwrap();
        let (package, path) = arguments.strip_prefix("-p ").and_then(|rest| rest.split_once(' ')).expect(row);
        let folder = match package {
            "vambe-codegen" => "codegen",
            "vambe-tests" => "tests",
            crate_name => crate_name,
        };
        let (_, name) = path.rsplit_once("::").expect(row);
        let exists = sources(&root().join(folder)).iter().any(|source| source.contains(&format!("fn {name}(")));
        assert!(exists, "ARCHITECTURE.md names {name}, which is no test of {package}");
    }
}

#[test]
fn each_dependency_has_a_reason() {
    let contributing = read("CONTRIBUTING.md");
    let (_, table) = contributing.split_once("## Dependencies").unwrap();
    let named: Vec<_> =
        table.lines().filter_map(|row| row.split('|').nth(1)).flat_map(|cell| cell.split(',')).collect();
    let manifest = read("Cargo.toml");
    let (_, dependencies) = manifest.split_once("[workspace.dependencies]").unwrap();
    let dependencies = dependencies.split("\n[").next().unwrap().lines().filter_map(|line| line.split_once(" = "));
    for (name, _) in dependencies.filter(|(name, _)| !name.starts_with(['#', ' ']) && !name.starts_with("vambe-")) {
        assert!(named.iter().any(|cell| cell.trim() == name), "CONTRIBUTING.md has no reason for {name}");
    }
}

#[test]
fn each_source_file_has_one_concern() {
    for folder in [
        "benches/src",
        "codegen/src",
        "examples",
        "tests",
        "vambe-api/src",
        "vambe-cli",
        "vambe-derive/src",
        "vambe-emulator",
        "vambe-queue",
        "xtask",
    ] {
        for (path, source) in files(&root().join(folder)) {
            let is_data = ["fixtures", "ui"].iter().any(|name| path.iter().any(|part| part == *name));
            if is_data || path.ends_with("generated.rs") {
                continue;
            }
            assert!(source.starts_with("//!"), "{} does not begin with a `//!` line", path.display());
            let is_short = source.lines().count() <= 300;
            assert!(is_short, "{} is longer than 300 lines: split it", path.display());
        }
    }
}

fn sources(folder: &Path) -> Vec<String> {
    files(folder).into_iter().map(|(_, source)| source).collect()
}

/// Returns the Rust files below a folder with their texts.
pub(crate) fn files(folder: &Path) -> Vec<(PathBuf, String)> {
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| match path.extension() {
            _ if path.is_dir() => files(&path),
            Some(extension) if extension == "rs" => {
                let source = std::fs::read_to_string(&path).unwrap();
                vec![(path, source)]
            }
            _ => Vec::new(),
        })
        .collect()
}
