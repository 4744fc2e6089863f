//! OpenAPI Overlay 1.0: a list of actions that change the parts of a document which a JSONPath selects.
//!
//! <https://spec.openapis.org/overlay/v1.0.0.html>. Two rules are stricter or wider than there: an action that selects nothing is
//! an error, since it would be forgotten when the document changes, and an action may also remove a plain value. As in version
//! 1.1, values that cannot be merged are an error, and a list that updates a list is appended entry by entry.

mod merge;
mod target;

use super::{
    Input, builder,
    diagnostic::Diagnostic,
    error::Error,
    parse_form,
    pointer::{join, pointer},
    shape::{Kind, Object},
    span::File,
    tree::Node,
};

static OVERLAY: Object = Object {
    name: "the overlay",
    fields: &[
        ("overlay", Kind::Text),
        ("info", Kind::Object(&INFO)),
        ("extends", Kind::Text),
        ("actions", Kind::List(&Kind::Object(&ACTION))),
    ],
    required: &["overlay", "info", "actions"],
    section: None,
    rest: None,
};

static INFO: Object = Object {
    name: "the info of the overlay",
    fields: &[("title", Kind::Text), ("version", Kind::Text)],
    required: &["title", "version"],
    section: None,
    rest: None,
};

static ACTION: Object = Object {
    name: "an action",
    fields: &[("target", Kind::Text), ("description", Kind::Text), ("update", Kind::Any), ("remove", Kind::Flag)],
    required: &["target"],
    section: None,
    rest: None,
};

/// Applies the overlay of the input, if there is one.
///
/// # Errors
///
/// Every problem of the overlay's form; else every action that cannot be applied. Later actions then see the document without
/// these.
pub(super) fn apply(root: &mut Node, input: &Input<'_>) -> Result<(), Error> {
    let Some(text) = input.overlay else { return Ok(()) };
    let overlay = parse_form(text.text, File::Overlay, &OVERLAY)?;
    let mut diagnostics: Vec<_> = version(&overlay).into_iter().chain(extends(&overlay, input.document.name)).collect();
    if diagnostics.is_empty() {
        for (index, action) in overlay.get("actions").map(Node::items).unwrap_or_default().iter().enumerate() {
            let at = pointer(&["actions", &index.to_string()]);
            if let Err(diagnostic) = apply_action(root, action, &at) {
                diagnostics.push(diagnostic);
            }
        }
    }
    if diagnostics.is_empty() {
        return Ok(());
    }
    for diagnostic in &mut diagnostics {
        diagnostic.span = overlay.span_of(&diagnostic.pointer);
    }
    Err(Error::new(diagnostics))
}

fn version(overlay: &Node) -> Option<Diagnostic> {
    let version = overlay.text_of("overlay").unwrap_or_default();
    let is_1_0 = version.strip_prefix("1.0.").is_some_and(|patch| patch.starts_with(|c: char| c.is_ascii_digit()));
    (!is_1_0).then(|| {
        let message = format!("unsupported version `{version}` of OpenAPI Overlay");
        Diagnostic::new("/overlay", message, "write `overlay: 1.0.0`")
    })
}

/// `extends` is a URI; the last part of its path has to be the file that the overlay is applied to.
fn extends(overlay: &Node, document: &str) -> Option<Diagnostic> {
    let extends = overlay.text_of("extends")?;
    let path = extends.split(['?', '#']).next().unwrap_or_default();
    let [extended, document] = [path, document].map(|path| path.rsplit(['/', '\\']).next().unwrap_or_default());
    (extended != document).then(|| {
        let message = format!("the overlay extends `{extends}`, and not `{document}`");
        Diagnostic::new("/extends", message, "name the file of the document, or remove `extends`")
    })
}

fn apply_action(root: &mut Node, action: &Node, at: &str) -> Result<(), Diagnostic> {
    let target = action.text_of("target").unwrap_or_default();
    let parts =
        target::select(root, target).map_err(|(message, help)| Diagnostic::new(join(at, "target"), message, help))?;
    if action.is_true("remove") {
        if parts.iter().any(String::is_empty) {
            let message = "the action removes the whole document";
            return Err(Diagnostic::new(join(at, "target"), message, "select the parts to remove"));
        }
        // From the last part to the first, so that the indexes of the others stay right.
        parts.iter().rev().for_each(|part| root.remove(part));
        return Ok(());
    }
    let Some(update) = action.get("update") else {
        let message = "the action has neither `update` nor `remove: true`";
        return Err(Diagnostic::new(at, message, "add one of them, or remove the action"));
    };
    let at = join(at, "update");
    let at_update = |diagnostic: Diagnostic| Diagnostic { pointer: at.clone(), ..diagnostic };
    builder::check_count(root.count().saturating_add(update.count().saturating_mul(parts.len()))).map_err(at_update)?;
    for part in &parts {
        merge::merge(root, part, update, &at)?;
    }
    builder::check_depth(root).map_err(at_update)
}

#[cfg(test)]
mod tests;
