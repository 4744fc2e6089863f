//! Other names for schemas of the components.

use std::collections::HashMap;

use super::{
    pointer::join,
    tree::{Node, Value},
};

const SCHEMAS: &str = "/components/schemas";

impl Node {
    /// Gives schemas of the components other names, and rewrites what refers to them.
    pub(crate) fn rename_schemas(&mut self, names: &HashMap<String, String>) {
        if names.is_empty() {
            return;
        }
        if let Some(Self { value: Value::Map(entries), .. }) = self.follow_mut(SCHEMAS) {
            for entry in entries {
                if let Some(new) = names.get(&entry.key) {
                    entry.key.clone_from(new);
                }
            }
        }
        let reference = |name: &String| format!("#{}", join(SCHEMAS, name));
        rewrite(self, &names.iter().map(|(old, new)| (reference(old), reference(new))).collect());
    }
}

/// Rewrites every text that is a reference: also the values of a discriminator's mapping, which have no `$ref`.
fn rewrite(node: &mut Node, references: &HashMap<String, String>) {
    match &mut node.value {
        Value::List(items) => items.iter_mut().for_each(|item| rewrite(item, references)),
        Value::Map(entries) => entries.iter_mut().for_each(|entry| rewrite(&mut entry.value, references)),
        Value::Text(text) => {
            if let Some(new) = references.get(text) {
                text.clone_from(new);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::document::parse::parse;

    #[test]
    fn what_refers_to_a_schema_has_its_new_name() {
        let text = "
a: { $ref: '#/components/schemas/x.y', b: { mapping: { c: '#/components/schemas/x.y' } } }
components: { schemas: { x.y: { $ref: '#/components/schemas/z' }, z: {} } }";
        let mut root = parse(text).unwrap();
        root.rename_schemas(&[("x.y".to_owned(), "new/y".to_owned())].into());
        assert_eq!(
            root.to_json(),
            json!({
                "a": { "$ref": "#/components/schemas/new~1y", "b": { "mapping": { "c": "#/components/schemas/new~1y" } } },
                "components": { "schemas": { "new/y": { "$ref": "#/components/schemas/z" }, "z": {} } },
            })
        );
    }
}
