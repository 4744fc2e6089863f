//! `allOf`, `anyOf`, `oneOf`, and the exclusive groups among the latter.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    node::Node,
    rules::{general, in_direction, request},
    walk::{Context, Use, Walk},
};

impl<'a> Walk<'a> {
    pub(super) fn combinations(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>, depth: usize) {
        let (old, new) = (base.child("x-exclusive-group"), head.child("x-exclusive-group"));
        if old.is_some() && new.is_some() {
            let name = head.text("x-exclusive-group").unwrap_or_default();
            self.key(general::EXCLUSIVE_GROUP_RENAMED, Some(context), name, "x-exclusive-group", [base, head]);
        } else {
            self.group_name(context, base, head);
        }
        for key in ["allOf", "anyOf", "oneOf"] {
            let (old, new) = (base.child(key), head.child(key));
            if old.iter().chain(&new).any(|node| !node.value.is_array()) {
                self.no_rule(Some(context), old.as_ref(), new.as_ref());
                continue;
            }
            let before = self.found.len();
            if !(key == "oneOf" && context.usage == Use::Request && self.group(context, base, head)) {
                self.alternatives(key, context, old.as_ref(), new.as_ref(), depth);
            }
            self.list(before, Some(context), key, old, new);
        }
    }

    /// Records a name without a change of its `oneOf`; otherwise that change covers the name.
    fn group_name(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        if base.child("oneOf").is_some() == head.child("oneOf").is_some() {
            let (old, new) = (base.child("x-exclusive-group"), head.child("x-exclusive-group"));
            self.no_rule(Some(context), old.as_ref(), new.as_ref());
        }
    }

    /// Compares `oneOf: [{required: [a]}, {required: [b]}]` by its members; false if it is something else.
    fn group(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) -> bool {
        let (old, new) = (members(base), members(head));
        let (of, to) = (base.child("oneOf"), head.child("oneOf"));
        let names = |members: &BTreeMap<&str, Node<'_>>| members.keys().copied().collect::<Vec<_>>().join(", ");
        match (old, new) {
            (Some(old), Some(new)) => {
                for (name, node) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
                    self.emit(request::EXCLUSIVE_GROUP_MEMBER_ADDED, Some(context), name, None, Some(node));
                }
                for (name, node) in old.iter().filter(|(name, _)| !new.contains_key(*name)) {
                    self.emit(request::EXCLUSIVE_GROUP_MEMBER_REMOVED, Some(context), name, Some(node), None);
                }
            }
            (None, Some(new)) if of.is_none() => {
                let found = self.emit(request::EXCLUSIVE_GROUP_ADDED, Some(context), &names(&new), None, to.as_ref());
                if let Some(name) =
                    head.child("x-exclusive-group").filter(|_| base.child("x-exclusive-group").is_none())
                {
                    found.claim(super::Side::Head, &name.at);
                }
            }
            (Some(old), None) if to.is_none() => {
                let found = self.emit(request::EXCLUSIVE_GROUP_REMOVED, Some(context), &names(&old), of.as_ref(), None);
                if let Some(name) =
                    base.child("x-exclusive-group").filter(|_| head.child("x-exclusive-group").is_none())
                {
                    found.claim(super::Side::Base, &name.at);
                }
            }
            _ => return false,
        }
        true
    }

    fn alternatives(
        &mut self,
        key: &str,
        context: &Context,
        base: Option<&Node<'a>>,
        head: Option<&Node<'a>>,
        depth: usize,
    ) {
        if key != "allOf" && base.is_some() != head.is_some() {
            let rule = match head {
                Some(_) => in_direction!(context, PROPERTY_ALTERNATIVES_SET),
                None => in_direction!(context, PROPERTY_ALTERNATIVES_UNSET),
            };
            self.emit_property(rule, context, base, head);
            return;
        }
        let mut old = base.map(Node::elements).unwrap_or_default();
        let mut new = head.map(Node::elements).unwrap_or_default();
        // Equal alternatives match at any index; they may refer to a schema that has changed.
        old.retain(|a| {
            let Some(found) = new.iter().position(|b| a.value == b.value) else { return true };
            let b = new.remove(found);
            self.schema(context, a, &b, depth + 1);
            false
        });
        // One that is left on each side is the same one, changed.
        if let ([a], [b]) = (old.as_slice(), new.as_slice()) {
            return self.schema(context, a, b, depth + 1);
        }
        let (added, removed) = match key {
            "allOf" => (in_direction!(context, PROPERTY_ALL_OF_ADDED), in_direction!(context, PROPERTY_ALL_OF_REMOVED)),
            _ => (
                in_direction!(context, PROPERTY_ALTERNATIVE_ADDED),
                in_direction!(context, PROPERTY_ALTERNATIVE_REMOVED),
            ),
        };
        for node in &new {
            self.emit_property(added, context, None, Some(node));
        }
        for node in &old {
            self.emit_property(removed, context, Some(node), None);
        }
    }
}

/// The members of an exclusive group by name.
fn members<'a>(schema: &Node<'a>) -> Option<BTreeMap<&'a str, Node<'a>>> {
    let alternatives = schema.child("oneOf")?.elements();
    let member =
        |node: Node<'a>| match (node.value.as_object()?.len(), node.value.get("required")?.as_array()?.as_slice()) {
            (1, [Value::String(name)]) => Some((name.as_str(), node)),
            _ => None,
        };
    let count = alternatives.len();
    let members: BTreeMap<_, _> = alternatives.into_iter().map(member).collect::<Option<_>>()?;
    (count > 0 && members.len() == count).then_some(members)
}
