//! The slots that the database granted with updates, as the shared limit of the worker's client.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::mpsc;
use vambe_api::{NotGranted, Seen, SharedLimit, TakeSlot};

use super::clock::Time;

/// The time in which a slot has to be used, counted from before the database was asked for it.
const USE_WITHIN: Duration = Duration::from_secs(5);

/// Slots that wait for the calls they were granted for. Each is one request, so it does not matter which call takes it.
#[derive(Debug)]
pub(super) struct Slots {
    granted: Mutex<VecDeque<(u64, Time)>>,
    reports: mpsc::UnboundedSender<(u64, Seen)>,
    reported: Mutex<Option<mpsc::UnboundedReceiver<(u64, Seen)>>>,
}

impl Slots {
    pub(super) fn new() -> Self {
        let (reports, reported) = mpsc::unbounded_channel();
        Self { granted: Mutex::default(), reports, reported: Mutex::new(Some(reported)) }
    }

    /// Adds a slot that the database was asked for at this time.
    pub(super) fn add(&self, slot: u64, asked_at: Time) {
        self.granted.lock().unwrap_or_else(PoisonError::into_inner).push_back((slot, asked_at));
    }

    /// Returns the results to report to the database; the first caller gets them.
    pub(super) fn reports(&self) -> Option<mpsc::UnboundedReceiver<(u64, Seen)>> {
        self.reported.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl SharedLimit for Slots {
    fn take(&self) -> TakeSlot<'_> {
        let mut granted = self.granted.lock().unwrap_or_else(PoisonError::into_inner);
        // An older slot belongs to a request that was given up, or to a process that was stopped.
        let slot = loop {
            match granted.pop_front() {
                Some((slot, asked_at)) if asked_at.elapsed() < USE_WITHIN => break Ok(slot),
                Some(_) => {}
                None => break Err(NotGranted::Unavailable),
            }
        };
        Box::pin(std::future::ready(slot))
    }

    fn report(&self, slot: u64, seen: Seen) {
        // See `quota::grant` for the lowest bit. The receiver lives as long as the run.
        if seen != Seen::Answered || slot & 1 == 1 {
            let _ = self.reports.send((slot >> 1, seen));
        }
    }
}
