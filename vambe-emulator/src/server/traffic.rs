//! The requests and the answers of each of the last seconds, for the live page.

use std::collections::VecDeque;

use http::StatusCode;
use serde::Serialize;
use tokio::time::Instant;

/// The number of seconds that are kept.
const SECONDS: u64 = 120;

/// The requests and the answers, in total and per second.
pub(crate) struct Traffic {
    start: Instant,
    totals: Counts,
    /// Only seconds with a request or an answer, oldest first.
    seconds: VecDeque<Second>,
}

/// The counts of one second, which is numbered from the start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Second {
    second: u64,
    #[serde(flatten)]
    counts: Counts,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
struct Counts {
    requests: u64,
    /// 2xx.
    success: u64,
    /// 3xx, and 4xx except for 429.
    rejected: u64,
    /// 429.
    limited: u64,
    /// 5xx.
    failed: u64,
    /// No response.
    unanswered: u64,
}

/// The traffic of the last seconds, in JSON.
#[derive(Serialize)]
pub(crate) struct TrafficView {
    now: u64,
    totals: Counts,
    seconds: Vec<Second>,
}

impl Traffic {
    pub(crate) fn new() -> Self {
        Self { start: Instant::now(), totals: Counts::default(), seconds: VecDeque::new() }
    }

    pub(super) fn count_request(&mut self) {
        self.count(|counts| counts.requests += 1);
    }

    /// Counts an answer; `None` is a request that ends without one.
    pub(super) fn count_answer(&mut self, status: Option<StatusCode>) {
        self.count(|counts| match status {
            None => counts.unanswered += 1,
            Some(StatusCode::TOO_MANY_REQUESTS) => counts.limited += 1,
            Some(status) if status.is_success() => counts.success += 1,
            Some(status) if status.is_server_error() => counts.failed += 1,
            Some(_) => counts.rejected += 1,
        });
    }

    fn count(&mut self, add: impl Fn(&mut Counts)) {
        let now = self.now();
        add(&mut self.totals);
        match self.seconds.back_mut() {
            Some(last) if last.second == now => add(&mut last.counts),
            _ => {
                let mut counts = Counts::default();
                add(&mut counts);
                self.seconds.push_back(Second { second: now, counts });
            }
        }
        while self.seconds.front().is_some_and(|first| first.second + SECONDS <= now) {
            self.seconds.pop_front();
        }
    }

    fn now(&self) -> u64 {
        self.start.elapsed().as_secs()
    }

    pub(crate) fn view(&self) -> TrafficView {
        TrafficView { now: self.now(), totals: self.totals.clone(), seconds: self.seconds.iter().cloned().collect() }
    }

    /// Removes all counts. Time runs on.
    pub(crate) fn clear(&mut self) {
        self.totals = Counts::default();
        self.seconds.clear();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn counts_each_second_and_forgets_old_ones() {
        let mut traffic = Traffic::new();
        for status in [None, Some(200), Some(204), Some(307), Some(404), Some(429), Some(500), Some(503)] {
            traffic.count_request();
            traffic.count_answer(status.map(|status| StatusCode::from_u16(status).unwrap()));
        }
        let counts = Counts { requests: 8, success: 2, rejected: 2, limited: 1, failed: 2, unanswered: 1 };
        assert_eq!(traffic.view().seconds, [Second { second: 0, counts: counts.clone() }]);

        advance(Duration::from_secs(SECONDS - 1)).await;
        traffic.count_request();
        let late = Counts { requests: 1, ..Counts::default() };
        let last = Second { second: SECONDS - 1, counts: late };
        assert_eq!(traffic.view().seconds, [Second { second: 0, counts }, last.clone()]);

        advance(Duration::from_secs(1)).await;
        traffic.count_request();
        let view = traffic.view();
        assert_eq!((view.now, view.totals.requests), (SECONDS, 10));
        assert_eq!(view.seconds.len(), 2, "the first second is too old");
        assert_eq!(view.seconds[0], last);
    }
}
