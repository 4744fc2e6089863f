//! Refused requests whose reason is not known yet: the row, the API key, or the whole run.

use std::num::NonZeroUsize;

use reqwest::StatusCode;

use super::job::Job;

/// The number of consecutive `403` responses after which the API key is the reason.
const MAX_FORBIDDEN: usize = 10;

/// The requests that were answered `403`: by a firewall for their content, or by the server for the API key. The next row shows
/// which.
#[derive(Debug)]
pub(super) struct Forbidden<R> {
    jobs: Vec<Job<R>>,
    /// The first request that was sent after the last `403`: its response, or a later one's, shows the reason.
    from: u64,
    /// True if the server has accepted the key in this run.
    key_is_accepted: bool,
}

impl<R> Forbidden<R> {
    pub(super) fn new() -> Self {
        Self { jobs: Vec::new(), from: 0, key_is_accepted: false }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }

    /// Adds a request; `next` is the number of the next one to be sent. Returns `true` if the key is certainly rejected.
    pub(super) fn add(&mut self, job: Job<R>, next: u64) -> bool {
        self.jobs.push(job);
        self.from = next;
        self.jobs.len() >= MAX_FORBIDDEN
    }

    /// Records that the server accepted the key for a request. Returns the requests that were refused for their content.
    pub(super) fn key_accepted(&mut self, number: u64) -> Vec<Job<R>> {
        self.key_is_accepted = true;
        if number >= self.from { self.take() } else { Vec::new() }
    }

    /// Returns `true` if the key has not been accepted in this run.
    pub(super) fn is_key(&self) -> bool {
        !self.key_is_accepted
    }

    pub(super) fn take(&mut self) -> Vec<Job<R>> {
        std::mem::take(&mut self.jobs)
    }
}

/// The first responses of a run, while all of them are the same refusal.
#[derive(Debug)]
pub(super) struct FirstRefusals<R> {
    /// The number of refusals that end the run; `None` after another response, or if this is off.
    most: Option<NonZeroUsize>,
    refusal: Option<(StatusCode, Option<String>)>,
    jobs: Vec<Job<R>>,
}

/// The meaning of another refusal.
#[derive(Debug)]
pub(super) enum Refusal<R> {
    /// It concerns its row.
    OfRow(Job<R>),
    /// The next responses show its reason.
    Withheld,
    /// All are the same, so it concerns the whole run.
    OfRun,
}

impl<R> FirstRefusals<R> {
    pub(super) fn new(most: Option<NonZeroUsize>) -> Self {
        Self { most, refusal: None, jobs: Vec::new() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }

    /// Returns `true` while all responses are the same refusal and may end the run.
    pub(super) fn is_armed(&self) -> bool {
        self.most.is_some()
    }

    /// Adds a refusal with the redacted message. If it differs from the earlier ones, they concern their rows, and the caller
    /// must [take](Self::other_answer) them first.
    pub(super) fn add(&mut self, job: Job<R>, status: StatusCode, message: Option<&str>) -> Refusal<R> {
        let Some(most) = self.most else { return Refusal::OfRow(job) };
        let (known, known_message) = self.refusal.get_or_insert_with(|| (status, message.map(str::to_owned)));
        if *known != status || known_message.as_deref() != message {
            return Refusal::OfRow(job);
        }
        self.jobs.push(job);
        if self.jobs.len() >= most.get() { Refusal::OfRun } else { Refusal::Withheld }
    }

    /// Records another response. Returns the refusals, which concern their rows.
    pub(super) fn other_answer(&mut self) -> Vec<Job<R>> {
        self.most = None;
        self.take()
    }

    pub(super) fn take(&mut self) -> Vec<Job<R>> {
        std::mem::take(&mut self.jobs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Metadata, TicketRef, Uuid, bulk::Update};

    fn job(row: u64) -> Job<u64> {
        let ticket = TicketRef::TicketId(Uuid::from_u128(row.into()));
        Job::new(Update::new(row, ticket, Metadata::from([("key", "value")])), Vec::new())
    }

    #[test]
    fn only_a_request_sent_after_a_403_clears_the_key() {
        let mut forbidden = Forbidden::new();
        assert!(!forbidden.add(job(0), 4) && forbidden.is_key());
        assert!(forbidden.key_accepted(3).is_empty(), "it was already in flight");
        assert_eq!((forbidden.key_accepted(4).len(), forbidden.is_key()), (1, false));
        let is_key: Vec<_> = (0..10).map(|row| forbidden.add(job(row), 5)).collect();
        assert_eq!(is_key.iter().position(|is_key| *is_key), Some(9));
    }

    #[test]
    fn first_refusals_end_the_run_only_if_all_are_the_same() {
        let (no, gone) = (StatusCode::NOT_FOUND, StatusCode::GONE);
        for (answers, expected) in [
            (vec![(no, "a"), (no, "a"), (no, "a")], "withheld withheld run"),
            (vec![(no, "a"), (no, "b"), (no, "a")], "withheld row row"),
            (vec![(no, "a"), (gone, "a"), (no, "a")], "withheld row row"),
        ] {
            let mut first = FirstRefusals::new(NonZeroUsize::new(3));
            let meanings = answers.iter().map(|(status, message)| match first.add(job(0), *status, Some(message)) {
                Refusal::OfRow(_) => {
                    first.other_answer();
                    "row"
                }
                Refusal::Withheld => "withheld",
                Refusal::OfRun => "run",
            });
            assert_eq!(meanings.collect::<Vec<_>>().join(" "), expected);
        }
        assert!(matches!(FirstRefusals::new(None).add(job(0), no, None), Refusal::OfRow(_)));
    }
}
