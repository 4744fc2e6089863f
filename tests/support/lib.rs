//! Helpers of several tests: files of the repository, the OpenAPI document and its examples.
//!
//! All functions panic if a file or a part of the document is missing.

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

/// Returns the root of the workspace, found at run time: with a copied target folder, a path that was compiled in is another
/// checkout's.
pub fn root() -> PathBuf {
    let Some(package) = env::var_os("CARGO_MANIFEST_DIR") else {
        panic!("CARGO_MANIFEST_DIR is not set: run the tests with `cargo test`");
    };
    Path::new(&package).join("..")
}

/// Returns the text of a file of the workspace.
pub fn read(path: &str) -> String {
    match fs::read_to_string(root().join(path)) {
        Ok(text) => text.replace("\r\n", "\n"),
        Err(error) => panic!("{path}: {error}"),
    }
}

/// Returns the document as JSON, read without the code under test.
pub fn spec() -> Value {
    serde_saphyr::from_str(&read("openapi/vambe.yaml")).unwrap_or_else(|error| panic!("openapi/vambe.yaml: {error}"))
}

/// Returns a part of the document by its JSON pointer.
pub fn part<'a>(spec: &'a Value, pointer: &str) -> &'a Value {
    spec.pointer(pointer).unwrap_or_else(|| panic!("openapi/vambe.yaml has no {pointer}"))
}

/// Returns the named examples below a pointer with their values; there is at least one.
pub fn examples(spec: &Value, pointer: &str) -> Vec<(String, Value)> {
    let examples = part(spec, pointer).as_object().into_iter().flatten();
    let examples: Vec<_> = examples.map(|(name, example)| (name.clone(), part(example, "/value").clone())).collect();
    assert!(!examples.is_empty(), "openapi/vambe.yaml has no examples at {pointer}");
    examples
}
