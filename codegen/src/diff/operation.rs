//! One operation: its own keys, its body and its responses.

use super::{
    document::context,
    node::Node,
    operations::Operation,
    rules::{general, in_direction, request, response},
    schema::present,
    walk::{Context, Use, Walk},
};
use crate::document::is_success;

impl<'a> Walk<'a> {
    pub(super) fn operation(&mut self, a: &Operation<'a>, b: &Operation<'a>) {
        let context = context(&b.name(), Use::Request);
        let (base, head) = (&a.node, &b.node);
        let deprecated = [general::OPERATION_DEPRECATED, general::OPERATION_REACTIVATED];
        self.toggle(deprecated, &context, &context.operation, "deprecated", [base, head]);
        let idempotent = [general::OPERATION_BECAME_IDEMPOTENT, general::OPERATION_NO_LONGER_IDEMPOTENT];
        self.toggle(idempotent, &context, &context.operation, "x-idempotent", [base, head]);
        self.key(general::TAGS_CHANGED, Some(&context), "tags", "tags", [base, head]);
        self.servers(Some(&context), base, head);
        self.security(Some(&context), base, head);
        self.parameters(&context, a, b);
        self.body(&context, base, head);
        self.responses(&context, base, head);
        self.callbacks(&context, base, head);
        let known = [
            "operationId",
            "deprecated",
            "x-idempotent",
            "tags",
            "servers",
            "security",
            "parameters",
            "requestBody",
            "responses",
            "callbacks",
        ];
        self.rest(Some(&context), base, head, &known);
    }

    fn body(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        let (old, new) = (base.child("requestBody"), head.child("requestBody"));
        let (a, b) = match (old, new) {
            (None, None) => return,
            (None, Some(b)) => {
                let is_required = b.resolved(self.head).flag("required");
                let id = if is_required { request::BODY_ADDED_REQUIRED } else { request::BODY_ADDED_OPTIONAL };
                self.emit(id, Some(context), &context.operation, None, Some(&b));
                return;
            }
            (Some(a), None) => {
                self.emit(request::BODY_REMOVED, Some(context), &context.operation, Some(&a), None);
                return;
            }
            (Some(a), Some(b)) => self.resolved(context, &a, &b),
        };
        let required = [request::BODY_BECAME_REQUIRED, request::BODY_BECAME_OPTIONAL];
        self.toggle(required, context, &context.operation, "required", [&a, &b]);
        self.content(&context.named("body"), &a, &b);
        self.rest(Some(context), &a, &b, &["required", "content", "$ref"]);
    }

    /// Compares the media types of a request or a response, and their schemas.
    pub(super) fn content(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        let types = |node: &Node<'a>| node.child("content").map(|c| c.members()).unwrap_or_default();
        let (old, new) = (types(base), types(head));
        for (name, node) in new.iter().filter(|(name, _)| !old.iter().any(|(other, _)| other == name)) {
            self.emit(in_direction!(context, MEDIA_TYPE_ADDED), Some(context), name, None, Some(node));
        }
        for (name, a) in &old {
            let Some((_, b)) = new.iter().find(|(other, _)| other == name) else {
                self.emit(in_direction!(context, MEDIA_TYPE_REMOVED), Some(context), name, Some(a), None);
                continue;
            };
            self.schema(context, &a.schema("schema"), &b.schema("schema"));
            self.rest(Some(context), a, b, &["schema"]);
        }
    }

    fn responses(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        let list = |node: &Node<'a>| node.child("responses").map(|r| r.members()).unwrap_or_default();
        let is_status = |name: &str| !name.starts_with("x-");
        let (old, new) = (list(base), list(head));
        for (status, node) in new.iter().filter(|(name, _)| is_status(name)) {
            if !old.iter().any(|(other, _)| other == status) {
                let rule = match is_success(status) {
                    true => response::SUCCESS_STATUS_ADDED,
                    false => response::NON_SUCCESS_STATUS_ADDED,
                };
                self.emit(rule, Some(context), status, None, Some(node));
            }
        }
        for (status, a) in old.iter().filter(|(name, _)| is_status(name)) {
            let Some((_, b)) = new.iter().find(|(other, _)| other == status) else {
                let rule = match is_success(status) {
                    true => response::SUCCESS_STATUS_REMOVED,
                    false => response::NON_SUCCESS_STATUS_REMOVED,
                };
                self.emit(rule, Some(context), status, Some(a), None);
                continue;
            };
            let usage = if is_success(status) { Use::Response } else { Use::Error };
            let context = Context { usage, ..context.named(status) };
            let (a, b) = self.resolved(&context, a, b);
            self.content(&context, &a, &b);
            self.headers(&context, &a, &b);
            self.rest(Some(&context), &a, &b, &["content", "headers", "$ref"]);
        }
        if let (Some(a), Some(b)) = (base.child("responses"), head.child("responses")) {
            let statuses: Vec<&str> = old.iter().chain(&new).map(|(name, _)| *name).filter(|n| is_status(n)).collect();
            self.rest(Some(context), &a, &b, &statuses);
        }
    }

    fn headers(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) {
        let list = |node: &Node<'a>| node.child("headers").map(|h| h.members()).unwrap_or_default();
        let (old, new) = (list(base), list(head));
        let find = |list: &[(&'a str, Node<'a>)], name: &str| {
            // The case of a header's name means nothing.
            list.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, node)| node.clone())
        };
        for (name, node) in &new {
            if find(&old, name).is_none() {
                self.emit(response::HEADER_ADDED, Some(context), name, None, Some(node));
            }
        }
        for (name, a) in &old {
            let Some(b) = find(&new, name) else {
                self.emit(response::HEADER_REMOVED, Some(context), name, Some(a), None);
                continue;
            };
            let context = context.named(name);
            let (a, b) = self.resolved(&context, a, &b);
            let (was, is) = (a.child("required"), b.child("required"));
            if a.flag("required") != b.flag("required") {
                let rule = match b.flag("required") {
                    true => response::HEADER_BECAME_REQUIRED,
                    false => response::HEADER_BECAME_OPTIONAL,
                };
                self.emit(rule, Some(&context), name, was.as_ref(), is.as_ref());
            }
            let (was, is) = (a.schema("schema"), b.schema("schema"));
            if present(&was).is_some() || present(&is).is_some() {
                // No Rust type is made from a header.
                self.schema(&Context { usage: Use::Error, ..context.clone() }, &was, &is);
            }
            self.rest(Some(&context), &a, &b, &["required", "schema", "$ref"]);
        }
    }
}
