//! Snapshots of expansions in `tests/expand`: the input, a separator, and the expansion. Invalid inputs are in `tests/ui` of the
//! workspace's tests.

use std::fs;

use syn::DeriveInput;

const SEPARATOR: &str = "// Expansion:\n\n";

#[test]
fn each_input_becomes_the_text_below_it() {
    // Cargo runs tests in the folder of their package.
    let mut paths: Vec<_> = fs::read_dir("tests/expand").unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 5, "{paths:?}");
    let mut stale = Vec::new();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap();
        let (input, _) = text.split_once(SEPARATOR).unwrap_or((&text, ""));
        let parsed: DeriveInput = syn::parse_str(input).unwrap();
        let expansion = crate::expand::derive(&parsed);
        let expansion = prettyplease::unparse(&syn::parse2(expansion).unwrap());
        assert!(!expansion.contains("compile_error"), "{}: {expansion}", path.display());
        let wanted = format!("{}\n\n{SEPARATOR}{expansion}", input.trim_end());
        if std::env::var_os("UPDATE_FIXTURES").is_some() {
            fs::write(&path, &wanted).unwrap();
        } else if text != wanted {
            stale.push(path);
        }
    }
    assert!(stale.is_empty(), "read the diff of `UPDATE_FIXTURES=1 cargo test --package vambe-derive`: {stale:?}");
}
