//! The log of received requests.

use std::{collections::VecDeque, time::SystemTime};

use http::{StatusCode, request::Parts};

use super::received_request::ReceivedRequest;
use crate::fault::Fault;

/// The maximum size of all kept bodies; requests are dropped above it.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// The latest requests in order of arrival, and the counts of all.
pub(crate) struct RequestLog {
    entries: VecDeque<(Arrival, ReceivedRequest)>,
    /// The maximum number of entries; older ones are dropped.
    limit: usize,
    /// The size of all bodies in `entries`.
    bytes: usize,
    max_bytes: usize,
    arrivals: u64,
    /// The first arrival since the log was cleared.
    first: Arrival,
    finished: u64,
}

/// Identifies an entry until the log is cleared.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Arrival(u64);

impl RequestLog {
    pub(crate) fn keeping(limit: usize) -> Self {
        Self {
            entries: VecDeque::new(),
            limit,
            bytes: 0,
            max_bytes: MAX_BYTES,
            arrivals: 0,
            first: Arrival(0),
            finished: 0,
        }
    }

    /// Adds a request whose body has not arrived yet.
    pub(crate) fn add(&mut self, head: &Parts, fault: Fault, arrived: SystemTime) -> Arrival {
        let arrival = Arrival(self.arrivals);
        self.arrivals += 1;
        if self.limit > 0 {
            if self.entries.len() == self.limit {
                self.drop_oldest();
            }
            self.entries.push_back((arrival, ReceivedRequest::new(head, fault, arrived)));
        }
        arrival
    }

    /// Records the body, and the time at which the update was applied.
    pub(crate) fn record_decision(&mut self, arrival: Arrival, body: Vec<u8>, applied: Option<SystemTime>) {
        if let Some(entry) = self.entry(arrival) {
            entry.applied = applied;
            let size = body.len();
            entry.body = body;
            self.bytes += size;
        }
        while self.bytes > self.max_bytes {
            self.drop_oldest();
        }
    }

    fn drop_oldest(&mut self) {
        // Without entries, no byte is kept.
        self.bytes = self.entries.pop_front().map_or(0, |(_, oldest)| self.bytes - oldest.body.len());
    }

    /// Records the status, or that the request ended without a response.
    pub(crate) fn record_outcome(&mut self, arrival: Arrival, status: Option<StatusCode>) {
        if let Some(entry) = self.entry(arrival) {
            entry.status = status;
            entry.finished = true;
        }
        // The entry may have been dropped; the count has to include it, too.
        self.finished += u64::from(arrival >= self.first);
    }

    /// Returns the number of requests whose outcome is known, including those that were dropped.
    #[cfg(feature = "control")]
    pub(crate) fn finished(&self) -> u64 {
        self.finished
    }

    /// Returns the number of requests, including those that were dropped.
    pub(crate) fn total(&self) -> u64 {
        self.arrivals - self.first.0
    }

    /// Returns the requests with their numbers, newest first.
    #[cfg(feature = "page")]
    pub(crate) fn latest(&self) -> impl Iterator<Item = (u64, &ReceivedRequest)> {
        self.entries.iter().rev().map(|(arrival, request)| (arrival.0, request))
    }

    pub(super) fn entry(&mut self, arrival: Arrival) -> Option<&mut ReceivedRequest> {
        let index = self.entries.binary_search_by_key(&arrival, |(id, _)| *id).ok()?;
        self.entries.get_mut(index).map(|(_, entry)| entry)
    }

    pub(crate) fn requests(&self) -> Vec<ReceivedRequest> {
        self.entries.iter().map(|(_, request)| request.clone()).collect()
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.bytes = 0;
        self.first = Arrival(self.arrivals);
        self.finished = 0;
    }
}

#[cfg(all(test, feature = "control"))]
mod tests {
    use super::*;

    fn log_with(limit: usize, requests: usize) -> (RequestLog, Vec<Arrival>) {
        let (head, ()) = http::Request::new(()).into_parts();
        let mut log = RequestLog::keeping(limit);
        let arrivals = (0..requests).map(|_| log.add(&head, Fault::none(), SystemTime::now())).collect();
        (log, arrivals)
    }

    #[test]
    fn keeps_the_latest_and_counts_all() {
        let (mut log, arrivals) = log_with(2, 3);
        for arrival in arrivals {
            log.record_outcome(arrival, Some(StatusCode::from_u16(200 + arrival.0 as u16).unwrap()));
        }
        assert_eq!((log.total(), log.finished()), (3, 3));
        let statuses: Vec<_> = log.requests().iter().map(|request| request.status().unwrap().as_u16()).collect();
        assert_eq!(statuses, [201, 202]);
    }

    #[test]
    fn keeps_no_more_bytes_than_allowed() {
        let (mut log, arrivals) = log_with(10, 4);
        log.max_bytes = 7;
        for (arrival, size) in arrivals.into_iter().zip([3, 3, 1, 4]) {
            log.record_decision(arrival, vec![0; size], None);
        }
        let sizes: Vec<_> = log.requests().iter().map(|request| request.body.len()).collect();
        assert_eq!((sizes, log.total()), (vec![1, 4], 4));
        log.clear();
        assert_eq!(log.bytes, 0);
    }

    #[test]
    fn counts_from_the_last_clearing_on() {
        let (mut log, arrivals) = log_with(2, 1);
        log.clear();
        log.record_outcome(arrivals[0], None);
        assert_eq!((log.total(), log.finished()), (0, 0), "the request arrived before the clearing");
    }
}
