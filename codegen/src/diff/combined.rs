//! `anyOf`, `oneOf`, and the exclusive groups among the latter.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    merged::{Merged, nullable},
    node::Node,
    rules::{general, in_direction, request},
    schema::TEXTS,
    walk::{Context, Use, Walk},
};

impl<'a> Walk<'a> {
    pub(super) fn combinations(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        let (old, new) = (base.child("x-exclusive-group"), head.child("x-exclusive-group"));
        if old.is_some() && new.is_some() {
            let name = head.text("x-exclusive-group").unwrap_or_default();
            self.key(general::EXCLUSIVE_GROUP_RENAMED, Some(context), name, "x-exclusive-group", [base, head]);
        } else {
            self.group_name(context, base, head);
        }
        // A list that cannot be merged.
        self.no_rule(Some(context), base.child("allOf").as_ref(), head.child("allOf").as_ref());
        let lists = |key: &str| (base.child(key), head.child(key));
        let rule = match (lists("oneOf"), lists("anyOf")) {
            ((Some(old), None), (None, Some(new))) => {
                Some((in_direction!(context, PROPERTY_ONE_OF_BECAME_ANY_OF), old, new))
            }
            ((None, Some(new)), (Some(old), None)) => {
                Some((in_direction!(context, PROPERTY_ANY_OF_BECAME_ONE_OF), old, new))
            }
            _ => None,
        };
        if let Some((rule, old, new)) = rule.filter(|(_, old, new)| old.value.is_array() && new.value.is_array()) {
            self.emit_property(rule, context, Some(&old), Some(&new));
            return self.alternatives(context, old.elements(), new.elements());
        }
        for key in ["anyOf", "oneOf"] {
            let (old, new) = lists(key);
            if old.iter().chain(&new).any(|node| !node.value.is_array()) {
                self.no_rule(Some(context), old.as_ref(), new.as_ref());
                continue;
            }
            let before = self.found.len();
            if !(key == "oneOf" && context.usage == Use::Request && self.group(context, base, head)) {
                match (&old, &new) {
                    (None, None) => {}
                    (Some(old), Some(new)) => self.alternatives(context, old.elements(), new.elements()),
                    (old, new) => {
                        let rule = match new {
                            Some(_) => in_direction!(context, PROPERTY_ALTERNATIVES_SET),
                            None => in_direction!(context, PROPERTY_ALTERNATIVES_UNSET),
                        };
                        self.emit_property(rule, context, old.as_ref(), new.as_ref());
                    }
                }
            }
            self.list(before, Some(context), key, old, new);
        }
    }

    /// Compares a schema with a list of alternatives that has it, or the reverse; false if this is something else.
    pub(super) fn widened(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) -> bool {
        let lists = |schema: &Node<'a>, document: &'a Value| -> Vec<Node<'a>> {
            let schema = schema.resolved(document);
            let lists = ["oneOf", "anyOf"].into_iter().filter_map(|key| schema.child(key));
            lists.map(|list| list.elements()).filter(|list| nullable(list.clone()).is_none()).flatten().collect()
        };
        let (old, new) = (lists(base, self.base), lists(head, self.head));
        let (mut old, mut new) = match (old.is_empty(), new.is_empty()) {
            (true, false) => (vec![base.clone()], new),
            (false, true) => (old, vec![head.clone()]),
            _ => return false,
        };
        let pairs = self.same_alternatives(&mut old, &mut new);
        let [(a, b)] = pairs.as_slice() else { return false };
        // A list that has itself as an alternative.
        if a.resolved(self.base).at == base.resolved(self.base).at
            && b.resolved(self.head).at == head.resolved(self.head).at
        {
            return false;
        }
        self.emit_property(general::SPELLING_CHANGED, context, Some(base), Some(head));
        self.schema(context, a, b);
        self.alternatives(context, old, new);
        true
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

    /// Compares two lists of alternatives, in any order.
    fn alternatives(&mut self, context: &Context, mut old: Vec<Node<'a>>, mut new: Vec<Node<'a>>) {
        for (a, b) in self.same_alternatives(&mut old, &mut new) {
            self.schema(context, &a, &b);
        }
        // One that is left on each side is the same one, changed.
        if let ([a], [b]) = (old.as_slice(), new.as_slice()) {
            return self.schema(context, a, b);
        }
        for node in &new {
            self.emit_property(in_direction!(context, PROPERTY_ALTERNATIVE_ADDED), context, None, Some(node));
        }
        for node in &old {
            self.emit_property(in_direction!(context, PROPERTY_ALTERNATIVE_REMOVED), context, Some(node), None);
        }
    }

    /// Takes the pairs of alternatives out of both lists that are equal, are the same component, or have equal content.
    fn same_alternatives(&self, old: &mut Vec<Node<'a>>, new: &mut Vec<Node<'a>>) -> Vec<(Node<'a>, Node<'a>)> {
        let mut pairs = Vec::new();
        let mut take = |is_same: &dyn Fn(&Node<'a>, &Node<'a>) -> bool| {
            old.retain(|a| {
                let Some(found) = new.iter().position(|b| is_same(a, b)) else { return true };
                pairs.push((a.clone(), new.remove(found)));
                false
            });
        };
        let target = |a: &Node<'a>, b: &Node<'a>| (Merged::new(a, self.base).schema, Merged::new(b, self.head).schema);
        take(&|a, b| a.value == b.value);
        take(&|a, b| {
            let (a, b) = target(a, b);
            a.at == b.at && a.at.starts_with("/components/")
        });
        take(&|a, b| without_texts(a) == without_texts(b));
        take(&|a, b| a.text("title").is_some() && a.text("title") == b.text("title"));
        take(&|a, b| {
            let (a, b) = target(a, b);
            a.value == b.value && a.parts.is_empty() && b.parts.is_empty()
        });
        pairs
    }
}

/// An alternative without what only describes it.
fn without_texts(schema: &Node<'_>) -> Value {
    let mut value = schema.value.clone();
    if let Some(keywords) = value.as_object_mut() {
        keywords.retain(|key, _| !TEXTS.contains(&key.as_str()));
    }
    value
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
