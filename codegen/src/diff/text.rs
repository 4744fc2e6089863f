//! The report for a terminal: one block a change, the most severe first.

use std::fmt::Write as _;

use serde_json::Value;

use super::{Bump, Change, Heading, Report, WireImpact, groups::Group, rule::Rule};

/// Longer values are cut in the middle of the report; JSON has them whole.
const MAX_VALUE: usize = 88;

impl Report {
    /// The report for a terminal, without colours.
    ///
    /// # Example
    ///
    /// ```
    /// use vambe_codegen::diff::{Heading, diff};
    ///
    /// let text = diff("info: { title: a }", "info: { title: b }")?.to_text(&Heading::default());
    /// assert!(text.contains("`title` of the document was reworded"), "{text}");
    /// # Ok::<(), vambe_codegen::diff::DiffError>(())
    /// ```
    pub fn to_text(&self, heading: &Heading<'_>) -> String {
        let mut text = format!("{} -> {}\n", heading.base, heading.head);
        if self.changes.is_empty() {
            text.push_str("no difference\n");
            return text;
        }
        text.push_str(&format!("{}\n", self.summary()));
        if self.is_long() {
            self.overview(&mut text, heading);
            self.groups().iter().for_each(|group| grouped(&mut text, group));
            if self.words() > 0 {
                text.push_str("\nChanges of words and extensions are only counted here; --format json lists them.\n");
            }
        } else {
            self.changes.iter().for_each(|change| block(&mut text, change));
            text.push_str(&format!("\nbump  {}\n", heading.bump(self.bump())));
        }
        let changelog = self.changelog();
        if !changelog.is_empty() {
            text.push_str("\nfor CHANGELOG.md:\n");
        }
        for (section, lines) in changelog {
            text.push_str(&format!("\n### {section}\n\n"));
            lines.iter().for_each(|line| text.push_str(&format!("- {line}\n")));
        }
        text
    }

    /// The top of a long report: the bump, and the kinds of changes that matter, each with its reason.
    fn overview(&self, text: &mut String, heading: &Heading<'_>) {
        text.push_str(&format!("bump  {}\n", heading.bump(self.bump())));
        for (rule, count) in self.severe_kinds() {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "\n{:<10}  {count} x {}", impact(rule), rule.id);
            wrapped(text, "", rule.rationale);
        }
    }

    /// Counts the changes by their impact on the wire.
    pub(super) fn summary(&self) -> String {
        let impacts = [
            WireImpact::Breaking,
            WireImpact::Unclear,
            WireImpact::Compatible,
            WireImpact::Extension,
            WireImpact::Wording,
        ];
        let counts = impacts.map(|impact| (self.count(impact), impact));
        let counts: Vec<String> =
            counts.iter().filter(|(count, _)| *count > 0).map(|(count, impact)| format!("{count} {impact}")).collect();
        let many = if self.changes.len() == 1 { "change" } else { "changes" };
        format!("{} {many}: {}", self.changes.len(), counts.join(", "))
    }
}

fn impact(rule: &Rule) -> String {
    rule.wire.to_string().to_uppercase()
}

/// The changes of an operation, each with where it is, and the values.
fn grouped(text: &mut String, group: &Group<'_>) {
    let _ = writeln!(text, "\n== {}", group.title);
    if let Some(uses) = group.uses() {
        wrapped(text, "", &uses);
    }
    for change in &group.changes {
        let _ = writeln!(text, "{:<10}  {} ({})", impact(change.rule), change.summary(), change.bump);
        if let Some(at) = change.head.as_ref().or(change.base.as_ref()) {
            let side = if change.head.is_none() { " (base)" } else { "" };
            let _ = writeln!(text, "            {}{side}", if at.is_empty() { "(root)" } else { at });
        }
        let is_short = |value: &&Value| !value.is_object() && !value.is_array();
        if let (Some(old), Some(new)) = (change.old.as_ref().filter(is_short), change.new.as_ref().filter(is_short)) {
            let _ = writeln!(text, "            {} -> {}", shortened(old), shortened(new));
        }
    }
    if group.words > 0 {
        let _ = writeln!(text, "            and {} of words or extensions", group.words);
    }
}

/// Writes a sentence in lines of at most 80 columns, next to a label.
fn wrapped(text: &mut String, label: &str, sentence: &str) {
    const WIDTH: usize = 80;
    let mut line = format!("{label:<12}");
    for (index, word) in sentence.split(' ').enumerate() {
        if index > 0 && line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(text, "{line}");
            line = " ".repeat(12);
        } else if index > 0 {
            line.push(' ');
        }
        line.push_str(word);
    }
    let _ = writeln!(text, "{line}");
}

fn block(text: &mut String, change: &Change) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "\n{:<10}  {}", change.wire().to_string().to_uppercase(), change.summary());
    let raw = if change.rule.raw && change.bump < Bump::Major { " (code with `raw` may need an edit)" } else { "" };
    let _ = writeln!(text, "    bump    {}{raw}", change.bump);
    let _ = writeln!(text, "    affects {}{}", change.affects(), operations(change));
    let pointers: Vec<_> = match (&change.base, &change.head) {
        (Some(base), Some(head)) if base == head => vec![("at", base, "")],
        (base, head) => {
            let base = base.as_ref().map(|at| ("at", at, " (base)"));
            base.into_iter().chain(head.as_ref().map(|at| ("at", at, " (head)"))).collect()
        }
    };
    for (label, at, side) in pointers {
        let _ = writeln!(text, "    {label:<6}  {}{side}", if at.is_empty() { "(root)" } else { at });
    }
    for (label, value) in [("old", &change.old), ("new", &change.new)] {
        if let Some(value) = value {
            let _ = writeln!(text, "    {label:<6}  {}", shortened(value));
        }
    }
    wrapped(text, "    reason", change.rule.rationale);
    let _ = writeln!(text, "    rule    {}", change.kind());
}

fn operations(change: &Change) -> String {
    if change.operations.is_empty() { String::new() } else { format!(", in {}", change.operations.join(", ")) }
}

/// The value on one line, cut where it is long.
pub(super) fn shortened(value: &Value) -> String {
    let whole = value.to_string();
    if whole.chars().count() <= MAX_VALUE {
        return whole;
    }
    whole.chars().take(MAX_VALUE).chain(['…']).collect()
}
