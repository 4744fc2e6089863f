//! What several of the tests need: the spec as it stands in the repository, and its examples.
//!
//! Everything here panics where a file or a part of the spec is missing: a test has nothing else to do then.

#![allow(clippy::panic, reason = "only tests call this")]

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

/// The JSON pointer of the request body's media type.
pub const REQUEST: &str = "/paths/~1api~1public~1ticket~1metadata/post/requestBody/content/application~1json";

/// The JSON pointer of the responses.
pub const RESPONSES: &str = "/paths/~1api~1public~1ticket~1metadata/post/responses";

/// The root of the workspace. It is found when a test runs: with a copied target folder, the folder that was compiled in is
/// another checkout's.
pub fn root() -> PathBuf {
    let Some(package) = env::var_os("CARGO_MANIFEST_DIR") else {
        panic!("CARGO_MANIFEST_DIR is not set: run the tests with `cargo test`");
    };
    Path::new(&package).join("..")
}

/// The text of a file of the workspace.
pub fn read(path: &str) -> String {
    match fs::read_to_string(root().join(path)) {
        Ok(text) => text.replace("\r\n", "\n"),
        Err(error) => panic!("{path}: {error}"),
    }
}

/// The spec as plain JSON, read without any of the code that the tests are about.
pub fn spec() -> Value {
    serde_saphyr::from_str(&read("openapi/vambe.yaml")).unwrap_or_else(|error| panic!("openapi/vambe.yaml: {error}"))
}

/// A part of the spec, by its JSON pointer.
pub fn part<'a>(spec: &'a Value, pointer: &str) -> &'a Value {
    spec.pointer(pointer).unwrap_or_else(|| panic!("openapi/vambe.yaml has no {pointer}"))
}

/// The named examples below a pointer, with their values; there is at least one.
pub fn examples(spec: &Value, pointer: &str) -> Vec<(String, Value)> {
    let examples = part(spec, pointer).as_object().into_iter().flatten();
    let examples: Vec<_> = examples.map(|(name, example)| (name.clone(), part(example, "/value").clone())).collect();
    assert!(!examples.is_empty(), "openapi/vambe.yaml has no examples at {pointer}");
    examples
}
