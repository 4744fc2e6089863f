//! Check: the parameters of an operation match its path, and have a supported location and style.

use std::collections::BTreeMap;

use serde_json::json;

use crate::document::{
    diagnostic::Diagnostic,
    fix::Fix,
    locate::{self, OperationNode},
    pointer::join,
    suggest,
    tree::Node,
};

pub(super) fn check(root: &Node, diagnostics: &mut Vec<Diagnostic>) {
    for path in root.get("paths").map(Node::entries).unwrap_or_default() {
        if path.key.starts_with('/')
            && let Err(message) = template(&path.key)
        {
            let help = "write each parameter once, as `{name}`";
            diagnostics.push(Diagnostic::new(join("/paths", &path.key), message, help));
        }
    }
    for at in locate::operations(root) {
        operation(root, &at, diagnostics);
    }
}

/// Lists the names between the braces.
fn template(path: &str) -> Result<Vec<&str>, String> {
    let mut names = Vec::new();
    let mut rest = path;
    while let Some((constant, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            return Err("unclosed `{` in the path".into());
        };
        if constant.contains('}') || name.contains(['{', '/']) || name.is_empty() {
            return Err(format!("invalid parameter `{{{name}}}` in the path"));
        }
        if names.contains(&name) {
            return Err(format!("duplicate parameter `{{{name}}}` in the path"));
        }
        names.push(name);
        rest = after;
    }
    if rest.contains('}') { Err("unmatched `}` in the path".into()) } else { Ok(names) }
}

fn operation(root: &Node, at: &OperationNode<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Ok(in_path) = template(at.path) else { return };
    // A parameter of the operation overrides the one of its path.
    let mut parameters: BTreeMap<(&str, &str), String> = BTreeMap::new();
    let item = at.pointer.rsplit_once('/').map_or("", |(item, _)| item);
    for (owner, node) in [(item, at.item), (&*at.pointer, at.node)] {
        let mut here: BTreeMap<(&str, &str), String> = BTreeMap::new();
        for (index, written) in node.get("parameters").map(Node::items).unwrap_or_default().iter().enumerate() {
            let pointer = join(&join(owner, "parameters"), &index.to_string());
            let Some(parameter) = written.resolve(root) else { continue };
            let (Some(name), Some(location)) = (parameter.text_of("name"), parameter.text_of("in")) else { continue };
            one(parameter, &pointer, name, location, diagnostics);
            if let Some(first) = here.get(&(location, name)) {
                let diagnostic =
                    Diagnostic::new(&pointer, format!("duplicate {location} parameter `{name}`"), "remove one of them");
                let diagnostic = diagnostic.with_related("the first", root.span_of(first));
                diagnostics.push(diagnostic.with_fix(Fix::ignore(&pointer)));
            }
            here.entry((location, name)).or_insert(pointer);
        }
        parameters.extend(here);
    }
    for name in &in_path {
        if !parameters.contains_key(&("path", *name)) {
            let message = format!("`{{{name}}}` is in the path, but not among the parameters");
            let help = format!("add `{{ name: {name}, in: path, required: true, schema: {{ type: string }} }}`");
            let text = json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } });
            let fix = Fix::new("a parameter that is text").push(&join(&at.pointer, "parameters"), text);
            diagnostics.push(Diagnostic::new(&at.pointer, message, help).with_fix(fix));
        }
    }
    for ((location, name), pointer) in &parameters {
        if *location == "path" && !in_path.contains(name) {
            let message = format!("the path parameter `{name}` is not in the path `{}`", at.path);
            let help = match in_path.is_empty() {
                true => format!("add `{{{name}}}` to the path"),
                false => {
                    format!("add `{{{name}}}` to the path; {}", suggest::suggest(name, in_path.iter().copied()))
                }
            };
            diagnostics.push(Diagnostic::new(pointer, message, help).with_fix(Fix::ignore(pointer)));
        }
    }
}

/// Checks one parameter by itself.
fn one(parameter: &Node, pointer: &str, name: &str, location: &str, diagnostics: &mut Vec<Diagnostic>) {
    let default = match location {
        "path" | "header" => "simple",
        "query" => "form",
        "cookie" => {
            let help = "remove it: a client that keeps cookies sends them by itself";
            let diagnostic = Diagnostic::new(pointer, format!("unsupported cookie parameter `{name}`"), help);
            let fix = (!parameter.is_true("required")).then(|| Fix::ignore(pointer));
            return diagnostics.push(Diagnostic { fix, ..diagnostic });
        }
        _ => {
            let help = suggest::suggest(location, ["path", "query", "header"].into_iter());
            return diagnostics.push(Diagnostic::new(
                pointer,
                format!("unknown location of a parameter: `{location}`"),
                help,
            ));
        }
    };
    let is_supported = |style: &str| {
        style == default || location == "query" && ["spaceDelimited", "pipeDelimited", "deepObject"].contains(&style)
    };
    if let Some(style) = parameter.text_of("style").filter(|style| !is_supported(style)) {
        let message = format!("unsupported style `{style}` of the {location} parameter `{name}`");
        diagnostics.push(Diagnostic::new(
            pointer,
            message,
            format!("remove it: only the default, `{default}`, is supported"),
        ));
    }
    if location == "path" && !parameter.is_true("required") {
        let message = format!("the path parameter `{name}` must be required");
        let fix = Fix::new("required").set(&join(pointer, "required"), true.into());
        diagnostics.push(Diagnostic::new(pointer, message, "add `required: true`").with_fix(fix));
    }
    if !parameter.has("schema") && !parameter.has("content") {
        let message = format!("the parameter `{name}` has no `schema`");
        let fix = Fix::new("text").set(&join(pointer, "schema"), json!({ "type": "string" }));
        diagnostics.push(Diagnostic::new(pointer, message, "add the `schema`").with_fix(fix));
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tests::found, *};

    const S: &str = "schema: { type: string }";

    #[test]
    fn finds_mismatches_between_path_and_parameters() {
        let cases = [
            ("/a/{id}", String::new(), "`{id}` is in the path, but not among the parameters"),
            ("/a", format!("{{ name: id, in: path, required: true, {S} }}"), "the path parameter `id` is not in"),
            ("/a/{id}", format!("{{ name: id, in: path, {S} }}"), "the path parameter `id` must be required"),
            ("/a/{id", String::new(), "unclosed `{` in the path"),
            ("/a/id}", String::new(), "unmatched `}` in the path"),
            ("/a/{}", String::new(), "invalid parameter `{}` in the path"),
            ("/a/{i}/{i}", String::new(), "duplicate parameter `{i}` in the path"),
            ("/a", format!("{{ name: q, in: cookie, {S} }}"), "unsupported cookie parameter `q`"),
            ("/a", format!("{{ name: q, in: querry, {S} }}"), "unknown location of a parameter: `querry`"),
            ("/a", format!("{{ name: q, in: query, style: matrix, {S} }}"), "unsupported style `matrix` of the query"),
            ("/a", "{ name: q, in: query }".into(), "the parameter `q` has no `schema`"),
            (
                "/a",
                format!("{{ name: q, in: query, {S} }}, {{ name: q, in: query, {S} }}"),
                "duplicate query parameter `q`",
            ),
        ];
        for (path, parameters, expected) in cases {
            let yaml = format!("paths: {{ '{path}': {{ get: {{ parameters: [{parameters}] }} }} }}");
            let found = found(check, &yaml);
            assert!(matches!(found.as_slice(), [one] if one.contains(expected)), "{yaml}: {found:?}");
        }
    }

    #[test]
    fn parameters_of_the_path_item_and_by_reference_count() {
        let yaml = "
paths: { '/a/{id}/{b}': { parameters: [{ $ref: '#/components/parameters/Id' }], get: { parameters: [{ name: b, in: path, required: true, schema: {} }] } } }
components: { parameters: { Id: { name: id, in: path, required: true, schema: {} } } }";
        assert_eq!(found(check, yaml), [""; 0]);
    }
}
