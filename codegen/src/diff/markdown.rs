//! The report, and the table of rules, as Markdown.

use std::fmt::Write as _;

use super::{Change, Heading, Report, rules, text::shortened};

impl Report {
    /// The report for a pull request.
    ///
    /// # Example
    ///
    /// ```
    /// use vambe_codegen::diff::{Heading, diff};
    ///
    /// let markdown = diff("info: { title: a }", "info: { title: b }")?.to_markdown(&Heading::default());
    /// assert!(markdown.contains("| wording | patch |"), "{markdown}");
    /// # Ok::<(), vambe_codegen::diff::DiffError>(())
    /// ```
    pub fn to_markdown(&self, heading: &Heading<'_>) -> String {
        let mut text = format!("## Spec change: {} to {}\n\n", code(heading.base), code(heading.head));
        if self.changes.is_empty() {
            text.push_str("No difference.\n");
            return text;
        }
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}. Bump: **{}**.\n", self.summary(), heading.bump(self.bump()));
        if self.is_long() {
            let _ = writeln!(text, "| Wire | Changes | Rule | Why |\n|---|---|---|---|");
            for (rule, count) in self.severe_kinds() {
                let _ = writeln!(text, "| {} | {count} | `{}` | {} |", rule.wire, rule.id, cell(rule.rationale));
            }
            for group in self.groups() {
                let _ = writeln!(text, "\n### {}\n", code(&group.title));
                if let Some(uses) = group.uses() {
                    let _ = writeln!(text, "{uses}\n");
                }
                table(&mut text, &group.changes);
                if group.words > 0 {
                    let _ = writeln!(text, "\nAnd {} of words or extensions.", group.words);
                }
            }
        } else {
            table(&mut text, &self.changes.iter().collect::<Vec<_>>());
        }
        for (section, lines) in self.changelog() {
            let _ = writeln!(text, "\n### {section}\n");
            for line in lines {
                let _ = writeln!(text, "- {line}");
            }
        }
        text
    }
}

fn table(text: &mut String, changes: &[&Change]) {
    text.push_str(
        "| Wire | Bump | Affects | Change | Pointer | Old | New | Rule |\n|---|---|---|---|---|---|---|---|\n",
    );
    for change in changes {
        let pointer = change.head.as_ref().or(change.base.as_ref()).map_or_else(String::new, |at| code(at));
        let [old, new] =
            [&change.old, &change.new].map(|v| v.as_ref().map_or_else(String::new, |v| code(&shortened(v))));
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {pointer} | {old} | {new} | `{}` |",
            change.wire(),
            change.bump,
            change.affects(),
            cell(&change.summary()),
            change.kind(),
        );
    }
}

/// The table of rules as Markdown, as `cargo xtask diff --rules` prints it.
///
/// # Example
///
/// ```
/// assert!(vambe_codegen::diff::rules_markdown().contains("| `operation-removed` |"));
/// ```
pub fn rules_markdown() -> String {
    let mut text = String::from(
        "# Rules of `cargo xtask diff`\n\n\
         Printed by `cargo xtask diff --rules` from `codegen/src/diff/rules/`; do not edit.\n\n\
         A \"field\" is a schema at any depth: a body, a property, an item, a parameter or a header. \"raw\" marks changes after which \
         code that uses `raw` may need an edit, which the bump does not count. Within the schema of an error status the bump is at \
         most minor. The last column has oasdiff's level, after its id if that differs; it is empty if oasdiff does not check this. The levels are those of oasdiff 1.28, with \
         the changes that its release notes name up to 1.40.\n\n\
         | Rule | Change | Direction | Wire | Bump | Affects | Rationale | oasdiff |\n|---|---|---|---|---|---|---|---|\n",
    );
    for rule in rules() {
        let raw = if rule.raw { ", raw" } else { "" };
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "| `{}` | {} | {} | {} | {}{raw} | {} | {} | {} |",
            rule.id,
            rule.summary.replace("`{name}`", "…").replace("{name}", "…"),
            rule.direction,
            rule.wire,
            rule.bump,
            rule.affects,
            rule.rationale,
            rule.oasdiff,
        );
    }
    text
}

/// As code in a cell of a table.
fn code(text: &str) -> String {
    if text.contains('`') { format!("`` {} ``", cell(text)) } else { format!("`{}`", cell(text)) }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
