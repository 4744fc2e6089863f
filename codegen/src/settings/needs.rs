//! Check: what the hand-written code refers to is in the document, so that a change of the document ends with the line to add
//! and not with errors of the compiler.

use super::{
    SettingsFile, Word,
    file::{NeededOperation, NeededSchema},
};
use crate::{
    Unsupported,
    document::{
        Access, Diagnostic, Document, Draft, Entry, File, KeyPlace, LeftOutPart, Node, OperationNode, is_json, join,
        operations, pointer, server, suggest,
    },
    input::Input,
    names::pascal,
};

impl SettingsFile {
    /// Returns what the hand-written code needs and the document lacks.
    pub(crate) fn missing(&self, draft: &Draft, document: &Document, input: &Input<'_>) -> Vec<Diagnostic> {
        let name = |file, default| input.optional(file).map_or(default, |text| text.name);
        let mut check = Check {
            draft,
            root: document.root(),
            access: document.access(),
            renamed: &self.schema_names,
            overlay: name(File::Overlay, "the overlay"),
            settings: name(File::Settings, "the settings"),
            diagnostics: Vec::new(),
        };
        if let (Some(span), Err(problem)) = (self.needed_server, server(document.root())) {
            // Without `servers`, the place is the need.
            let span = if problem.pointer.is_empty() { span } else { problem.span };
            let message = format!("the hand-written code needs the URL of a server: {}", problem.message);
            check.diagnostics.push(Diagnostic { span, message, ..problem });
        }
        self.needed_operations.iter().for_each(|need| check.operation(need));
        self.needed_schemas.iter().for_each(|need| check.schema(need));
        check.diagnostics
    }

    /// Returns the treatment of unsupported parts: by default left out if the document has more than the needed operations.
    pub(crate) fn unsupported_in(&self, draft: &Draft) -> Unsupported {
        let all_needed = || draft.operations().all(|operation| self.needs_operation(&operation.name));
        let default = || if all_needed() { Unsupported::Error } else { Unsupported::Skip };
        self.unsupported.unwrap_or_else(default)
    }

    /// Returns whether a part that cannot be generated is an operation that the hand-written code needs.
    pub(crate) fn needs_part(&self, part: &LeftOutPart) -> bool {
        part.operation.as_ref().is_some_and(|operation| self.needs_operation(&operation.name))
    }

    fn needs_operation(&self, name: &str) -> bool {
        self.needed_operations.iter().any(|need| need.name.text == name)
    }
}

/// A deeper schema is not followed.
const MAX_DEPTH: usize = 16;

struct Check<'a> {
    draft: &'a Draft,
    root: &'a Node,
    access: Access,
    renamed: &'a [(Word, Word)],
    /// The names of the files.
    overlay: &'a str,
    settings: &'a str,
    diagnostics: Vec<Diagnostic>,
}

impl Check<'_> {
    fn operation(&mut self, NeededOperation { name, idempotent, key, request, response }: &NeededOperation) {
        let operations = operations(self.root);
        let Some(at) = operations.iter().find(|at| at.node.text_of("operationId") == Some(&name.text)) else {
            let message = format!("the hand-written code needs an operation `{}`, which is not taken", name.text);
            let help = self.help_for_operation(&name.text);
            return self.diagnostics.push(Diagnostic::at(name.span, message, help));
        };
        if *idempotent && !at.node.is_true("x-idempotent") {
            let target = format!("$.paths['{}'].{}", at.path, at.method);
            let help = self.action(&target, "{ x-idempotent: true }");
            let message = format!("the hand-written code needs `x-idempotent: true` on `{}`", name.text);
            self.diagnostics.push(Diagnostic::new(&at.pointer, message, help));
        }
        if *key && self.access.keys.get(&name.text).is_none_or(|keys| keys.place == KeyPlace::None) {
            let message = format!("the hand-written code needs `{}` to be sent with the API key", name.text);
            let target = format!("$.paths['{}'].{}", at.path, at.method);
            let help = self.action(&target, "{ security: [{ NAME: [] }] }") + ", with the NAME of a security scheme";
            self.diagnostics.push(Diagnostic::new(&at.pointer, message, help));
        }
        let body = at.node.get("requestBody").map(|body| (join(&at.pointer, "requestBody"), body));
        let success = at.successes().next();
        let success = success.map(|entry| (join(&join(&at.pointer, "responses"), &entry.key), &entry.value));
        let parts = [("request body", request, body), ("response", response, success)];
        for (part, needed, found) in parts {
            if let Some(needed) = needed {
                self.body(part, needed, at, found);
            }
        }
    }

    /// Checks that a body of an operation is a certain schema.
    fn body(&mut self, part: &str, needed: &str, at: &OperationNode<'_>, found: Option<(String, &Node)>) {
        let (place, node) = found.unwrap_or_else(|| (at.pointer.clone(), at.node));
        let content = node.resolve(self.root).and_then(|node| node.get("content")).map(Node::entries);
        let json = content.unwrap_or_default().iter().find(|entry| is_json(&entry.key));
        let schema = json.and_then(|json| json.value.get("schema")).and_then(|schema| schema.text_of("$ref"));
        let found = schema.and_then(|schema| schema.strip_prefix("#/components/schemas/"));
        if found == Some(needed) {
            return;
        }
        let message = format!("the hand-written code needs the schema `{needed}` as the {part} of `{}`", at.name());
        let help = match found {
            Some(found) => format!("add to {}: `rename: {{ schemas: {{ {found}: {needed} }} }}`", self.settings),
            None => format!(
                "add to {} an action that makes its schema `$ref: \"#/components/schemas/{needed}\"`",
                self.overlay
            ),
        };
        self.diagnostics.push(Diagnostic::new(place, message, help));
    }

    fn schema(&mut self, NeededSchema { name, properties, types, groups }: &NeededSchema) {
        let at = pointer(&["components", "schemas", &name.text]);
        let Some(schema) = self.root.follow(&at) else {
            let message =
                format!("the hand-written code needs a schema `{}`, which the document does not have", name.text);
            let help = format!(
                "rename one by `rename: {{ schemas: {{ …: {} }} }}` in {}, or add it by {}",
                name.text, self.settings, self.overlay
            );
            return self.diagnostics.push(Diagnostic::at(name.span, message, help));
        };
        let mut found = Vec::new();
        Self::properties(self.root, schema, 0, &mut found);
        for property in properties.iter().filter(|property| !found.iter().any(|entry| entry.key == **property)) {
            let message = format!("the hand-written code needs the property `{property}` of `{}`", name.text);
            let near = suggest::suggest(property, found.iter().map(|entry| entry.key.as_str()));
            self.diagnostics.push(Diagnostic::new(&at, message, format!("add it by {}; {near}", self.overlay)));
        }
        for (property, ty) in types {
            let entry = found.iter().find(|entry| entry.key == *property);
            if entry.is_some_and(|entry| entry.value.text_of("x-hand-written") != Some(ty)) {
                let message = format!("the hand-written code needs `{property}` to be given as `{ty}`");
                let line = format!("types: {{ {}: {{ {property}: {ty} }} }}", name.text);
                let place = join(&join(&at, "properties"), property);
                self.diagnostics.push(Diagnostic::new(place, message, format!("add to {}: `{line}`", self.settings)));
            }
        }
        for (sum_type, members) in groups {
            self.group(&name.text, schema, sum_type, members);
        }
    }

    /// Collects the properties of a schema, also of those that it consists of.
    fn properties<'n>(root: &'n Node, schema: &'n Node, depth: usize, found: &mut Vec<&'n Entry>) {
        if let Some(schema) = schema.resolve(root).filter(|_| depth < MAX_DEPTH) {
            found.extend(schema.get("properties").map(Node::entries).unwrap_or_default());
            let parts = schema.get("allOf").map(Node::items).unwrap_or_default();
            parts.iter().for_each(|part| Self::properties(root, part, depth + 1, found));
        }
    }

    fn group(&mut self, name: &str, schema: &Node, sum_type: &str, members: &[String]) {
        let at = pointer(&["components", "schemas", name]);
        let alternatives = schema.get("oneOf").map(Node::items).unwrap_or_default();
        if schema.text_of("x-exclusive-group") != Some(sum_type) {
            let message = format!("the hand-written code needs `x-exclusive-group: {sum_type}` on `{name}`");
            // The overlay is applied before schemas are renamed.
            let original = self.renamed.iter().find(|(_, new)| new.text == name).map_or(name, |(old, _)| &old.text);
            let target = format!("$.components.schemas['{original}']");
            let update = if alternatives.is_empty() {
                let members: Vec<_> = members.iter().map(|member| format!("{{ required: [{member}] }}")).collect();
                format!("{{ x-exclusive-group: {sum_type}, oneOf: [{}] }}", members.join(", "))
            } else {
                format!("{{ x-exclusive-group: {sum_type} }}")
            };
            let help = self.action(&target, &update);
            return self.diagnostics.push(Diagnostic::new(at, message, help));
        }
        let found = alternatives.iter().filter_map(|part| part.get("required")?.items().first()?.text());
        let found: Vec<&str> = found.collect();
        for (index, member) in
            found.iter().enumerate().filter(|(_, found)| !members.iter().any(|known| known == *found))
        {
            let variant = pascal(member);
            let message = format!("`{sum_type}` has no variant for the member `{member}`");
            let help = format!(
                "add the variant `{variant}` to the enum `{sum_type}`, then `{member}` to `needs` in {}",
                self.settings
            );
            let place = join(&join(&at, "oneOf"), &index.to_string());
            self.diagnostics.push(Diagnostic::new(place, message, help));
        }
        for member in members.iter().filter(|member| !found.contains(&member.as_str())) {
            let variant = pascal(member);
            let message =
                format!("the group has no member `{member}`, for which `{sum_type}` has the variant `{variant}`");
            let help = format!("remove the variant, then `{member}` from `needs` in {}", self.settings);
            self.diagnostics.push(Diagnostic::new(join(&at, "oneOf"), message, help));
        }
    }

    fn action(&self, target: &str, update: &str) -> String {
        format!("add to {}: `- {{ target: \"{target}\", update: {update} }}`", self.overlay)
    }

    /// Suggests the operation whose name has the most words in common.
    fn help_for_operation(&self, name: &str) -> String {
        let words = |name: &str| name.split('_').map(str::to_owned).collect::<Vec<_>>();
        let needed = words(name);
        let shared = |other: &str| words(other).iter().filter(|word| needed.contains(word)).count();
        let nearest = self.draft.operations().map(|operation| (shared(&operation.name), operation));
        match nearest.max_by_key(|(shared, _)| *shared).filter(|(shared, _)| *shared > 0) {
            Some((_, operation)) => {
                let id = operation.id.as_ref().unwrap_or(&operation.request);
                format!("if it is `{id}`, add to {}: `rename: {{ operations: {{ {id}: {name} }} }}`", self.settings)
            }
            None => format!("add it to the document, or remove it from `needs` in {}", self.settings),
        }
    }
}
