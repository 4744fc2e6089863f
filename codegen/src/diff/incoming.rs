//! The requests that the server sends: webhooks and callbacks. Their bodies are read like responses.

use super::{
    node::Node,
    rule::Rule,
    rules::general,
    walk::{Context, Use, Walk},
};
use crate::document::METHODS;

impl<'a> Walk<'a> {
    pub(super) fn webhooks(&mut self, base: &Node<'a>, head: &Node<'a>) {
        let rules = [general::WEBHOOK_ADDED, general::WEBHOOK_REMOVED];
        self.incoming(rules, None, base.child("webhooks"), head.child("webhooks"));
    }

    /// Compares the callbacks of an operation, each by its name and then by its expression.
    pub(super) fn callbacks(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        let rules = [general::CALLBACK_ADDED, general::CALLBACK_REMOVED];
        let (old, new) = (base.child("callbacks"), head.child("callbacks"));
        for (_, a, b) in self.both(rules, Some(context), old, new) {
            let (a, b) = self.resolved(context, &a, &b);
            self.incoming(rules, Some(context), Some(a), Some(b));
        }
    }

    fn incoming(
        &mut self,
        rules: [&'static Rule; 2],
        context: Option<&Context>,
        base: Option<Node<'a>>,
        head: Option<Node<'a>>,
    ) {
        for (name, a, b) in self.both(rules, context, base, head) {
            let operation = context.map_or(name, |context| &context.operation).to_owned();
            // No Rust type is made from it.
            let context = Context { operation, usage: Use::Error, pair: None, name: name.to_owned() };
            let (a, b) = self.resolved(&context, &a, &b);
            for method in METHODS {
                if let (Some(a), Some(b)) = (a.child(method), b.child(method)) {
                    self.received(&context, &a, &b);
                } else {
                    self.no_rule(Some(&context), a.child(method).as_ref(), b.child(method).as_ref());
                }
            }
            self.rest(Some(&context), &a, &b, &METHODS);
        }
    }

    fn received(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        self.key(general::TAGS_CHANGED, Some(context), "tags", "tags", [base, head]);
        self.key(general::OPERATION_ID_CHANGED, Some(context), &context.name, "operationId", [base, head]);
        if let (Some(a), Some(b)) = (base.child("requestBody"), head.child("requestBody")) {
            let (a, b) = self.resolved(context, &a, &b);
            self.content(context, &a, &b);
            self.rest(Some(context), &a, &b, &["content", "$ref"]);
        } else {
            self.no_rule(Some(context), base.child("requestBody").as_ref(), head.child("requestBody").as_ref());
        }
        self.rest(Some(context), base, head, &["tags", "operationId", "requestBody"]);
    }

    /// Records the members that only one side has, and returns the others.
    fn both(
        &mut self,
        [added, removed]: [&'static Rule; 2],
        context: Option<&Context>,
        base: Option<Node<'a>>,
        head: Option<Node<'a>>,
    ) -> Vec<(&'a str, Node<'a>, Node<'a>)> {
        let members = |node: Option<Node<'a>>| node.map(|node| node.members()).unwrap_or_default();
        let (old, new) = (members(base), members(head));
        let mut both = Vec::new();
        for (name, b) in &new {
            match old.iter().find(|(other, _)| other == name) {
                Some((_, a)) => both.push((*name, a.clone(), b.clone())),
                None => drop(self.emit(added, context, name, None, Some(b))),
            }
        }
        for (name, a) in old.iter().filter(|(name, _)| !new.iter().any(|(other, _)| other == name)) {
            self.emit(removed, context, name, Some(a), None);
        }
        both
    }
}
