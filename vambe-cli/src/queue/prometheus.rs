//! The metrics of the queue in the text format of Prometheus.

use std::fmt::Write as _;

use vambe_queue::{QueueStatus, QuotaStatus, WorkerReport};

/// Returns the metrics of the queue and its quotas, and of this worker if there is one.
pub(super) fn text(status: &QueueStatus, quotas: &[QuotaStatus], worker: Option<WorkerReport>) -> String {
    let mut page = Page(String::new());
    page.gauge("vambe_queue_pending", "Updates that are not finished.", status.pending);
    page.gauge("vambe_queue_tickets", "Tickets with such updates.", status.tickets);
    let oldest = status.oldest.unwrap_or_default().as_secs_f64();
    page.gauge("vambe_queue_oldest_seconds", "Age of the oldest pending update.", oldest);
    page.gauge("vambe_queue_in_flight", "Tickets with an update that a worker sends now.", status.in_flight);
    page.gauge("vambe_queue_retrying", "Tickets with an update that is sent again.", status.retrying);
    page.gauge("vambe_queue_held", "Tickets on hold.", status.held);
    page.gauge("vambe_queue_workers", "Workers that were seen in the last minute.", status.workers);
    page.gauge("vambe_queue_paused", "1 if the queue is paused.", u8::from(status.pause_reason.is_some()));
    let kinds =
        [("rejected", status.dead_rejected), ("not_found", status.dead_not_found), ("expired", status.dead_expired)];
    page.head("vambe_queue_dead", "gauge", "Dead letters.");
    for (kind, value) in kinds {
        page.line("vambe_queue_dead", "kind", kind, value);
    }
    page.head("vambe_quota_limit", "gauge", "Maximum number of requests in a period.");
    for quota in quotas {
        page.line("vambe_quota_limit", "quota", &quota.name, quota.requests);
    }
    page.head("vambe_quota_used", "gauge", "Slots that count now.");
    for quota in quotas {
        page.line("vambe_quota_used", "quota", &quota.name, quota.used);
    }
    page.head("vambe_quota_paused", "gauge", "1 if the quota is paused or its key is refused.");
    for quota in quotas {
        let paused = quota.is_key_refused || quota.pause_reason.is_some();
        page.line("vambe_quota_paused", "quota", &quota.name, u8::from(paused));
    }
    if let Some(report) = worker {
        page.head("vambe_worker_requests_total", "counter", "Requests of this worker by outcome.");
        let outcomes = [
            ("applied", report.applied),
            ("rejected", report.rejected),
            ("retried", report.retried),
            ("not_sent", report.not_sent),
            ("lease_lost", report.lease_lost),
        ];
        for (outcome, value) in outcomes {
            page.line("vambe_worker_requests_total", "outcome", outcome, value);
        }
    }
    page.0
}

struct Page(String);

impl Page {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a `String` cannot fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn gauge(&mut self, name: &str, help: &str, value: impl std::fmt::Display) {
        self.head(name, "gauge", help);
        let _ = writeln!(self.0, "{name} {value}");
    }

    fn line(&mut self, name: &str, label: &str, value_of_label: &str, value: impl std::fmt::Display) {
        let escaped = value_of_label.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        let _ = writeln!(self.0, "{name}{{{label}=\"{escaped}\"}} {value}");
    }
}
