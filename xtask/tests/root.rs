//! Tests that the program works in the workspace that cargo runs it for, not in the one in which it was compiled.

// Makes clippy treat the helpers as test code.
#![cfg(test)]

use std::{env, fs, path::Path, process::Command};

const SPEC: &str = r#"
openapi: 3.0.3
info: { title: Ping, version: "1" }
paths: { /ping: { post: { operationId: ping, responses: { "200": { description: pong } } } } }
"#;

fn xtask(arguments: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(env::var_os("CARGO_BIN_EXE_xtask").expect("run the tests with `cargo test`"));
    command.args(arguments).current_dir(folder);
    command
}

/// Invariant: `cargo xtask` works in the checkout that cargo runs it for.
#[test]
fn a_command_reads_and_writes_the_workspace_it_is_run_for() {
    let root = tempfile::tempdir().unwrap();
    for folder in ["openapi/released", "vambe-api/src", "xtask"] {
        fs::create_dir_all(root.path().join(folder)).unwrap();
    }
    for path in ["openapi/vambe.yaml", "openapi/released/7.0.0.yaml"] {
        fs::write(root.path().join(path), SPEC).unwrap();
    }
    let here = fs::read_to_string("../vambe-api/src/generated.rs").unwrap();
    // Cargo sets the variable in every folder of the workspace.
    let run = |arguments| {
        let mut command = xtask(arguments, &root.path().join("openapi"));
        command.env("CARGO_MANIFEST_DIR", root.path().join("xtask")).output().unwrap()
    };

    let output = run(&["codegen"]);
    assert!(output.status.success(), "{output:?}");
    let generated = fs::read_to_string(root.path().join("vambe-api/src/generated.rs")).unwrap();
    assert!(generated.contains("pub async fn ping"), "{generated}");
    assert_eq!(fs::read_to_string("../vambe-api/src/generated.rs").unwrap(), here, "this one is left alone");

    let report = String::from_utf8(run(&["diff"]).stdout).unwrap();
    assert!(report.starts_with("openapi/released/7.0.0.yaml -> openapi/vambe.yaml"), "{report}");
}

#[test]
fn without_cargo_a_command_fails_with_the_reason() {
    let root = tempfile::tempdir().unwrap();
    let output = xtask(&["codegen"], root.path()).env_remove("CARGO_MANIFEST_DIR").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.ends_with("CARGO_MANIFEST_DIR is not set: run `cargo xtask`\n"), "{stderr}");
}
