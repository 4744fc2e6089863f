//! The walk through schemas.

use std::collections::BTreeSet;

use super::{
    Side, applicators,
    merged::{Merged, is_null},
    node::Node,
    rules::general,
    walk::{Context, Walk},
};

/// The keywords that have a rule or a comparison of their own. Other keywords are compared as plain values.
const KNOWN: &[&str] = &[
    "$ref",
    "type",
    "nullable",
    "format",
    "pattern",
    "enum",
    "const",
    "default",
    "deprecated",
    "readOnly",
    "writeOnly",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "allOf",
    "anyOf",
    "oneOf",
    "discriminator",
    "x-exclusive-group",
    "x-hand-written",
    "maxLength",
    "minLength",
    "maximum",
    "minimum",
    "maxItems",
    "minItems",
    "maxProperties",
    "maxContains",
    "minContains",
    "minProperties",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "multipleOf",
    "uniqueItems",
];

/// The keywords that say something about a schema and restrict nothing. Several of the merged schemas may have them.
pub(super) const TEXTS: &[&str] =
    &["description", "summary", "title", "externalDocs", "$comment", "example", "examples"];

impl<'a> Walk<'a> {
    /// Compares two schemas; an absent one allows everything.
    ///
    /// Each pair of schemas is compared once for each use, whichever operations lead to it: the time is linear in the size of
    /// the documents. Schemas behind references wait in a queue, so that the recursion is as deep as the text is nested.
    pub(super) fn schema(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        if !base.present && !head.present {
            return;
        }
        if base.present && head.present && self.widened(context, base, head) {
            return;
        }
        let (old, new) = (Merged::new(base, self.base), Merged::new(head, self.head));
        self.form(context, [base, head], [&old, &new]);
        let leaves_text = |schema: &Merged<'_>| !schema.schema.present || !schema.references.is_empty();
        let waits = leaves_text(&old) && leaves_text(&new);
        let Some(pair) = self.enter(context, &old.schema, &new.schema) else { return };
        let context = Context { pair: Some(pair), ..context.clone() };
        match waits {
            true => self.queue.push_back((context, old.schema, new.schema)),
            false => self.pair(&context, &old.schema, &new.schema),
        }
    }

    /// Compares the schemas behind references.
    pub(super) fn queued(&mut self) {
        while let Some((context, base, head)) = self.queue.pop_front() {
            self.pair(&context, &base, &head);
        }
    }

    /// Records that the same schema is written in another way, or in another place. What its content means is compared after.
    fn form(&mut self, context: &Context, written: [&Node<'a>; 2], merged: [&Merged<'a>; 2]) {
        let ([base, head], [old, new]) = (written, merged);
        if !base.present || !head.present || old.form == new.form {
            return;
        }
        let sorted = |schema: &Merged<'a>| schema.references.iter().copied().collect::<BTreeSet<_>>();
        let rule = if sorted(old) == sorted(new) { general::SPELLING_CHANGED } else { general::REFERENCE_CHANGED };
        let pairs = [(base, head)].into_iter().chain(base.parts.iter().zip(&head.parts));
        if let Some((base, head)) = pairs.into_iter().find(|(base, head)| base.value != head.value) {
            self.emit_property(rule, context, Some(base), Some(head));
            return;
        }
        // The same reference leads to a schema that is put together in another way.
        let (a, b) = (base.resolved(self.base), head.resolved(self.head));
        let found = self.emit_property(rule, context, Some(&a), Some(&b));
        for (side, schema) in [(Side::Base, &old.schema), (Side::Head, &new.schema)] {
            found.claims.extend([schema].into_iter().chain(&schema.parts).map(|part| (side, part.at.clone())));
        }
    }

    fn pair(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        if odd(base) || odd(head) {
            return self.no_rule(Some(context), present(base), present(head));
        }
        self.keywords(context, base, head);
        self.properties(context, base, head);
        self.additional(context, base, head);
        if base.child("items").is_some() || head.child("items").is_some() {
            let items = context.named(&format!("{}[]", context.name));
            self.schema(&items, &base.united("items"), &head.united("items"));
        }
        self.combinations(context, base, head);
        self.discriminator(context, base, head);
        self.applicators(context, base, head);
        self.schema_rest(context, base, head);
    }

    fn schema_rest(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        for key in TEXTS {
            self.texts(context, key, base, head);
        }
        let known: Vec<&str> = KNOWN.iter().chain(TEXTS).copied().chain(applicators::keywords()).collect();
        self.rest(Some(context), base, head, &known);
        self.repeated(context, base, head);
        if base.present && head.present && !(base.value.is_object() && head.value.is_object()) {
            // `true`, `false` or `{}` for a schema with keywords.
            self.no_rule(Some(context), Some(base), Some(head));
        }
    }

    /// Compares a text or an example, which each of the merged schemas may have.
    fn texts(&mut self, context: &Context, key: &str, base: &Node<'a>, head: &Node<'a>) {
        let (old, new) = (base.children(key), head.children(key));
        let lone = |nodes: &[Node<'a>], others: &[Node<'a>]| {
            let lone = nodes.iter().filter(|node| !others.iter().any(|other| other.value == node.value));
            lone.cloned().collect::<Vec<_>>()
        };
        let (mut removed, mut added) = (lone(&old, &new).into_iter(), lone(&new, &old).into_iter());
        loop {
            match (removed.next(), added.next()) {
                (None, None) => break,
                (old, new) => self.text_changed(Some(context), key, old.as_ref(), new.as_ref()),
            }
        }
    }

    /// Looks at keywords that several of the merged schemas have: the first one is compared, and a difference in the others is
    /// reported without a judgement.
    fn repeated(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        const UNITED: [&str; 3] = ["properties", "required", "items"];
        let keys: BTreeSet<&str> = [base, head]
            .into_iter()
            .flat_map(|schema| &schema.parts)
            .filter(|part| !is_null(part))
            .flat_map(|part| part.members().into_iter().map(|(key, _)| key).collect::<Vec<_>>())
            .filter(|key| !UNITED.contains(key) && !TEXTS.contains(key))
            .collect();
        for key in keys {
            let further = |schema: &Node<'a>| -> Vec<Node<'a>> {
                let all = schema.children(key);
                let first = all.first().map(|node| node.value);
                let further = all.iter().skip(1);
                further.filter(|node| Some(node.value) != first && node.value != "null").cloned().collect()
            };
            let (mut old, mut new) = (further(base).into_iter(), further(head).into_iter());
            loop {
                match (old.next(), new.next()) {
                    (None, None) => break,
                    (old, new) => self.text_changed(Some(context), key, old.as_ref(), new.as_ref()),
                }
            }
        }
    }
}

pub(super) fn present<'n, 'a>(node: &'n Node<'a>) -> Option<&'n Node<'a>> {
    Some(node).filter(|node| node.present)
}

/// Returns whether this cannot be a schema.
fn odd(node: &Node<'_>) -> bool {
    !(node.value.is_object() || node.value.is_boolean())
}
