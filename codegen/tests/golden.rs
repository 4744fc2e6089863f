//! What each spec in `specs/` generates, held against the text beside it. That the texts compile, and what they send, is
//! tested in the workspace's `tests/typed_calls.rs` and `tests/shapes.rs`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use quote::ToTokens as _;

fn specs() -> Vec<PathBuf> {
    // Cargo runs tests in the folder of their package.
    let files = fs::read_dir("tests/specs").unwrap().map(|entry| entry.unwrap().path());
    let mut specs: Vec<_> = files.filter(|path| path.extension().is_some_and(|found| found == "yaml")).collect();
    specs.sort();
    specs
}

/// Compares a text with the file that holds it, or writes the file.
pub(crate) fn hold(expected: &Path, wanted: &str) {
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        fs::write(expected, wanted).unwrap();
    }
    let found = fs::read_to_string(expected).unwrap_or_default().replace("\r\n", "\n");
    let command = "UPDATE_FIXTURES=1 cargo test --package vambe-codegen";
    assert!(found == wanted, "{} is stale: run `{command}` and read the diff", expected.display());
}

/// The spec's text, and its name in messages.
fn read(path: &Path) -> (String, String) {
    let name = format!("codegen/tests/specs/{}", path.file_name().unwrap().to_str().unwrap());
    (fs::read_to_string(path).unwrap().replace("\r\n", "\n"), name)
}

/// Invariant: expected changes of the page generate the expected text.
#[test]
fn each_spec_generates_the_text_beside_it() {
    let specs = specs();
    assert!(!specs.is_empty());
    for path in specs {
        let (spec, name) = read(&path);
        let wanted = vambe_codegen::generate(&spec, &name).unwrap_or_else(|error| panic!("{name}: {error}"));
        hold(&path.with_extension("rs"), &wanted);
    }
}

/// The methods of an `impl`, each with its name and its arguments.
fn methods(file: &syn::File, of: &str) -> Vec<(String, Vec<String>)> {
    let impls = file.items.iter().filter_map(|item| match item {
        syn::Item::Impl(item) if item.self_ty.to_token_stream().to_string() == of => Some(&item.items),
        _ => None,
    });
    let methods = impls.flatten().filter_map(|item| match item {
        syn::ImplItem::Fn(method) => Some(&method.sig),
        _ => None,
    });
    let inputs = |sig: &syn::Signature| sig.inputs.iter().map(|input| input.to_token_stream().to_string()).collect();
    methods.map(|sig| (sig.ident.to_string(), inputs(sig))).collect()
}

#[test]
fn both_clients_have_the_same_methods_one_for_each_operation() {
    let generated = specs().into_iter().map(|path| path.with_extension("rs"));
    for path in generated.chain(["../vambe-api/src/generated.rs".into()]) {
        let text = fs::read_to_string(&path).unwrap();
        let file = syn::parse_file(&text).unwrap();
        let methods = [methods(&file, "crate :: Client"), methods(&file, "crate :: blocking :: Client")];
        assert_eq!(methods[0], methods[1], "{}", path.display());
        let mut names: Vec<_> = methods[0].iter().map(|(name, _)| name.clone()).collect();
        let ids = text.lines().filter_map(|line| line.trim().strip_prefix("id: \"")?.strip_suffix("\","));
        let mut ids: Vec<_> = ids.map(str::to_owned).collect();
        names.sort();
        ids.sort();
        assert!(!ids.is_empty());
        assert_eq!(names, ids, "{}", path.display());
    }
}
