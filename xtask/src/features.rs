//! Checks every combination of the features of the published crates: each feature must build without the others.

use std::{error::Error, fs, path::Path, process::Command};

use crate::{report, run::cargo};

/// Needs the headers of OpenSSL, which a fresh machine lacks.
const NATIVE_TLS: &str = "native-tls";

/// Runs clippy for every combination, like `cargo hack --feature-powerset` but without another tool.
pub(crate) fn check_all(root: &Path) -> Result<(), Box<dyn Error>> {
    for package in ["vambe-api", "vambe-emulator", "vambe-queue"] {
        check(root, package)?;
    }
    Ok(())
}

fn check(root: &Path, package: &str) -> Result<(), Box<dyn Error>> {
    let mut features = declared(&fs::read_to_string(root.join(package).join("Cargo.toml"))?);
    if features.iter().any(|feature| feature == NATIVE_TLS) && cfg!(target_os = "linux") && !has_openssl() {
        features.retain(|feature| feature != NATIVE_TLS);
        report(format_args!("pkg-config finds no openssl, so combinations with {NATIVE_TLS} are skipped\n"));
    }
    for combination in combinations(&features) {
        report(format_args!("==> {package} with `{combination}`\n"));
        let package = ["clippy", "--quiet", "--package", package, "--no-default-features", "--locked"];
        // Deny warnings: code for some combinations may be unused in others.
        let arguments = [&package[..], &["--features", &combination, "--", "--deny", "warnings"]].concat();
        cargo(root, &arguments, &[])?;
    }
    Ok(())
}

/// Returns the names in the table `[features]` of a manifest, except `default`, which combines others.
fn declared(manifest: &str) -> Vec<String> {
    let table = manifest.split("\n[").find_map(|table| table.strip_prefix("features]"));
    let names = table.unwrap_or_default().lines().filter(|line| !line.starts_with('#'));
    let names = names.filter_map(|line| Some(line.split_once('=')?.0.trim().to_owned()));
    names.filter(|name| name != "default").collect()
}

/// Returns all subsets, the empty one first.
fn combinations(features: &[String]) -> Vec<String> {
    let mut all = vec![String::new()];
    for feature in features {
        let with: Vec<_> = all.iter().map(|set| format!("{set} {feature}").trim().to_owned()).collect();
        all.extend(with);
    }
    all
}

fn has_openssl() -> bool {
    Command::new("pkg-config").args(["--exists", "openssl"]).status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_features_of_a_manifest_are_read_and_combined() {
        let manifest = "[package]\nname = \"a\"\n\n[features]\ndefault = [\"b\"]\n# Why = so.\nb = []\nc = [\"dep:d\"]\n\n[dependencies]\ne = \"1\"\n";
        assert_eq!(declared(manifest), ["b", "c"]);
        assert_eq!(combinations(&declared(manifest)), ["", "b", "c", "b c"]);
    }

    #[test]
    fn the_features_of_vambe_api_are_found() {
        let manifest = fs::read_to_string(crate::root::find().unwrap().join("vambe-api/Cargo.toml")).unwrap();
        assert!(declared(&manifest).iter().any(|feature| feature == NATIVE_TLS));
    }
}
