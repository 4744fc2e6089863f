//! Check: no two schemas of the components have names that differ only in style, such as `ticket_info` and `TicketInfo`.

use std::collections::HashMap;

use crate::{
    document::{diagnostic::Diagnostic, fix::Fix, pointer::pointer, tree::Node},
    names::normal,
};

pub(super) fn check(root: &Node, diagnostics: &mut Vec<Diagnostic>) {
    let schemas = root.get("components").and_then(|components| components.get("schemas"));
    let mut taken: HashMap<String, &str> = HashMap::new();
    let mut others = Vec::new();
    for entry in schemas.map(Node::entries).unwrap_or_default() {
        match taken.get(&normal(&entry.key)) {
            Some(first) => others.push((entry.key.as_str(), *first)),
            None => drop(taken.insert(normal(&entry.key), &entry.key)),
        }
    }
    for (name, first) in others {
        let numbered = (2..).map(|number: u32| format!("{name}_{number}"));
        let mut free = numbered.filter(|name| !taken.contains_key(&normal(name)));
        let Some(new) = free.next() else { continue };
        let message = format!("the schemas `{first}` and `{name}` have one name in Rust");
        let help = format!("add to the settings: `rename: {{ schemas: {{ {name}: {new} }} }}`");
        let place = |name| pointer(&["components", "schemas", name]);
        let diagnostic =
            Diagnostic::new(place(name), message, help).with_related("the first", root.span_of(&place(first)));
        diagnostics.push(diagnostic.with_fix(Fix::new(format!("`{new}`")).rename_schema(name, &new)));
        taken.insert(normal(&new), name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::check::tests::found;

    #[test]
    fn schemas_whose_names_differ_in_style_are_reported() {
        let yaml =
            "components: { schemas: { TicketInfo: {}, ticket_info: {}, ticket-info: {}, TicketInfo2: {}, Other: {} } }";
        assert_eq!(
            found(check, yaml),
            [
                "/components/schemas/ticket_info: the schemas `TicketInfo` and `ticket_info` have one name in Rust",
                "/components/schemas/ticket-info: the schemas `TicketInfo` and `ticket-info` have one name in Rust",
            ]
        );
    }
}
