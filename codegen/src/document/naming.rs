//! The Rust name of each operation: its `operationId` in snake_case, or method and path if it has none.

use std::collections::HashMap;

use heck::ToSnakeCase as _;

use super::{
    diagnostic::Diagnostic,
    locate::{self, OperationNode},
    pointer::join,
    tree::{Node, Value},
};

/// An operation and its name.
#[derive(Clone, Debug)]
pub(crate) struct OperationName {
    /// The JSON pointer of the operation.
    pub(crate) pointer: String,
    /// The method and the path, as in `POST /thing`.
    pub(crate) request: String,
    /// The `operationId` as the document has it.
    pub(crate) id: Option<String>,
    /// The name of the generated method.
    pub(crate) name: String,
}

/// Names every operation, in the order of the document. An id of another form than text is left to the checks.
pub(super) fn names(root: &Node) -> Vec<OperationName> {
    let operations = locate::operations(root).into_iter();
    operations
        .filter(|at| at.node.get("operationId").is_none_or(|id| id.text().is_some()))
        .map(|at| name(&at))
        .collect()
}

fn name(at: &OperationNode<'_>) -> OperationName {
    let id = at.node.text_of("operationId");
    let name = id.map(snake).filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()));
    OperationName {
        pointer: at.pointer.clone(),
        request: format!("{} {}", at.method.to_uppercase(), at.path),
        id: id.map(str::to_owned),
        name: name.unwrap_or_else(|| snake(&format!("{} {}", at.method, at.path))),
    }
}

/// Writes a name as progenitor does: `TicketController_updateMetadata` becomes `ticket_controller_update_metadata`.
pub(crate) fn snake(text: &str) -> String {
    text.replace('\'', "").replace(|c: char| !c.is_ascii_alphanumeric(), "-").to_snake_case()
}

/// Reports each operation whose name an earlier one has.
pub(super) fn clashes(root: &Node, names: &[OperationName]) -> Vec<Diagnostic> {
    let mut first: HashMap<&str, &OperationName> = HashMap::new();
    let mut diagnostics = Vec::new();
    for operation in names {
        let Some(first) = first.get(&*operation.name) else {
            first.insert(&operation.name, operation);
            continue;
        };
        let message = match (&operation.id, &first.id) {
            (Some(id), Some(first)) if id == first => format!("duplicate operationId `{id}`"),
            _ => format!("two operations have the name `{}`", operation.name),
        };
        let help = "give each operation an `operationId` of its own";
        let diagnostic = Diagnostic::new(place(operation), message, help);
        diagnostics
            .push(diagnostic.with_related(&format!("the first, `{}`,", first.request), root.span_of(&place(first))));
    }
    diagnostics
}

fn place(OperationName { pointer, id, .. }: &OperationName) -> String {
    id.as_ref().map_or_else(|| pointer.clone(), |_| join(pointer, "operationId"))
}

/// Replaces the ids of the document by the names.
pub(super) fn write(root: &mut Node, names: &[OperationName]) {
    for OperationName { pointer, name, .. } in names {
        let Some(operation) = root.follow_mut(pointer) else { continue };
        let span = operation.get("operationId").map_or(operation.span, |id| id.span);
        operation.set("operationId", span, Value::Text(name.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse::parse;

    #[test]
    fn ids_become_snake_case_and_missing_ones_are_made() {
        let cases = [
            ("operationId: TicketController_updateMetadata", "ticket_controller_update_metadata"),
            ("operationId: update_ticket_metadata", "update_ticket_metadata"),
            ("operationId: getURLs v2", "get_ur_ls_v2"),
            ("operationId: AppController.user's", "app_controller_users"),
            ("operationId: '7'", "get_tickets_id"),
            ("operationId: ''", "get_tickets_id"),
            ("summary: a", "get_tickets_id"),
        ];
        for (operation, expected) in cases {
            let root = parse(&format!("paths: {{ '/tickets/{{id}}': {{ get: {{ {operation} }} }} }}")).unwrap();
            let names: Vec<_> = names(&root).into_iter().map(|operation| operation.name).collect();
            assert_eq!(names, [expected], "{operation}");
        }
    }

    #[test]
    fn each_name_that_is_taken_is_reported_with_both_places() {
        let yaml = "paths:\n  /a:\n    get: { operationId: getA }\n  /b:\n    get: { operationId: get_a }\n    put: {}\n  \
                    /c:\n    get: { operationId: putB }\n    put: { operationId: putB }\n";
        let root = parse(yaml).unwrap();
        let found = clashes(&root, &names(&root));
        let found: Vec<_> =
            found.iter().map(|d| (d.pointer.as_str(), d.message.as_str(), d.notes[0].as_str())).collect();
        assert_eq!(
            found,
            [
                (
                    "/paths/~1b/get/operationId",
                    "two operations have the name `get_a`",
                    "the first, `GET /a`, is at line 3, column 12",
                ),
                (
                    "/paths/~1c/get/operationId",
                    "two operations have the name `put_b`",
                    "the first, `PUT /b`, is at line 6, column 5",
                ),
                (
                    "/paths/~1c/put/operationId",
                    "two operations have the name `put_b`",
                    "the first, `PUT /b`, is at line 6, column 5",
                ),
            ]
        );
    }
}
