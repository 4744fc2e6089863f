//! Check: every `$ref` leads to a component of the right kind.

use std::collections::HashSet;

use crate::document::{
    diagnostic::Diagnostic,
    fix::Fix,
    pointer::{join, tokens},
    shape, suggest,
    tree::Node,
};

const IN_PLACE: &str = "copy its target into `components`, and refer to that";

pub(super) fn check(root: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let components = root.get("components").map(Node::entries).unwrap_or_default().iter();
    let known: HashSet<_> = components
        .flat_map(|section| section.value.entries().iter().map(move |entry| (&*section.key, &*entry.key)))
        .collect();
    shape::each(root, &mut |object, path, node| {
        if let (Some(section), Some(reference)) = (object.section, node.get("$ref"))
            && let Some((message, help)) = wrong(root, &known, section, object.name, reference)
        {
            let target =
                || root.follow(reference.text()?.strip_prefix('#')?).filter(|target| target.text_of("$ref").is_none());
            let fix = match target() {
                _ if !object.is(&shape::SCHEMA) => None,
                Some(target) => Some(Fix::new("a copy of that part").set(path, target.to_json())),
                None => Some(Fix::any_value(path)),
            };
            let diagnostic = Diagnostic::new(join(path, "$ref"), message, help);
            diagnostics.push(Diagnostic { fix, ..diagnostic });
        }
        if object.is(&shape::COMPONENTS) {
            for section in node.entries().iter().filter(|section| !section.key.starts_with("x-")) {
                component_names(section.value.entries().iter().map(|entry| &*entry.key), &section.key, diagnostics);
            }
        }
    });
}

fn wrong(
    root: &Node,
    known: &HashSet<(&str, &str)>,
    section: &str,
    name: &str,
    reference: &Node,
) -> Option<(String, String)> {
    let Some(reference) = reference.text() else {
        return Some((
            format!("expected a reference as text, found {}", reference.value.form()),
            "write a reference as text".into(),
        ));
    };
    let Some(pointer) = reference.strip_prefix('#') else {
        let message = match reference.contains("://") {
            true => format!("the reference `{reference}` leads to another document, which is not fetched"),
            false => format!("the reference `{reference}` leads to another file, which is not read"),
        };
        return Some((message, IN_PLACE.into()));
    };
    let path: Vec<_> = tokens(pointer).collect();
    match path.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["components", found, key] if *found == section => {
            if known.contains(&(section, *key)) {
                return None;
            }
            let known = root.follow(&format!("/components/{section}")).map(Node::entries).unwrap_or_default();
            let suggestion = suggest::suggest(key, known.iter().map(|entry| &*entry.key));
            let help = match &*suggestion {
                "there is none" => "define it, or remove the reference".to_owned(),
                asks if asks.ends_with('?') => format!("define it; {asks}"),
                lists => format!("define it, or {lists}"),
            };
            Some((format!("the reference `{reference}` does not resolve"), help))
        }
        ["components", found, _] => {
            let message = format!("the reference `{reference}` leads to `{found}`, but {name} is expected here");
            Some((message, format!("refer to `#/components/{section}/…`")))
        }
        _ => Some((format!("the reference `{reference}` does not lead to a component"), IN_PLACE.into())),
    }
}

/// A name with a slash would look like a longer pointer.
fn component_names<'a>(names: impl Iterator<Item = &'a str>, section: &str, diagnostics: &mut Vec<Diagnostic>) {
    // OpenAPI allows fewer, which many documents do not know.
    let allowed = |c: char| c != '/' && c != '~' && c != '%' && !c.is_control();
    for name in names.filter(|name| name.is_empty() || !name.chars().all(allowed)) {
        let pointer = join(&join("/components", section), name);
        let message = format!("invalid name `{name}` of a component");
        diagnostics.push(Diagnostic::new(pointer, message, "use letters, digits, `.`, `-` and `_`"));
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tests::found, *};

    #[test]
    fn a_reference_that_leads_nowhere_or_elsewhere_is_found() {
        let cases = [
            ("'#/components/schemas/Thong'", "the reference `#/components/schemas/Thong` does not resolve"),
            ("'#/components/responses/R'", "leads to `responses`, but a schema is expected here"),
            ("'#/components/schemas/Thing/properties/a'", "does not lead to a component"),
            ("'#/paths/~1a'", "does not lead to a component"),
            ("'#Thing'", "does not lead to a component"),
            ("'#'", "does not lead to a component"),
            ("Thing", "leads to another file, which is not read"),
            ("other.yaml#/Thing", "leads to another file, which is not read"),
            ("https://example.com/thing", "leads to another document, which is not fetched"),
            ("[1]", "expected a reference as text, found a list"),
        ];
        for (reference, expected) in cases {
            let yaml = format!(
                "components: {{ schemas: {{ Thing: {{ properties: {{ a: {{ $ref: {reference} }} }} }} }}, responses: {{ R: {{}} }} }}"
            );
            let found = found(check, &yaml);
            assert!(
                matches!(found.as_slice(), [one] if one.starts_with("/components/schemas/Thing/properties/a/$ref: ") && one.contains(expected)),
                "{reference}: {found:?}"
            );
        }
    }

    #[test]
    fn a_property_of_the_name_ref_is_none() {
        assert_eq!(found(check, "components: { schemas: { A: { example: { $ref: b }, x-c: { $ref: d } } } }"), [""; 0]);
    }

    #[test]
    fn a_component_that_no_reference_can_name_is_found() {
        assert_eq!(
            found(check, "components: { schemas: { a/b: {} } }"),
            ["/components/schemas/a~1b: invalid name `a/b` of a component"]
        );
    }
}
