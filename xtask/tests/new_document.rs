//! A new document of the vendor, from the file to the generated client: the steps of `openapi/README.md`, with a document as NestJS
//! writes it.

// Makes clippy treat the helpers as test code.
#![cfg(test)]

use std::{
    env, fs,
    path::PathBuf,
    process::{Command, Output},
};

const NEW: &str = "../codegen/tests/nestjs/document.json";

struct Workspace(tempfile::TempDir);

impl Workspace {
    /// A workspace with today's document, and the same as the last release.
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        for folder in ["openapi/released", "vambe-api/src", "xtask"] {
            fs::create_dir_all(root.path().join(folder)).unwrap();
        }
        for name in ["vambe.yaml", "overlay.yaml", "codegen.yaml"] {
            fs::copy(format!("../openapi/{name}"), root.path().join("openapi").join(name)).unwrap();
        }
        for (name, copy) in [("vambe.yaml", "7.0.0.yaml"), ("overlay.yaml", "7.0.0.overlay.yaml")] {
            fs::copy(format!("../openapi/{name}"), root.path().join("openapi/released").join(copy)).unwrap();
        }
        Self(root)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn xtask(&self, arguments: &[&str]) -> Output {
        let xtask = env::var_os("CARGO_BIN_EXE_xtask").expect("run the tests with `cargo test`");
        let mut command = Command::new(xtask);
        command.args(arguments).current_dir(self.0.path()).env("CARGO_MANIFEST_DIR", self.path("xtask"));
        command.output().unwrap()
    }
}

/// Runs a command that has to end with this exit code, and returns what it printed.
#[track_caller]
fn printed(output: Output, code: i32) -> String {
    let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    assert_eq!(output.status.code(), Some(code), "{text}");
    text
}

#[track_caller]
fn has(text: &str, expected: &[&str]) {
    expected.iter().for_each(|expected| assert!(text.contains(expected), "{expected} in {text}"));
}

/// Invariant: the steps of `openapi/README.md` lead from a document of the vendor to our client.
#[test]
fn the_steps_of_the_readme_lead_to_the_generated_client() {
    let workspace = Workspace::new();
    printed(workspace.xtask(&["codegen"]), 0);
    let before = fs::read_to_string(workspace.path("vambe-api/src/generated.rs")).unwrap();
    fs::copy(NEW, workspace.path("new.json")).unwrap();

    // 1. It is tried: the overlay is for another document.
    let ours = ["--overlay", "openapi/overlay.yaml", "--settings", "openapi/codegen.yaml"];
    let text = printed(workspace.xtask(&[&["codegen", "--from", "new.json"], &ours[..]].concat()), 1);
    has(&text, &["selects nothing", "there is no `UpdateTicketMetadataRequest`", "--> openapi/overlay.yaml:"]);
    let text = printed(workspace.xtask(&["codegen", "--from", "new.json"]), 0);
    has(&text, &["of 40 operations taken", "ticket_controller_update_metadata"]);

    // 2. It replaces the old one, which generates nothing yet.
    fs::copy(NEW, workspace.path("openapi/vambe.yaml")).unwrap();
    printed(workspace.xtask(&["codegen"]), 1);
    assert_eq!(fs::read_to_string(workspace.path("vambe-api/src/generated.rs")).unwrap(), before);

    // 3. and 4. The reported lines are added; the settings keep their `needs`.
    fs::copy("../codegen/tests/nestjs/overlay.yaml", workspace.path("openapi/overlay.yaml")).unwrap();
    let needs = fs::read_to_string("../openapi/codegen.yaml").unwrap();
    let needs = needs.get(needs.find("\nneeds:").unwrap()..).unwrap();
    fs::write(workspace.path("openapi/codegen.yaml"), needs).unwrap();
    let text = printed(workspace.xtask(&["codegen"]), 1);
    has(&text, &["`rename: { operations: { TicketController_updateMetadata: update_ticket_metadata } }`"]);
    let names = fs::read_to_string("../codegen/tests/nestjs/codegen.yaml").unwrap();
    fs::write(workspace.path("openapi/codegen.yaml"), names + needs).unwrap();
    let text = printed(workspace.xtask(&["codegen"]), 0);
    has(&text, &["wrote vambe-api/src/generated.rs", "new method `ticket_controller_find_all`"]);
    assert!(!text.contains("is gone"), "{text}");
    printed(workspace.xtask(&["codegen", "--check"]), 0);

    // 5. The change is described.
    let text = printed(workspace.xtask(&["diff"]), 0);
    has(&text, &["openapi/released/7.0.0.yaml -> openapi/vambe.yaml", "bump"]);
}
