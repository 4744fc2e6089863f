//! The state of the queue and its updates, as text and as JSON.

use std::time::Duration;

use serde_json::json;
use vambe_queue::{QueueStatus, Queued, QuotaStatus, Retried};

use crate::{
    numbers::{count, plural},
    quota,
};

/// Returns the lines of `vambe queue status`.
pub(super) fn status(status: &QueueStatus, quotas: &[QuotaStatus]) -> String {
    let mut text = format!("{} pending", plural(status.pending, "update"));
    if let Some(age) = status.oldest {
        text += &format!(", of {}, the oldest {} old", plural(status.tickets, "ticket"), rounded(age));
    }
    if let [quota] = quotas
        && status.pending > quota.requests.saturating_sub(quota.used).into()
    {
        let time = quota.period.mul_f64(status.pending as f64 / f64::from(quota.requests.max(1)));
        text += &format!("; sending them takes about {}", rounded(time));
    }
    text += &format!(
        "\n{} in flight, {} retrying, {} on hold\n{} applied in the last hour; {} running\n",
        count(status.in_flight),
        count(status.retrying),
        count(status.held),
        count(status.applied_last_hour),
        plural(status.workers, "worker"),
    );
    let dead = status.dead_rejected + status.dead_not_found + status.dead_expired;
    if dead > 0 {
        text += &format!(
            "{}: {} rejected, {} not found, {} expired; see `vambe queue list --state dead`\n",
            plural(dead, "dead letter"),
            count(status.dead_rejected),
            count(status.dead_not_found),
            count(status.dead_expired),
        );
    }
    if let Some(reason) = &status.pause_reason {
        text += &format!("paused: {}; end it with `vambe queue resume`\n", reason.escape_debug());
    }
    for source in &status.sources {
        let name = source.source.as_deref().unwrap_or("(no name)").escape_debug();
        text += &format!("source {name}: {} pending, {} dead\n", count(source.pending), count(source.dead));
    }
    for quota in quotas {
        text += &format!("quota {}\n", quota::describe(quota));
    }
    text
}

/// Returns the state as a JSON object.
pub(super) fn status_json(status: &QueueStatus, quotas: &[QuotaStatus]) -> String {
    let sources = status.sources.iter().map(|source| {
        json!({
            "source": source.source, "pending": source.pending, "oldest_s": source.oldest.map(|age| age.as_secs_f64()),
            "dead": source.dead,
        })
    });
    let quotas = quotas.iter().map(|quota| {
        json!({
            "name": quota.name, "requests": quota.requests, "period_s": quota.period.as_secs_f64(),
            "margin_s": quota.margin.as_secs_f64(), "used": quota.used, "next_in_s": quota.next_in.as_secs_f64(),
            "pause_reason": quota.pause_reason, "key_refused": quota.is_key_refused,
        })
    });
    let value = json!({
        "pending": status.pending, "tickets": status.tickets, "oldest_s": status.oldest.map(|age| age.as_secs_f64()),
        "in_flight": status.in_flight, "retrying": status.retrying, "held": status.held,
        "dead": {
            "rejected": status.dead_rejected, "not_found": status.dead_not_found, "expired": status.dead_expired,
        },
        "applied_last_hour": status.applied_last_hour, "workers": status.workers, "pause_reason": status.pause_reason,
        "sources": sources.collect::<Vec<_>>(), "quotas": quotas.collect::<Vec<_>>(),
    });
    format!("{value}\n")
}

/// Returns a table of updates. Texts of services and of the server are escaped.
pub(super) fn updates(updates: &[Queued]) -> String {
    if updates.is_empty() {
        return "no updates\n".to_owned();
    }
    let head = ["SEQ", "STATE", "AGE", "TICKET BY", "KEYS", "REFERENCE", "SOURCE", "LAST FAILURE"].map(str::to_owned);
    let text = |text: &Option<String>| text.as_deref().unwrap_or("-").escape_debug().to_string();
    let rows = updates.iter().map(|update| {
        [
            update.seq.to_string(),
            update.state.clone(),
            rounded(update.age),
            text(&update.identifier),
            update.keys.join(" ").escape_debug().to_string(),
            text(&update.reference),
            text(&update.source),
            failure(update),
        ]
    });
    let rows: Vec<_> = std::iter::once(head).chain(rows).collect();
    let mut widths = [0; 8];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let line = |row: &[String; 8]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
        format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

/// Describes the last failure of an update; empty if there was none.
fn failure(update: &Queued) -> String {
    let attempts = (update.attempts > 0).then(|| plural(update.attempts.into(), "attempt"));
    let status = update.status.map(|status| format!("status {status}"));
    let reason = update.reason.as_ref().map(|reason| reason.escape_debug().to_string());
    let next = update.due_in.filter(|_| update.state == "retrying").map(|due| format!("next in {}", rounded(due)));
    [attempts, status, reason, next].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Returns an update as a line of JSON.
pub(super) fn update_json(update: &Queued) -> String {
    let value = json!({
        "seq": update.seq, "state": update.state, "reference": update.reference, "source": update.source,
        "identifier": update.identifier, "keys": update.keys, "attempts": update.attempts, "status": update.status,
        "reason": update.reason, "age_s": update.age.as_secs_f64(), "due_in_s": update.due_in.map(|due| due.as_secs_f64()),
    });
    format!("{value}\n")
}

/// Returns the line of a dead letter that is sent again.
pub(super) fn retried(retried: &Retried) -> String {
    let reference =
        retried.reference.as_ref().map(|reference| format!(" ({})", reference.escape_debug())).unwrap_or_default();
    let result = match (&*retried.result, &*retried.left_out) {
        ("queued", []) => "queued".to_owned(),
        ("queued", keys) => format!("queued without {}, set by a later update", keys.join(" ").escape_debug()),
        ("superseded", _) => "superseded: a later update has set all its keys".to_owned(),
        ("busy", _) => "not queued: its ticket has an update under way; run the same command again later".to_owned(),
        (other, _) => other.to_owned(),
    };
    format!("{}{reference}: {result}\n", retried.seq)
}

/// Formats an age in its largest unit.
fn rounded(age: Duration) -> String {
    match age.as_secs() {
        seconds @ 0..120 => format!("{seconds} s"),
        seconds @ 120..7_200 => format!("{} min", seconds / 60),
        seconds @ 7_200..172_800 => format!("{} h", seconds / 3_600),
        seconds => format!("{} days", seconds / 86_400),
    }
}
