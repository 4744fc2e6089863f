//! The target of an action: from a JSONPath (RFC 9535) to the JSON pointers of the parts that it selects.

use std::{collections::HashSet, ptr};

use jsonpath_rust::{
    parser::{
        model::{JpQuery, Segment, Selector},
        parse_json_path,
    },
    query::js_path_process,
};
use serde_json::Value;

use crate::document::{pointer::join, suggest, tree::Node};

/// The longest target. It bounds the work for a path that selects everything again and again.
const MAX_CHARS: usize = 1000;

/// Returns the pointers of the selected parts, at least one, in the order of the document.
///
/// # Errors
///
/// The path cannot be read or selects nothing: message and help.
pub(super) fn select(root: &Node, target: &str) -> Result<Vec<String>, (String, String)> {
    let invalid = |reason: String| (format!("`{target}` is not a JSONPath: {reason}"), HELP.to_owned());
    if target.chars().count() > MAX_CHARS {
        return Err(invalid(format!("it is longer than {MAX_CHARS} characters")));
    }
    let query = parse_json_path(target).map_err(|error| invalid(first_line(&error.to_string())))?;
    let json = root.to_json();
    let selected = values(&query, &json);
    let mut parts = Vec::new();
    // The library writes a path for each value; comparing the values' addresses does not depend on its spelling.
    pointers(&json, String::new(), &selected, &mut parts);
    if parts.is_empty() {
        return Err((format!("`{target}` selects nothing in the document"), missing(&query, &json)));
    }
    Ok(parts)
}

const HELP: &str = "write it as RFC 9535 says, such as `$.paths['/ticket'].post` or `$.components.schemas.*`";

/// The message of a parser has its reason in the last line, below an excerpt.
fn first_line(message: &str) -> String {
    let reason = message.lines().last().unwrap_or_default();
    reason.trim_start_matches([' ', '=']).to_owned()
}

fn values(query: &JpQuery, json: &Value) -> HashSet<*const Value> {
    let found = js_path_process(query, json).unwrap_or_default();
    found.into_iter().map(|found| ptr::from_ref(found.val)).collect()
}

fn pointers(value: &Value, at: String, selected: &HashSet<*const Value>, found: &mut Vec<String>) {
    if selected.contains(&ptr::from_ref(value)) {
        found.push(at.clone());
    }
    match value {
        Value::Object(object) => {
            object.iter().for_each(|(key, value)| pointers(value, join(&at, key), selected, found));
        }
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(index, value)| pointers(value, join(&at, &index.to_string()), selected, found));
        }
        _ => {}
    }
}

/// Says how far the path leads, and what the document has there.
fn missing(query: &JpQuery, json: &Value) -> String {
    let leads = |length: &usize| {
        let start = query.segments.iter().take(*length).cloned().collect();
        let found = js_path_process(&JpQuery::new(start), json).unwrap_or_default();
        let keys = found.iter().filter_map(|found| found.val.as_object()).flat_map(|object| object.keys());
        let keys: Vec<&str> = keys.map(String::as_str).collect();
        (!found.is_empty()).then_some((*length, keys))
    };
    let found = (0..query.segments.len()).rev().find_map(|length| leads(&length));
    match found.and_then(|(length, keys)| Some((query.segments.get(length)?, keys))) {
        Some((Segment::Selector(Selector::Name(name)), keys)) => {
            let name = name.trim_matches(['\'', '"']);
            format!("there is no `{name}`; {}", suggest::suggest(name, keys.into_iter()))
        }
        _ => "correct the path, or remove the action if the document no longer needs it".to_owned(),
    }
}
