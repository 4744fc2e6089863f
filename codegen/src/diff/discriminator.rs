//! Discriminators: the field by which a reader chooses among the forms of a schema.

use super::{
    node::Node,
    rules::general,
    walk::{Context, Walk},
};

impl<'a> Walk<'a> {
    pub(super) fn discriminator(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        let name = &context.name;
        let (old, new) = match (base.child("discriminator"), head.child("discriminator")) {
            (None, None) => return,
            (None, Some(new)) => {
                self.emit(general::DISCRIMINATOR_ADDED, Some(context), name, None, Some(&new));
                return;
            }
            (Some(old), None) => {
                self.emit(general::DISCRIMINATOR_REMOVED, Some(context), name, Some(&old), None);
                return;
            }
            (Some(old), Some(new)) => (old, new),
        };
        self.key(general::DISCRIMINATOR_PROPERTY_CHANGED, Some(context), name, "propertyName", [&old, &new]);
        let mapping = |node: &Node<'a>| node.child("mapping").map(|mapping| mapping.members()).unwrap_or_default();
        let (from, to) = (mapping(&old), mapping(&new));
        for (value, b) in &to {
            match from.iter().find(|(other, _)| other == value) {
                None => {
                    self.emit(general::DISCRIMINATOR_VALUE_ADDED, Some(context), value, None, Some(b));
                }
                Some((_, a)) if a.value != b.value => {
                    self.emit(general::DISCRIMINATOR_VALUE_CHANGED, Some(context), value, Some(a), Some(b));
                }
                Some(_) => {}
            }
        }
        for (value, a) in from.iter().filter(|(value, _)| !to.iter().any(|(other, _)| other == value)) {
            self.emit(general::DISCRIMINATOR_VALUE_REMOVED, Some(context), value, Some(a), None);
        }
        self.rest(Some(context), &old, &new, &["propertyName", "mapping"]);
    }
}
