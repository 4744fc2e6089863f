//! The components that each operation uses, and the parts of a document that go with a part that is left out.

use std::collections::{HashMap, HashSet};

use super::{
    locate::{self, OperationNode},
    pointer::{is_within, join, pointer, tokens},
    tree::Node,
};

/// A part of a document that can be left out, by its JSON pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Operation(String),
    /// A path without operations.
    Path(String),
    /// A component that no operation uses.
    Component(String),
}

impl Part {
    pub(crate) fn pointer(&self) -> &str {
        match self {
            Self::Operation(pointer) | Self::Path(pointer) | Self::Component(pointer) => pointer,
        }
    }
}

/// The references of a document.
pub(crate) struct Usage<'a> {
    root: &'a Node,
    operations: Vec<OperationNode<'a>>,
    /// The components that each operation uses directly.
    uses: Vec<HashSet<&'a str>>,
    /// The components that each component uses directly.
    components: HashMap<String, HashSet<&'a str>>,
    /// The components that use a component directly.
    users: HashMap<&'a str, Vec<String>>,
}

impl<'a> Usage<'a> {
    pub(crate) fn of(root: &'a Node) -> Self {
        let operations = locate::operations(root);
        let uses = operations.iter().map(|at| {
            let shared = at.item.get("parameters").map(locate::references).unwrap_or_default();
            targets(locate::references(at.node).into_iter().chain(shared))
        });
        let uses = uses.collect();
        let mut components: HashMap<String, HashSet<&str>> = HashMap::new();
        for section in root.get("components").map(Node::entries).unwrap_or_default() {
            for entry in section.value.entries() {
                let pointer = pointer(&["components", &section.key, &entry.key]);
                components.insert(pointer, targets(locate::references(&entry.value).into_iter()));
            }
        }
        let mut users: HashMap<&str, Vec<String>> = HashMap::new();
        for (user, targets) in &components {
            for target in targets {
                users.entry(target).or_default().push(user.clone());
            }
        }
        Self { root, operations, uses, components, users }
    }

    /// Every operation, in the order of the document.
    pub(crate) fn operations(&self) -> &[OperationNode<'a>] {
        &self.operations
    }

    /// The parts to leave out for a problem at `path`; none if it is a problem of the document as a whole.
    pub(crate) fn parts_of(&self, path: &str) -> Vec<Part> {
        let operation = |at: &OperationNode<'_>| Part::Operation(at.pointer.clone());
        if let Some(at) = self.operations.iter().find(|at| is_within(path, &at.pointer)) {
            return vec![operation(at)];
        }
        let tokens: Vec<_> = tokens(path).collect();
        match tokens.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["paths", name, ..] => {
                let path = pointer(&["paths", name]);
                let operations = self.operations.iter().filter(|at| is_within(&at.pointer, &path)).map(operation);
                let operations: Vec<_> = operations.collect();
                if operations.is_empty() { vec![Part::Path(path)] } else { operations }
            }
            ["components", section, name, ..] => {
                let component = pointer(&["components", section, name]);
                if !self.components.contains_key(&component) {
                    return Vec::new();
                }
                let operations: Vec<_> = self.users(&component).map(operation).collect();
                if operations.is_empty() { vec![Part::Component(component)] } else { operations }
            }
            _ => Vec::new(),
        }
    }

    /// The operations that use a component, directly or through others.
    pub(crate) fn users(&self, component: &str) -> impl Iterator<Item = &OperationNode<'a>> {
        let mut reached = HashSet::from([component.to_owned()]);
        let mut open = vec![component];
        while let Some(component) = open.pop() {
            let users = self.users.get(component).into_iter().flatten();
            open.extend(users.filter(|user| reached.insert((*user).clone())).map(String::as_str));
        }
        let operations = self.operations.iter().zip(&self.uses);
        operations.filter(move |(_, uses)| uses.iter().any(|component| reached.contains(*component))).map(|(at, _)| at)
    }

    /// The pointers of these parts and of everything that is used by them alone.
    pub(crate) fn without(&self, parts: &[Part]) -> Vec<String> {
        let mut gone: Vec<String> = parts.iter().map(|part| part.pointer().to_owned()).collect();
        let is_gone: HashSet<&str> = parts.iter().map(Part::pointer).collect();
        let all = self.reached(self.uses.iter().flatten().copied());
        let kept = self.operations.iter().zip(&self.uses).filter(|(at, _)| !is_gone.contains(&*at.pointer));
        // A component that no operation uses stays, with all that it needs.
        let unused = self.components.keys().map(String::as_str);
        let unused = unused.filter(|component| !all.contains(component) && !is_gone.contains(component));
        let kept = self.reached(kept.flat_map(|(_, uses)| uses.iter().copied()).chain(unused));
        gone.extend(all.into_iter().filter(|component| !kept.contains(component)).map(str::to_owned));
        for entry in self.root.get("paths").map(Node::entries).unwrap_or_default() {
            let path = join("/paths", &entry.key);
            let mut operations = self.operations.iter().filter(|at| is_within(&at.pointer, &path)).peekable();
            if operations.peek().is_some() && operations.all(|at| is_gone.contains(&*at.pointer)) {
                gone.push(path);
            }
        }
        gone
    }

    /// The pointers of everything that these operations neither are nor use. Security schemes are named without a reference.
    pub(crate) fn except(&self, kept: &HashSet<String>) -> Vec<String> {
        let uses = self.operations.iter().zip(&self.uses).filter(|(at, _)| kept.contains(&at.pointer));
        let used = self.reached(uses.flat_map(|(_, uses)| uses.iter().copied()));
        let operations = self.operations.iter().map(|at| &at.pointer).filter(|pointer| !kept.contains(*pointer));
        let components = self.components.keys().filter(|component| {
            !used.contains(component.as_str()) && !is_within(component, "/components/securitySchemes")
        });
        let mut gone: Vec<String> = operations.chain(components).cloned().collect();
        let paths = self.root.get("paths").map(Node::entries).unwrap_or_default().iter();
        let paths = paths.map(|entry| join("/paths", &entry.key));
        gone.extend(paths.filter(|path| !kept.iter().any(|pointer| is_within(pointer, path))));
        gone
    }

    /// These components, and the ones that they use.
    fn reached<'b>(&'b self, from: impl Iterator<Item = &'b str>) -> HashSet<&'b str> {
        let mut reached = HashSet::new();
        let mut open: Vec<&str> = from.collect();
        while let Some(component) = open.pop() {
            if let Some((component, uses)) = self.components.get_key_value(component)
                && reached.insert(component.as_str())
            {
                open.extend(uses);
            }
        }
        reached
    }
}

/// The pointers of the components that references lead to.
fn targets<'a>(references: impl Iterator<Item = &'a str>) -> HashSet<&'a str> {
    references.filter_map(|reference| reference.strip_prefix('#')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse::parse;

    const TEXT: &str = r##"
paths:
  /a:
    parameters: [{ $ref: "#/components/parameters/P" }]
    get: { responses: { "200": { $ref: "#/components/responses/A" } } }
    put: {}
  /b: { get: { schema: { $ref: "#/components/schemas/U" } } }
  /c: {}
components:
  parameters: { P: {} }
  responses: { A: { content: { $ref: "#/components/schemas/S" } } }
  schemas:
    S: { properties: { t: { $ref: "#/components/schemas/T" }, u: { $ref: "#/components/schemas/U" } } }
    T: { properties: { s: { $ref: "#/components/schemas/S" } } }
    U: {}
    V: { $ref: "#/components/schemas/W" }
    W: {}
"##;

    #[test]
    fn a_problem_leads_to_the_parts_that_have_it() {
        let root = parse(TEXT).unwrap();
        let usage = Usage::of(&root);
        let cases: [(&str, &[&str]); 9] = [
            ("/paths/~1a/get/responses/200", &["/paths/~1a/get"]),
            ("/paths/~1a/parameters/0", &["/paths/~1a/get", "/paths/~1a/put"]),
            ("/paths/~1c/$ref", &["/paths/~1c"]),
            ("/components/schemas/T/type", &["/paths/~1a/get"]),
            ("/components/schemas/U", &["/paths/~1a/get", "/paths/~1b/get"]),
            ("/components/schemas/W", &["/components/schemas/W"]),
            ("/components/schemas/X", &[]),
            ("/info", &[]),
            ("", &[]),
        ];
        for (pointer, expected) in cases {
            let parts = usage.parts_of(pointer);
            assert_eq!(parts.iter().map(Part::pointer).collect::<Vec<_>>(), expected, "{pointer}");
        }
    }

    #[test]
    fn components_go_with_the_last_part_that_uses_them() {
        let root = parse(TEXT).unwrap();
        let usage = Usage::of(&root);
        let operation = |pointer: &str| Part::Operation(pointer.to_owned());
        let cases: [(&[Part], &str); 3] = [
            (&[operation("/paths/~1b/get")], "/paths/~1b /paths/~1b/get"),
            (
                &[operation("/paths/~1a/get")],
                "/components/responses/A /components/schemas/S /components/schemas/T /paths/~1a/get",
            ),
            (&[Part::Component("/components/schemas/V".to_owned())], "/components/schemas/V"),
        ];
        for (parts, expected) in cases {
            let mut gone = usage.without(parts);
            gone.sort_unstable();
            assert_eq!(gone.join(" "), expected);
        }
    }
}
