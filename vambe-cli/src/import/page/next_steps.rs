//! The next steps after an import, by its state.

use crate::{
    import::{
        journal::{Activity, Outcome},
        overview::View,
    },
    numbers::plural,
};

/// Returns what to do next, in the order in which to do it.
pub(super) fn of(view: &View) -> Vec<String> {
    let tally = &view.tally;
    let is_running = view.activity == Activity::Running;
    let (mut invalid, mut refused) = (0_u64, 0_u64);
    for reason in view.reasons.iter().filter(|reason| reason.outcome == Outcome::Rejected) {
        let rows = if reason.status.is_some() { &mut refused } else { &mut invalid };
        *rows = rows.saturating_add(reason.rows);
    }
    let steps = [
        (is_running, tally.not_sent, "Not sent yet", "wait for the import to end."),
        (!is_running, tally.not_sent, "Not sent", "run the same command again. It skips the rows that are done."),
        (
            !is_running,
            tally.unknown,
            "Unknown, so perhaps applied",
            "run the same command again. It sends these rows again, which is safe. If that never succeeds, check their tickets; \
             --settle-unknown then counts the rows as applied.",
        ),
        (
            true,
            invalid,
            "Invalid, so not sent",
            "correct them in the file of rejected rows, which the import writes at its end, and import that file.",
        ),
        (
            true,
            refused,
            "Rejected by the server",
            "correct wrong rows in the file of rejected rows, and import that file. If the rows are right by now, for example \
             because the contact exists, run the same command with --retry-rejected.",
        ),
    ];
    let steps = steps.into_iter().filter(|(is_now, rows, ..)| *is_now && *rows > 0);
    let steps: Vec<_> =
        steps.map(|(_, rows, what, step)| format!("{what} ({}): {step}", plural(rows, "row"))).collect();
    if steps.is_empty() { vec!["Nothing: every row is done.".to_owned()] } else { steps }
}
