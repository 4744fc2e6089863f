//! Every combination of the features of vambe-api, each checked by itself: one that builds only beside another is no feature.

use std::{error::Error, fs, path::Path, process::Command};

use crate::{report, run::cargo};

/// Needs the headers of OpenSSL, which a fresh machine lacks.
const NATIVE_TLS: &str = "native-tls";

/// What `cargo hack check --feature-powerset` does, without a tool that has to be installed first.
pub(crate) fn check_all(root: &Path) -> Result<(), Box<dyn Error>> {
    let mut features = declared(&fs::read_to_string(root.join("vambe-api/Cargo.toml"))?);
    if cfg!(target_os = "linux") && !has_openssl() {
        features.retain(|feature| feature != NATIVE_TLS);
        report(format_args!("pkg-config finds no openssl, so the combinations with {NATIVE_TLS} are left out\n"));
    }
    for combination in combinations(&features) {
        report(format_args!("==> vambe-api with `{combination}`\n"));
        let package = ["clippy", "--quiet", "--package", "vambe-api", "--no-default-features", "--locked"];
        // A warning is a failure here too: what only some combinations use is unused in the others.
        let arguments = [&package[..], &["--features", &combination, "--", "--deny", "warnings"]].concat();
        cargo(root, &arguments, &[])?;
    }
    Ok(())
}

/// The names in the table `[features]` of a manifest; not `default`, which is a combination of the others.
fn declared(manifest: &str) -> Vec<String> {
    let table = manifest.split("\n[").find_map(|table| table.strip_prefix("features]"));
    let names = table.unwrap_or_default().lines().filter(|line| !line.starts_with('#'));
    let names = names.filter_map(|line| Some(line.split_once('=')?.0.trim().to_owned()));
    names.filter(|name| name != "default").collect()
}

/// All subsets, the empty one first.
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
    fn those_of_vambe_api_are_found() {
        let manifest = fs::read_to_string(crate::root::find().unwrap().join("vambe-api/Cargo.toml")).unwrap();
        assert!(declared(&manifest).iter().any(|feature| feature == NATIVE_TLS));
    }
}
