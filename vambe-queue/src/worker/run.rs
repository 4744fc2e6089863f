//! The loop of a worker.

use std::{future::Future, num::NonZeroUsize, pin::pin, sync::Arc, time::Duration};

use tokio::{
    select,
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
    time::{interval, sleep},
};
use tracing::{Instrument as _, field::Empty};
use vambe_api::Client;

use super::{
    ATTEMPT, LEASE, WorkerReport, WorkerStats,
    settlement::Settlement,
    slots::Slots,
    store::Store,
    taken::{Answer, Taken},
};

/// The time between two looks while a person has to act, or the database is away.
const STOPPED: Duration = Duration::from_secs(5);

/// The time after which an attempt is given up: 5 s to use the slot, and the limit of the attempt.
const CALL: Duration = Duration::from_secs(20);

/// The time between two signs of life.
const SIGN_OF_LIFE: Duration = Duration::from_secs(10);

/// The signs of life between two removals of old records.
const CLEAN_EVERY: u32 = 6;

/// A worker that runs.
pub(super) struct Run {
    pub(super) client: Client,
    pub(super) store: Store,
    pub(super) slots: Arc<Slots>,
    pub(super) max_in_flight: NonZeroUsize,
    pub(super) poll: Duration,
    pub(super) stats: WorkerStats,
}

impl Run {
    /// Runs until `stop` is ready, and then until all that is in flight is recorded.
    pub(super) async fn until(self, stop: impl Future<Output = ()>) -> WorkerReport {
        let run = Arc::new(self);
        let limit = run.max_in_flight.get().min(Semaphore::MAX_PERMITS);
        let permits = Arc::new(Semaphore::new(limit));
        let mut attempts = JoinSet::new();
        // It is aborted when it is dropped.
        let mut background = JoinSet::new();
        background.spawn(Arc::clone(&run).care(Arc::clone(&permits), limit));
        let mut stop = pin!(stop);
        loop {
            while attempts.try_join_next().is_some() {}
            let permit = select! {
                biased;
                () = &mut stop => break,
                permit = Arc::clone(&permits).acquire_owned() => permit,
            };
            // The semaphore is never closed.
            let Ok(permit) = permit else { break };
            // Not within `select!`: an update that the database has granted must not be forgotten.
            let wait = match run.store.take().await {
                Some(Answer::Update(taken, _)) => {
                    attempts.spawn(Arc::clone(&run).attempt(taken, permit));
                    continue;
                }
                Some(Answer::Empty | Answer::Ready) => run.poll,
                Some(Answer::Wait(wait)) => wait.min(run.poll),
                Some(Answer::Stopped(reason)) => {
                    tracing::warn!(reason, "the queue is stopped");
                    STOPPED
                }
                None => STOPPED.min(run.poll),
            };
            drop(permit);
            // Workers that wait for the same slot ask one after the other.
            let wait = wait.mul_f64(0.5 + fastrand::f64());
            select! {
                biased;
                () = &mut stop => break,
                () = sleep(wait) => {}
            }
        }
        while attempts.join_next().await.is_some() {}
        drop(background);
        run.store.seen(None).await;
        run.stats.report()
    }

    /// Sends an update and records its outcome.
    async fn attempt(self: Arc<Self>, taken: Box<Taken>, permit: OwnedSemaphorePermit) {
        // The parent is in another process. A layer for OpenTelemetry can link the span by its traceparent.
        let span = tracing::info_span!(
            "vambe.queue.update",
            seq = taken.seq,
            updates = taken.updates,
            reference = taken.reference,
            traceparent = taken.traceparent,
            attempt = taken.attempt,
            outcome = Empty,
            error = Empty,
        );
        let settlement = self.send(&taken).instrument(span.clone()).await;
        span.record("outcome", settlement.outcome);
        span.record("error", settlement.reason.as_deref());
        let is_recorded = self.settle(&taken, &settlement).instrument(span).await;
        self.stats.count(|report| match settlement.outcome {
            _ if !is_recorded => report.lease_lost += 1,
            "applied" => report.applied += 1,
            "retry" => report.retried += 1,
            "not_sent" => report.not_sent += 1,
            _ => report.rejected += 1,
        });
        drop(permit);
    }

    async fn send(&self, taken: &Taken) -> Settlement {
        let Some((ticket, metadata)) = taken.update.clone() else { return Settlement::invalid() };
        self.slots.add(taken.slot, taken.asked_at);
        let mut call = self.client.update_ticket_metadata(ticket, metadata);
        if taken.allow_closed_ticket {
            call = call.allow_closed_ticket(true);
        }
        // The queue retries, and holds the later updates of the ticket meanwhile.
        match call.max_attempts(1).attempt_timeout(ATTEMPT).timeout(CALL).await {
            Ok(_) => Settlement::applied(),
            Err(error) => Settlement::of(&error, taken.attempt, fastrand::f64()),
        }
    }

    /// Records an outcome, as long as the lease lasts. Returns `false` if it could not be recorded: the update is sent again.
    async fn settle(&self, taken: &Taken, settlement: &Settlement) -> bool {
        loop {
            if let Some(is_recorded) = self.store.settle(taken, settlement).await {
                return is_recorded;
            }
            if taken.asked_at.elapsed() >= LEASE {
                return false;
            }
            sleep(Duration::from_millis(500)).await;
        }
    }

    /// Reports results to the quota, says that the worker is alive, and removes old records.
    async fn care(self: Arc<Self>, permits: Arc<Semaphore>, limit: usize) {
        let Some(mut reports) = self.slots.reports() else { return };
        let mut signs = interval(SIGN_OF_LIFE);
        let mut count = 0_u32;
        loop {
            select! {
                Some((slot, seen)) = reports.recv() => self.store.report(slot, seen).await,
                _ = signs.tick() => {
                    let in_flight = limit.saturating_sub(permits.available_permits());
                    self.store.seen(Some(i32::try_from(in_flight).unwrap_or(i32::MAX))).await;
                    count = count.wrapping_add(1);
                    if count.is_multiple_of(CLEAN_EVERY) {
                        self.store.clean().await;
                    }
                }
            }
        }
    }
}
