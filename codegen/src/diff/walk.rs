//! The shared part of the walk: recording a change, and claiming the leaves it accounts for.

use std::collections::{HashSet, VecDeque};

use serde_json::{Value, json};

use super::{
    Bump, Side,
    node::{Node, differ},
    pairs::Pairs,
    rule::Rule,
    rules::general,
};
use crate::document::{is_within, tokens};

/// The lists and maps that mean the same where they are empty or absent.
const LISTS: &[&str] = &[
    "headers",
    "content",
    "parameters",
    "properties",
    "required",
    "responses",
    "callbacks",
    "links",
    "encoding",
    "variables",
    "components",
    "schemas",
    "securitySchemes",
    "requestBodies",
    "examples",
    "tags",
    "webhooks",
];

/// The use of a part of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Use {
    Request,
    /// A response that the typed layer decodes.
    Response,
    /// A response that is read tolerantly, as bytes.
    Error,
}

/// The position of the walk.
#[derive(Clone, Debug)]
pub(super) struct Context {
    pub(super) operation: String,
    pub(super) usage: Use,
    /// The pair of schemas that is compared; none outside of schemas.
    pub(super) pair: Option<usize>,
    /// The name of the field, or of the body, status or header around it.
    pub(super) name: String,
}

impl Context {
    pub(super) fn named(&self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self.clone() }
    }
}

/// A change as the walk records it, before leaves are attributed.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) rule: &'static Rule,
    pub(super) name: String,
    pub(super) base: Option<(String, Value)>,
    pub(super) head: Option<(String, Value)>,
    pub(super) bump: Bump,
    pub(super) operations: Vec<String>,
    /// The pair of schemas that has the change; the operations that lead to it are added after the walk.
    pub(super) pair: Option<usize>,
    /// Every leaf at or below one of these is accounted for by this change, unless another claims a deeper pointer.
    pub(super) claims: Vec<(Side, String)>,
}

impl Found {
    pub(super) fn claim(&mut self, side: Side, at: &str) -> &mut Self {
        self.claims.push((side, at.to_owned()));
        self
    }

    /// Replaces the values that are shown.
    pub(super) fn values(&mut self, old: Value, new: Value) -> &mut Self {
        for (shown, value) in [(&mut self.base, old), (&mut self.head, new)] {
            if let Some((_, shown)) = shown {
                *shown = value;
            }
        }
        self
    }
}

/// The walk over two documents, side by side.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    pub(super) base: &'a Value,
    pub(super) head: &'a Value,
    pub(super) found: Vec<Found>,
    /// The pairs of schemas that are compared for a use, and the ways to them.
    pub(super) pairs: Pairs,
    /// Pairs behind references, to be compared.
    pub(super) queue: VecDeque<(Context, Node<'a>, Node<'a>)>,
    /// The components that are compared with themselves.
    pub(super) compared: HashSet<String>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(base: &'a Value, head: &'a Value) -> Self {
        Self {
            base,
            head,
            found: Vec::new(),
            pairs: Pairs::default(),
            queue: VecDeque::new(),
            compared: HashSet::new(),
        }
    }

    /// Records a change between two parts, either of which may be absent, and claims all leaves in them.
    pub(super) fn emit(
        &mut self,
        rule: &'static Rule,
        context: Option<&Context>,
        name: &str,
        base: Option<&Node<'_>>,
        head: Option<&Node<'_>>,
    ) -> &mut Found {
        let located = |node: Option<&Node<'_>>| node.filter(|n| n.present).map(|n| (n.at.clone(), n.value.clone()));
        let (base, head) = (located(base), located(head));
        let claims = [(Side::Base, &base), (Side::Head, &head)];
        let claims = claims.into_iter().filter_map(|(side, part)| Some((side, part.as_ref()?.0.clone()))).collect();
        // Nothing of the typed layer is made from the schema of an error: a break of it is one of `raw` at most.
        let tolerant = context.is_some_and(|context| context.usage == Use::Error);
        let bump = if tolerant { rule.bump.min(Bump::Minor) } else { rule.bump };
        let pair = context.and_then(|context| context.pair);
        let outside = context.filter(|_| pair.is_none());
        let operations = outside.map(|context| context.operation.clone()).into_iter().collect();
        self.found.push_mut(Found { rule, name: name.to_owned(), base, head, bump, operations, pair, claims })
    }

    /// Records a change of the field that the context names.
    pub(super) fn emit_property(
        &mut self,
        rule: &'static Rule,
        context: &Context,
        base: Option<&Node<'_>>,
        head: Option<&Node<'_>>,
    ) -> &mut Found {
        self.emit(rule, Some(context), &context.name, base, head)
    }

    /// Records a change of one key's value.
    pub(super) fn key(
        &mut self,
        rule: &'static Rule,
        context: Option<&Context>,
        name: &str,
        key: &str,
        [base, head]: [&Node<'a>; 2],
    ) {
        let (old, new) = (base.child(key), head.child(key));
        if differ(old.as_ref(), new.as_ref()) {
            self.emit(rule, context, name, old.as_ref(), new.as_ref());
        }
    }

    /// Records that a flag was set or unset.
    pub(super) fn toggle(
        &mut self,
        [set, unset]: [&'static Rule; 2],
        context: &Context,
        name: &str,
        key: &str,
        [base, head]: [&Node<'a>; 2],
    ) {
        if base.flag(key) != head.flag(key) {
            let rule = if head.flag(key) { set } else { unset };
            self.key(rule, Some(context), name, key, [base, head]);
        } else {
            self.no_rule(Some(context), base.child(key).as_ref(), head.child(key).as_ref());
        }
    }

    /// Compares the keys that the caller does not know: texts, examples and unknown ones.
    pub(super) fn rest(&mut self, context: Option<&Context>, base: &Node<'a>, head: &Node<'a>, known: &[&str]) {
        let mut keys: Vec<&str> = base.members().iter().chain(&head.members()).map(|(key, _)| *key).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys.into_iter().filter(|key| !known.contains(key)) {
            self.unless_equal(context, key, base, head);
        }
        if base.present && head.present && !(base.value.is_object() && head.value.is_object()) {
            self.no_rule(context, Some(base), Some(head));
        }
    }

    fn unless_equal(&mut self, context: Option<&Context>, key: &str, base: &Node<'a>, head: &Node<'a>) {
        let (old, new) = (base.child(key), head.child(key));
        if differ(old.as_ref(), new.as_ref()) {
            self.text_changed(context, key, old.as_ref(), new.as_ref());
        }
    }

    /// Records another text, example or extension, and anything else as a difference without a rule.
    pub(super) fn text_changed(
        &mut self,
        context: Option<&Context>,
        key: &str,
        old: Option<&Node<'a>>,
        new: Option<&Node<'a>>,
    ) {
        let name = context.map_or(key, |context| &context.name);
        let (rule, name) = match key {
            "description" | "summary" | "title" | "externalDocs" | "$comment" => (general::TEXT_CHANGED, name),
            "example" | "examples" => (general::EXAMPLE_CHANGED, name),
            _ if key.starts_with("x-") => (general::EXTENSION_CHANGED, key),
            _ => return self.no_rule(context, old, new),
        };
        self.emit(rule, context, name, old, new);
    }

    /// Records a difference that no rule covers.
    pub(super) fn no_rule(&mut self, context: Option<&Context>, base: Option<&Node<'a>>, head: Option<&Node<'a>>) {
        if differ(base, head) {
            let is_empty =
                |node: Option<&Node<'a>>| node.is_none_or(|node| [json!({}), json!([])].contains(node.value));
            let at = head.or(base).map_or_else(String::new, |node| node.at.clone());
            let name = tokens(&at).last().unwrap_or_default();
            // An empty list of headers means the same as no list.
            let is_same = base.is_none() != head.is_none() && is_empty(base) && is_empty(head);
            let rule =
                if is_same && LISTS.contains(&name.as_str()) { general::SPELLING_CHANGED } else { general::NO_RULE };
            self.emit(rule, context, &name, base, head);
        }
    }

    /// Ends the comparison of two unordered lists: the changes in them since `before` also claim the elements that moved;
    /// without such a change only the order differs.
    pub(super) fn list(
        &mut self,
        before: usize,
        context: Option<&Context>,
        name: &str,
        base: Option<Node<'a>>,
        head: Option<Node<'a>>,
    ) {
        if !differ(base.as_ref(), head.as_ref()) {
            return;
        }
        let lists: Vec<_> = [(Side::Base, &base), (Side::Head, &head)]
            .into_iter()
            .filter_map(|(side, list)| Some((side, list.as_ref()?.at.clone())))
            .collect();
        let mut inside = false;
        for found in self.found.iter_mut().skip(before) {
            let of_list = |(side, at): &(Side, String)| lists.iter().any(|(s, list)| s == side && is_within(at, list));
            if found.claims.iter().any(of_list) {
                inside = true;
                found.claims.extend(lists.iter().cloned());
            }
        }
        if !inside {
            self.emit(general::SPELLING_CHANGED, context, name, base.as_ref(), head.as_ref());
        }
    }

    /// Follows the references of both sides, and records whether they lead to another place.
    pub(super) fn resolved(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) -> (Node<'a>, Node<'a>) {
        let (to_base, to_head) = (base.resolved(self.base), head.resolved(self.head));
        if to_base.at == to_head.at {
            self.compared.insert(to_base.at.clone());
        }
        let moved = to_base.at != base.at || to_head.at != head.at;
        if moved {
            if base.text("$ref") != head.text("$ref") && base.present && head.present {
                self.emit(general::REFERENCE_CHANGED, Some(context), &context.name, Some(base), Some(head));
            }
            // In OpenAPI 3.1 a reference may have a description next to it.
            if base.text("$ref").is_some() && head.text("$ref").is_some() {
                self.rest(Some(context), base, head, &["$ref"]);
            }
        }
        (to_base, to_head)
    }
}
