//! `cargo xtask test` before it runs any test.

// Makes clippy treat the helpers as test code.
#![cfg(test)]

use std::{env, process::Command};

#[test]
fn lists_the_missing_programs_and_packages_where_it_cannot_install() {
    let xtask = env::var_os("CARGO_BIN_EXE_xtask").expect("run the tests with `cargo test`");
    // Without a PATH there is no apt-get either.
    let output = Command::new(xtask).arg("test").env("PATH", "").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("\n  chromium: for the emulator's page in a browser\n"), "{stderr}");
    let (_, packages) = stderr.split_once("\ninstall them; on Debian: apt install ").expect(&stderr);
    assert!(packages.contains("chromium chromium-driver bash zsh fish"), "{stderr}");
}
