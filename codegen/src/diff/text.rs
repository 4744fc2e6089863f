//! The report for a terminal: one block a change, the most severe first.

use std::fmt::Write as _;

use serde_json::Value;

use super::{Bump, Change, Heading, Report, WireImpact};

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
        for change in &self.changes {
            block(&mut text, change);
        }
        text.push_str(&format!("\nbump  {}\n", heading.bump(self.bump())));
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
    let _ = writeln!(text, "    reason  {}\n    rule    {}", change.rule.rationale, change.kind());
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
