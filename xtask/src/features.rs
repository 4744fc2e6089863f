//! Checks the features of the published crates: each must build alone, with each other one, and with all.

use std::{error::Error, fs, path::Path, process::Command};

use crate::{report, run::cargo};

/// Runs clippy for each combination, like `cargo hack --feature-powerset --depth 2` but without another tool.
pub(crate) fn check_all(root: &Path) -> Result<(), Box<dyn Error>> {
    for package in ["vambe-api", "vambe-emulator", "vambe-queue"] {
        check(root, package)?;
    }
    Ok(())
}

fn check(root: &Path, package: &str) -> Result<(), Box<dyn Error>> {
    let features = declared(&fs::read_to_string(root.join(package).join("Cargo.toml"))?);
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

/// Returns no feature, each one, each pair, and all.
///
/// Not every subset, since eight features have 256: only code for exactly three features or more could break another one.
fn combinations(features: &[String]) -> Vec<String> {
    let mut combinations = vec![String::new()];
    for (index, feature) in features.iter().enumerate() {
        combinations.push(feature.clone());
        combinations.extend(features.iter().take(index).map(|other| format!("{other} {feature}")));
    }
    combinations.extend((features.len() > 2).then(|| features.join(" ")));
    combinations
}

/// Checks that `native-tls` without default features builds, and has no other TLS library or cryptography in its tree.
pub(crate) fn check_native_tls(root: &Path) -> Result<(), Box<dyn Error>> {
    let package = ["--package", "vambe-api", "--no-default-features", "--features", "native-tls", "--locked"];
    report(format_args!("==> cargo clippy {}\n", package.join(" ")));
    cargo(root, &[&["clippy"], &package[..], &["--", "--deny", "warnings"]].concat(), &[])?;
    let tree = Command::new("cargo")
        .args(["tree", "--edges", "normal", "--prefix", "none"])
        .args(package)
        .current_dir(root)
        .output()?;
    if !tree.status.success() {
        return Err(format!("`cargo tree` failed: {}", String::from_utf8_lossy(&tree.stderr)).into());
    }
    match second_tls(&String::from_utf8_lossy(&tree.stdout)) {
        Some(name) => Err(format!("{name} is in the tree of vambe-api with `native-tls` alone: find out why").into()),
        None => Ok(()),
    }
}

/// Returns a crate of rustls in a tree. rustls-pki-types is none: reqwest parses PEM with it for every TLS library.
fn second_tls(tree: &str) -> Option<&str> {
    let mut names = tree.lines().filter_map(|line| line.split(' ').next());
    names.find(|name| ["rustls", "ring", "aws-lc-rs", "tokio-rustls", "rustls-webpki"].contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_features_of_a_manifest_are_read_and_combined() {
        let manifest = "[package]\nname = \"a\"\n\n[features]\ndefault = [\"b\"]\n# Why = so.\nb = []\nc = [\"dep:d\"]\n\n[dependencies]\ne = \"1\"\n";
        assert_eq!(declared(manifest), ["b", "c"]);
        assert_eq!(combinations(&declared(manifest)), ["", "b", "c", "b c"]);
        let four = ["a", "b", "c", "d"].map(str::to_owned);
        let pairs = ["a b", "a c", "b c", "a d", "b d", "c d"];
        let mut expected = [&["", "a", "b", "c", "d", "a b c d"], &pairs[..]].concat();
        let mut found = combinations(&four);
        expected.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, expected);
    }

    #[test]
    fn the_features_of_vambe_api_are_found() {
        let manifest = fs::read_to_string(crate::root::find().unwrap().join("vambe-api/Cargo.toml")).unwrap();
        assert!(declared(&manifest).iter().any(|feature| feature == "native-tls"));
    }

    #[test]
    fn a_second_tls_library_in_a_tree_is_found() {
        let trees = [
            ("vambe-api v0.1.0 (/a)\nreqwest v0.13.5\nrustls-pki-types v1.16.0\nopenssl v0.10.0\n", None),
            ("vambe-api v0.1.0 (/a)\nrustls v0.23.46\nring v0.17.0\n", Some("rustls")),
        ];
        for (tree, expected) in trees {
            assert_eq!(second_tls(tree), expected);
        }
    }
}
