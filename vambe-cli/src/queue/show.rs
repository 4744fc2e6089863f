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
    let mut text = format!(
        "{} pending, of {}{}\n",
        plural(status.pending, "update"),
        plural(status.tickets, "ticket"),
        status.oldest.map(|age| format!(", the oldest {} old", rounded(age))).unwrap_or_default(),
    );
    text += &format!(
        "{} in flight, {} retrying, {} on hold; {} applied in the last hour by {}\n",
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
        text += &format!("paused: {reason}; end it with `vambe queue resume`\n");
    }
    for source in &status.sources {
        let name = source.source.as_deref().unwrap_or("(no source)");
        text += &format!("{name}: {} pending, {} dead\n", count(source.pending), count(source.dead));
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

/// Returns the line of an update.
pub(super) fn update(update: &Queued) -> String {
    let mut line = format!("{} {}, by {}", update.seq, update.state, update.identifier);
    line += &format!(", keys {}", update.keys.join(" "));
    if let Some(reference) = &update.reference {
        line += &format!(", reference {reference}");
    }
    if let Some(source) = &update.source {
        line += &format!(", from {source}");
    }
    line += &format!(", {} old", rounded(update.age));
    if update.attempts > 0 {
        line += &format!(", {}", plural(update.attempts.into(), "attempt"));
    }
    if let Some(reason) = &update.reason {
        line += &format!(": {reason}");
    }
    line + "\n"
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
    let reference = retried.reference.as_ref().map(|reference| format!(" ({reference})")).unwrap_or_default();
    let result = match (&*retried.result, &*retried.left_out) {
        ("queued", []) => "queued".to_owned(),
        ("queued", keys) => format!("queued without {}, which a later update has set", keys.join(" ")),
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
