//! The fields of an object: added, removed, renamed, required or optional, and unlisted ones.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    Side,
    merged::Merged,
    node::{Node, differ},
    rules::{general, in_direction, request, response},
    schema::present,
    walk::{Context, Use, Walk},
};

impl<'a> Walk<'a> {
    pub(super) fn properties(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        let before = self.found.len();
        let (old, new) = (fields(base), fields(head));
        let (old_required, new_required) = (required(base), required(head));
        let removed: Vec<_> = old.iter().filter(|(name, _)| !new.contains_key(*name)).collect();
        let added: Vec<_> = new.iter().filter(|(name, _)| !old.contains_key(*name)).collect();
        let mut reported = BTreeSet::new();

        for (from, old) in &removed {
            let is_same = |(to, new): &&(&&str, &Node<'a>)| {
                new.value == old.value && new_required.contains_key(**to) == old_required.contains_key(**from)
            };
            let candidates: Vec<_> = added.iter().filter(is_same).collect();
            let rivals = removed.iter().filter(|(_, rival)| rival.value == old.value).count();
            // Two that look alike could be either.
            let ([(to, new)], 1) = (candidates.as_slice(), rivals) else { continue };
            reported.extend([**from, **to]);
            let context = context.named(from);
            let found = self.emit_property(in_direction!(context, PROPERTY_RENAMED), &context, Some(old), Some(new));
            found.values(Value::from(**from), Value::from(**to));
            claim_required(found, old_required.get(**from), new_required.get(**to));
            self.schema(&context, old, new);
        }
        for (name, node) in added {
            if reported.insert(name) {
                let is_required = new_required.contains_key(name) && !is_withheld(context.usage, node, self.head);
                let id = match (context.usage, is_required) {
                    (Use::Request, true) if Merged::new(node, self.head).schema.child("default").is_some() => {
                        request::NEW_REQUIRED_PROPERTY_WITH_DEFAULT
                    }
                    (Use::Request, true) => request::NEW_REQUIRED_PROPERTY,
                    (Use::Request, false) => request::NEW_OPTIONAL_PROPERTY,
                    (_, true) => response::REQUIRED_PROPERTY_ADDED,
                    (_, false) => response::OPTIONAL_PROPERTY_ADDED,
                };
                let found = self.emit(id, Some(context), name, None, Some(node));
                claim_required(found, old_required.get(name), new_required.get(name));
            }
        }
        for (name, node) in removed {
            if reported.insert(name) {
                let is_required = old_required.contains_key(name) && !is_withheld(context.usage, node, self.base);
                let id = match (context.usage, is_required) {
                    (Use::Request, _) => request::PROPERTY_REMOVED,
                    (_, true) => response::REQUIRED_PROPERTY_REMOVED,
                    (_, false) => response::OPTIONAL_PROPERTY_REMOVED,
                };
                let found = self.emit(id, Some(context), name, Some(node), None);
                claim_required(found, old_required.get(name), new_required.get(name));
            }
        }
        for (name, old) in &old {
            if let Some(new) = new.get(name) {
                self.schema(&context.named(name), old, new);
            }
        }
        for (name, node) in new_required.iter().filter(|(name, _)| !old_required.contains_key(*name)) {
            if !reported.contains(name) {
                self.emit_property(
                    in_direction!(context, PROPERTY_BECAME_REQUIRED),
                    &context.named(name),
                    None,
                    Some(node),
                );
            }
        }
        for (name, node) in old_required.iter().filter(|(name, _)| !new_required.contains_key(*name)) {
            if !reported.contains(name) {
                self.emit_property(
                    in_direction!(context, PROPERTY_BECAME_OPTIONAL),
                    &context.named(name),
                    Some(node),
                    None,
                );
            }
        }
        let lists = [base.children("required"), head.children("required")].map(Vec::into_iter);
        let [mut old, mut new] = lists;
        loop {
            let lists = (old.next(), new.next());
            match lists {
                (None, None) => break,
                (a, b) if is_odd(&a) || is_odd(&b) => self.no_rule(Some(context), a.as_ref(), b.as_ref()),
                // A flag belongs to the field around.
                (a, b) if [&a, &b].iter().any(|list| list.as_ref().is_some_and(|list| list.value.is_boolean())) => {
                    if differ(a.as_ref(), b.as_ref()) {
                        self.emit(general::SPELLING_CHANGED, Some(context), "required", a.as_ref(), b.as_ref());
                    }
                }
                (a, b) => self.list(before, Some(context), "required", a, b),
            }
        }
    }

    /// Compares the unlisted fields: none, values of a schema, or anything.
    pub(super) fn additional(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        const KEY: &str = "additionalProperties";
        let (old, new) = (base.schema(KEY), head.schema(KEY));
        let rule = match (openness(&old), openness(&new)) {
            (Openness::Some, Openness::Some) => {
                let values = context.named(&format!("{}{{}}", context.name));
                return self.schema(&values, &old, &new);
            }
            (from, to) if from < to => in_direction!(context, PROPERTY_ADDITIONAL_LOOSENED),
            (from, to) if from > to => in_direction!(context, PROPERTY_ADDITIONAL_TIGHTENED),
            _ if old.value == new.value && old.present == new.present => return,
            // `true` for `{}`, or for nothing at all.
            _ => {
                self.emit(general::SPELLING_CHANGED, Some(context), KEY, present(&old), present(&new));
                return;
            }
        };
        self.emit_property(rule, context, present(&old), present(&new));
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Openness {
    Nothing,
    Some,
    Anything,
}

fn openness(node: &Node<'_>) -> Openness {
    match node.value {
        Value::Bool(false) => Openness::Nothing,
        Value::Bool(true) => Openness::Anything,
        Value::Object(keywords) if keywords.is_empty() => Openness::Anything,
        _ => Openness::Some,
    }
}

/// The fields by name; none if `properties` is not a map, which is left to the plain comparison.
fn fields<'a>(schema: &Node<'a>) -> BTreeMap<&'a str, Node<'a>> {
    let mut fields = BTreeMap::<&str, Node<'_>>::new();
    for (name, field) in schema.children("properties").iter().flat_map(Node::members) {
        match fields.get_mut(name) {
            // Several of the merged schemas have it: its values match all of them.
            Some(first) => first.parts.push(field),
            None => drop(fields.insert(name, field)),
        }
    }
    fields
}

/// The names in `required`, each with its pointer.
fn required<'a>(schema: &Node<'a>) -> BTreeMap<&'a str, Node<'a>> {
    let names = schema.children("required").into_iter().flat_map(|list| list.elements());
    // The first schema that has it goes before the others.
    let listed = names.rev().filter_map(|name| Some((name.value.as_str()?, name)));
    // `required: true` at a field, which is not OpenAPI, means the same.
    let fields = schema.children("properties").into_iter().flat_map(|fields| fields.members());
    let flags = fields.filter_map(|(name, field)| Some((name, field.child("required")?)));
    flags.filter(|(_, flag)| flag.value == &Value::Bool(true)).chain(listed).collect()
}

fn is_odd(list: &Option<Node<'_>>) -> bool {
    let Some(list) = list else { return false };
    !(list.value.is_array() || list.value.is_boolean()) || list.elements().iter().any(|name| !name.value.is_string())
}

fn claim_required(found: &mut super::walk::Found, old: Option<&Node<'_>>, new: Option<&Node<'_>>) {
    for (side, node) in [(Side::Base, old), (Side::Head, new)] {
        if let Some(node) = node {
            found.claim(side, &node.at);
        }
    }
}

/// Returns whether a field is never sent in this direction, so that `required` does not apply.
fn is_withheld<'a>(usage: Use, node: &Node<'a>, document: &'a Value) -> bool {
    node.resolved(document).flag(if usage == Use::Request { "readOnly" } else { "writeOnly" })
}
