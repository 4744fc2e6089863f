//! The outcomes of a journal over time, in a fixed number of periods of equal length.

use super::{Outcome, Record};

/// The maximum number of periods.
const MAX_BUCKETS: usize = 120;

/// Rows that were sent, by the time of their last request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Timeline {
    /// The start of the first period, in milliseconds since 1970.
    start: i64,
    /// The length of a period in milliseconds.
    width: i64,
    buckets: Vec<Bucket>,
    last: i64,
}

/// The rows of one period.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bucket {
    pub(crate) applied: u64,
    pub(crate) rejected: u64,
    pub(crate) unknown: u64,
}

impl Bucket {
    /// Returns the number of all rows.
    pub(crate) fn rows(self) -> u64 {
        self.applied.saturating_add(self.rejected).saturating_add(self.unknown)
    }

    fn add(&mut self, other: Self) {
        self.applied = self.applied.saturating_add(other.applied);
        self.rejected = self.rejected.saturating_add(other.rejected);
        self.unknown = self.unknown.saturating_add(other.unknown);
    }
}

impl Timeline {
    /// Creates an empty timeline that begins at this time, in milliseconds since 1970.
    pub(super) fn new(start: i64) -> Self {
        Self { start, width: 1_000, buckets: Vec::new(), last: start }
    }

    /// Adds a record, unless its row was not sent.
    pub(super) fn add(&mut self, record: &Record) {
        if record.attempts == 0 {
            return;
        }
        let row = match record.outcome {
            Outcome::Applied => Bucket { applied: 1, ..Bucket::default() },
            Outcome::Rejected => Bucket { rejected: 1, ..Bucket::default() },
            Outcome::Unknown => Bucket { unknown: 1, ..Bucket::default() },
            Outcome::NotSent | Outcome::Settled | Outcome::Superseded => return,
        };
        // A row that shared its request with the previous one has no time.
        self.last = record.last_request_ms.unwrap_or(self.last);
        let elapsed = self.last.saturating_sub(self.start).max(0);
        while elapsed / self.width >= MAX_BUCKETS as i64 {
            self.halve();
        }
        let index = usize::try_from(elapsed / self.width).unwrap_or_default();
        if self.buckets.len() <= index {
            self.buckets.resize(index.saturating_add(1), Bucket::default());
        }
        if let Some(bucket) = self.buckets.get_mut(index) {
            bucket.add(row);
        }
    }

    /// Joins each two periods.
    fn halve(&mut self) {
        self.width = self.width.saturating_mul(2);
        self.buckets = self
            .buckets
            .chunks(2)
            .map(|pair| {
                let mut sum = Bucket::default();
                pair.iter().for_each(|bucket| sum.add(*bucket));
                sum
            })
            .collect();
    }

    /// Returns the start of the first period, in milliseconds since 1970.
    pub(crate) fn start_ms(&self) -> i64 {
        self.start
    }

    /// Returns the end of the first `periods` periods, in milliseconds since 1970.
    pub(crate) fn end_ms(&self, periods: usize) -> i64 {
        let periods = i64::try_from(periods).unwrap_or(i64::MAX);
        self.start.saturating_add(self.width.saturating_mul(periods))
    }

    /// Returns the length of a period in seconds.
    pub(crate) fn width_seconds(&self) -> i64 {
        self.width / 1_000
    }

    /// Returns the periods up to the last one with a row.
    pub(crate) fn buckets(&self) -> &[Bucket] {
        &self.buckets
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timeline(times: &[i64]) -> Timeline {
        let mut timeline = Timeline::new(0);
        for (row, time) in (1..).zip(times) {
            let record = Record { attempts: 1, last_request_ms: Some(*time), ..Record::new(row, Outcome::Applied) };
            timeline.add(&record);
        }
        timeline
    }

    #[test]
    fn periods_grow_with_the_time_and_lose_no_row() {
        for (times, width, periods) in [
            (&[0, 999, 1_000][..], 1, 2),
            (&[-5, 0], 1, 1),
            (&[0, 119_999], 1, 120),
            (&[0, 120_000], 2, 61),
            (&[0, 1, 2, 3_600_000], 32, 113),
            (&[5_000, i64::MAX / 4, 7], i64::MAX, 1),
        ] {
            let timeline = timeline(times);
            let rows: u64 = timeline.buckets().iter().map(|bucket| bucket.rows()).sum();
            assert_eq!(rows, times.len() as u64, "{times:?}");
            assert!(timeline.buckets().len() <= MAX_BUCKETS, "{times:?}");
            if width < i64::MAX {
                assert_eq!((timeline.width_seconds(), timeline.buckets().len()), (width, periods), "{times:?}");
            }
        }
    }

    #[test]
    fn rows_that_were_not_sent_are_left_out() {
        let mut timeline = Timeline::new(0);
        for record in [Record::new(1, Outcome::Rejected), Record::new(2, Outcome::Settled)] {
            timeline.add(&record);
        }
        assert_eq!(timeline.buckets(), []);
        // The time of a joined row is that of the row before.
        let first = Record { attempts: 2, last_request_ms: Some(5_000), ..Record::new(3, Outcome::Applied) };
        timeline.add(&first);
        timeline.add(&Record { attempts: 2, ..Record::new(4, Outcome::Rejected) });
        let expected = Bucket { applied: 1, rejected: 1, unknown: 0 };
        assert_eq!(timeline.buckets().last(), Some(&expected));
    }
}
