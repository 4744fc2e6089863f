//! The update of an action, merged into one part of the document.

use crate::document::{
    diagnostic::Diagnostic,
    pointer::join,
    tree::{Node, Value},
};

/// Merges `update`, at `from` in the overlay, into the part at `part`.
pub(super) fn merge(root: &mut Node, part: &str, update: &Node, from: &str) -> Result<(), Diagnostic> {
    let Some(target) = root.follow_mut(part) else { return Ok(()) };
    match (&mut target.value, &update.value) {
        (Value::List(items), Value::List(_)) => items.extend(update.items().iter().cloned()),
        (Value::List(items), _) => items.push(update.clone()),
        (Value::Map(_), Value::Map(_)) => return merge_node(target, part, update, from),
        (Value::Map(_), _) => return Err(mismatch(target, part, update, from)),
        (plain, _) => {
            let message = format!("the part `{part}` of the document is {}, which has nothing to update", plain.form());
            return Err(Diagnostic::new(from, message, "select the map that has it, and update its key"));
        }
    }
    Ok(())
}

fn merge_node(target: &mut Node, part: &str, update: &Node, from: &str) -> Result<(), Diagnostic> {
    match (&mut target.value, &update.value) {
        (Value::List(items), Value::List(new)) => items.extend(new.iter().cloned()),
        (Value::Map(entries), Value::Map(new)) => {
            for new in new {
                let Some(entry) = entries.iter_mut().find(|entry| entry.key == new.key) else {
                    entries.push(new.clone());
                    continue;
                };
                if is_plain(&new.value.value) {
                    // A problem of the new value is one of the overlay.
                    entry.span = new.span;
                }
                merge_node(&mut entry.value, &join(part, &new.key), &new.value, &join(from, &new.key))?;
            }
        }
        (old, new) if is_plain(old) && is_plain(new) => *target = update.clone(),
        _ => return Err(mismatch(target, part, update, from)),
    }
    Ok(())
}

fn is_plain(value: &Value) -> bool {
    !matches!(value, Value::List(_) | Value::Map(_))
}

fn mismatch(target: &Node, part: &str, update: &Node, from: &str) -> Diagnostic {
    let part = if part.is_empty() { "/" } else { part };
    let (old, new) = (target.value.form(), update.value.form());
    let help = "update a value with one of its kind, or remove the old one by an action before this one";
    Diagnostic::new(from, format!("cannot merge {new} into {old} at `{part}` of the document"), help)
}
