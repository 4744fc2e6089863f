//! The parameters of an operation, those of its path among them.

use serde_json::Value;

use super::{
    node::Node,
    operations::{Operation, template},
    rules::{general, request},
    walk::{Context, Walk},
};

/// A parameter as written in its list, and with its reference followed.
#[derive(Clone, Debug)]
struct Parameter<'a> {
    entry: Node<'a>,
    node: Node<'a>,
    /// Its location, and its name or, in a path, its position, since those names are not sent.
    key: (String, String),
    name: &'a str,
}

fn parameters<'a>(operation: &Operation<'a>, document: &'a Value) -> Vec<Parameter<'a>> {
    let mut found: Vec<Parameter<'a>> = Vec::new();
    for holder in [&operation.node, &operation.item] {
        for entry in holder.child("parameters").map(|list| list.elements()).unwrap_or_default() {
            let node = entry.resolved(document);
            let (location, name) = (node.text("in").unwrap_or_default(), node.text("name").unwrap_or_default());
            let position = operation.path.split('/').filter(|s| s.starts_with('{'));
            let position = position.map(|s| s.trim_matches(['{', '}'])).position(|segment| segment == name);
            let key = match (location, position) {
                ("path", Some(position)) => position.to_string(),
                ("header", _) => name.to_ascii_lowercase(),
                _ => name.to_owned(),
            };
            let parameter = Parameter { entry, node, key: (location.to_owned(), key), name };
            // The operation's own goes before that of its path.
            if !found.iter().any(|other| other.key == parameter.key) {
                found.push(parameter);
            }
        }
    }
    found
}

/// Returns the value of a parameter without one key, to compare the rest.
fn stripped(parameter: &Parameter<'_>, key: &str) -> Value {
    let mut value = parameter.node.value.clone();
    if let Some(members) = value.as_object_mut() {
        members.remove(key);
    }
    value
}

impl<'a> Walk<'a> {
    pub(super) fn parameters(&mut self, context: &Context, a: &Operation<'a>, b: &Operation<'a>) {
        let before = self.found.len();
        let (mut old, mut new) = (parameters(a, self.base), parameters(b, self.head));
        let by_position = template(a.path) == template(b.path);
        let mut pairs = Vec::new();
        let mut take = |is_same: &dyn Fn(&Parameter<'_>, &Parameter<'_>) -> bool| {
            old.retain(|a| {
                let Some(found) = new.iter().position(|b| is_same(a, b)) else { return true };
                pairs.push((a.clone(), new.remove(found)));
                false
            });
        };
        take(&|a, b| a.key.0 == b.key.0 && if by_position { a.key.1 == b.key.1 } else { a.name == b.name });
        take(&|a, b| a.name == b.name && stripped(a, "in") == stripped(b, "in"));
        if let ([a], [b]) = (old.as_slice(), new.as_slice())
            && a.key.0 == b.key.0
            && stripped(a, "name") == stripped(b, "name")
        {
            // With several on a side, it would be a guess.
            pairs.extend(old.pop().zip(new.pop()));
        }
        for (a, b) in pairs {
            self.parameter(context, &a, &b);
        }
        for parameter in &new {
            let is_required = parameter.node.flag("required");
            let id = if is_required { request::NEW_REQUIRED_PARAMETER } else { request::NEW_OPTIONAL_PARAMETER };
            self.emit(id, Some(context), parameter.name, None, Some(&parameter.entry));
        }
        for parameter in &old {
            self.emit(request::PARAMETER_REMOVED, Some(context), parameter.name, Some(&parameter.entry), None);
        }
        for (base, head) in [(&a.node, &b.node), (&a.item, &b.item)] {
            let (of, to) = (base.child("parameters"), head.child("parameters"));
            if of.iter().chain(&to).any(|node| !node.value.is_array()) {
                self.no_rule(Some(context), of.as_ref(), to.as_ref());
            } else {
                self.list(before, Some(context), "parameters", of, to);
            }
        }
    }

    fn parameter(&mut self, context: &Context, a: &Parameter<'a>, b: &Parameter<'a>) {
        let context = context.named(b.name);
        self.resolved(&context, &a.entry, &b.entry);
        let (base, head) = (&a.node, &b.node);
        self.key(request::PARAMETER_MOVED, Some(&context), b.name, "in", [base, head]);
        for key in ["style", "explode", "allowReserved"] {
            self.key(request::PARAMETER_STYLE_CHANGED, Some(&context), b.name, key, [base, head]);
        }
        if a.name != b.name {
            let same_header = a.key.0 == "header" && a.key == b.key;
            // Neither the name of a path parameter nor the case of a header is sent.
            let is_free = a.key.0 == "path" || same_header;
            let (rule, name) = match is_free {
                true => (general::PATH_PARAMETER_RENAMED, context.operation.as_str()),
                false => (request::PARAMETER_RENAMED, a.name),
            };
            self.key(rule, Some(&context), name, "name", [base, head]);
        }
        let required = [request::PARAMETER_BECAME_REQUIRED, request::PARAMETER_BECAME_OPTIONAL];
        self.toggle(required, &context, b.name, "required", [base, head]);
        let deprecated = [request::PARAMETER_DEPRECATED, request::PARAMETER_REACTIVATED];
        self.toggle(deprecated, &context, b.name, "deprecated", [base, head]);
        self.schema(&context, &base.schema("schema"), &head.schema("schema"));
        self.content(&context, base, head);
        let known =
            ["$ref", "in", "name", "style", "explode", "allowReserved", "required", "deprecated", "schema", "content"];
        self.rest(Some(&context), base, head, &known);
    }
}
