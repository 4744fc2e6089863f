//! The documentation of the published crates, as rustdoc shows it.

use vambe_tests::root;

use crate::documents::files;

const CRATES: [&str; 3] = ["vambe-api/src", "vambe-derive/src", "vambe-emulator/src"];

/// The longest line of an example of a method that rustdoc shows without a scroll bar, on a screen of any width.
const WIDTH: usize = 94;

#[test]
fn no_example_is_wider_than_its_column() {
    for (path, source) in CRATES.iter().flat_map(|folder| files(&root().join(folder))) {
        let mut is_example = false;
        for (index, line) in source.lines().enumerate() {
            let line = line.trim_start();
            let Some(text) = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")) else {
                // A fence that depends on a feature.
                is_example = line.starts_with("#[cfg_attr(") && line.contains("doc = \"```");
                continue;
            };
            let text = text.strip_prefix(' ').unwrap_or(text);
            if text.starts_with("```") {
                is_example = !is_example;
            }
            // rustdoc hides these lines.
            let is_hidden = text == "#" || text.starts_with("# ");
            let width = text.chars().count();
            assert!(!is_example || is_hidden || width <= WIDTH, "{}:{}: {width}", path.display(), index + 1);
        }
    }
}

#[test]
fn each_item_behind_a_feature_names_it() {
    let mut checked = 0;
    for (path, source) in files(&root().join("vambe-api/src")) {
        let lines: Vec<_> = source.lines().map(str::trim_start).collect();
        for (index, pair) in lines.windows(2).enumerate() {
            let [attribute, item] = pair else { continue };
            let feature = attribute.strip_prefix("#[cfg(feature = \"").and_then(|rest| rest.strip_suffix("\")]"));
            let Some(feature) = feature.filter(|_| item.starts_with("pub fn ")) else { continue };
            let docs = lines[..index].iter().rev().take_while(|line| line.starts_with("///"));
            let note = format!("Available with feature `{feature}`.");
            assert!(docs.into_iter().any(|line| line.ends_with(&note)), "{}:{}", path.display(), index + 1);
            checked += 1;
        }
    }
    assert!(checked >= 4, "{checked} items");
}
