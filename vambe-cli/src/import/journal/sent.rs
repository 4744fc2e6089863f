//! The times of the requests of earlier runs, as far as the rate limit of the next run counts them.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    time::{Duration, SystemTime},
};

use jiff::Timestamp;

use super::{Record, RunStart};
use crate::args::Rate;

/// The time beyond a period for which a request is remembered, since clocks are not exact.
const MARGIN: Duration = Duration::from_secs(60);

/// The times of the last requests, no more than the limit counts: 8 bytes each.
#[derive(Debug, Default)]
pub(super) struct SentBefore {
    most: usize,
    /// Earlier ones do not count any more. In milliseconds since 1970, like all.
    since: i64,
    /// The earliest is on top.
    times: BinaryHeap<Reverse<i64>>,
}

impl SentBefore {
    /// Without a rate, nothing is remembered.
    pub(super) fn new(rate: Option<Rate>) -> Self {
        let Some(rate) = rate else { return Self::default() };
        let back = i64::try_from(rate.period().saturating_add(MARGIN).as_millis()).unwrap_or(i64::MAX);
        Self {
            most: usize::try_from(rate.requests().get()).unwrap_or(usize::MAX),
            since: Timestamp::now().as_millisecond().saturating_sub(back),
            times: BinaryHeap::new(),
        }
    }

    /// Adds the requests of a record, all of them at the time of the last one.
    pub(super) fn add(&mut self, record: &Record) {
        if let Some(time) = record.last_request_ms {
            self.push(time, record.attempts.into());
        }
    }

    /// Adds the requests that a run found to be without a record.
    pub(super) fn begin(&mut self, run: &RunStart) {
        self.push(run.started.as_millisecond(), run.assumed);
    }

    /// Returns the times, with those of `unrecorded` more requests that are taken to be sent now.
    pub(super) fn times(mut self, unrecorded: u64) -> Vec<SystemTime> {
        self.push(Timestamp::now().as_millisecond(), unrecorded);
        let times = self.times.into_iter().filter_map(|Reverse(time)| Timestamp::from_millisecond(time).ok());
        times.map(SystemTime::from).collect()
    }

    fn push(&mut self, time: i64, requests: u64) {
        if time < self.since {
            return;
        }
        for _ in 0..usize::try_from(requests).unwrap_or(usize::MAX).min(self.most) {
            if self.times.len() >= self.most {
                if self.times.peek().is_none_or(|Reverse(earliest)| *earliest >= time) {
                    return;
                }
                self.times.pop();
            }
            self.times.push(Reverse(time));
        }
    }
}
