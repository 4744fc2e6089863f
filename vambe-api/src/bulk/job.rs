//! One request of a run, with its updates until they have their outcome.

use std::{collections::BTreeMap, iter, sync::Arc, time::SystemTime};

use super::{Cause, Outcome, OutcomeKind, Update, decision::Tried};
use crate::{Delivery, Error, TicketRef, raw::types::UpdateTicketMetadataRequest};

#[derive(Debug)]
pub(super) struct Job<R> {
    pub(super) ticket: TicketRef,
    pub(super) request: Arc<UpdateTicketMetadataRequest>,
    updates: Updates<R>,
    attempts: u32,
    counted: u32,
    delivery: Delivery,
    last: Option<Arc<Error>>,
    last_request: Option<SystemTime>,
}

/// The updates of a job. A single update keeps only its row, since the request has the rest.
#[derive(Debug)]
enum Updates<R> {
    One(R),
    Joined(Vec<Update<R>>),
}

impl<R> Job<R> {
    /// Creates the request for an update and later ones of the same ticket. Later values replace earlier ones.
    pub(super) fn new(first: Update<R>, mut later: Vec<Update<R>>) -> Self {
        let (ticket, allow) = (first.ticket.clone(), first.allow_closed_ticket);
        let (metadata, updates) = if later.is_empty() {
            (first.metadata.map(Into::into).unwrap_or_default(), Updates::One(first.row))
        } else {
            later.insert(0, first);
            let pairs = later.iter().filter_map(|update| update.metadata.as_ref()).flatten();
            let joined: BTreeMap<_, _> = pairs.map(|(key, value)| (key.clone(), value.clone())).collect();
            (joined, Updates::Joined(later))
        };
        let mut request = UpdateTicketMetadataRequest::new(ticket.clone(), metadata);
        request.allow_closed_ticket = allow;
        let request = Arc::new(request);
        Self {
            ticket,
            request,
            updates,
            attempts: 0,
            counted: 0,
            delivery: Delivery::NotSent,
            last: None,
            last_request: None,
        }
    }

    /// Records a failed attempt.
    pub(super) fn record_failure(&mut self, error: Arc<Error>, counts: bool) {
        self.attempts += 1;
        self.counted += u32::from(counts);
        self.delivery = self.delivery.max(error.delivery());
        if error.delivery() != Delivery::NotSent {
            self.last_request = Some(SystemTime::now());
        }
        self.last = Some(error);
    }

    /// Records a successful attempt.
    pub(super) fn record_success(&mut self) {
        self.attempts += 1;
        self.last_request = Some(SystemTime::now());
    }

    pub(super) fn tried(&self) -> Tried {
        let is_joined = matches!(self.updates, Updates::Joined(_));
        Tried { counted: self.counted, delivery: self.delivery, is_joined }
    }

    pub(super) fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Returns the outcome of the updates if the request is not retried.
    pub(super) fn kind_if_ended(&self) -> OutcomeKind {
        match self.delivery {
            Delivery::Unknown => OutcomeKind::Unknown,
            Delivery::NotSent | Delivery::Rejected => OutcomeKind::NotSent,
        }
    }

    /// Returns the number of updates.
    pub(super) fn len(&self) -> usize {
        match &self.updates {
            Updates::One(_) => 1,
            Updates::Joined(updates) => updates.len(),
        }
    }

    /// Returns the updates of a joined request, to send each on its own.
    pub(super) fn split(self) -> Vec<Update<R>> {
        match self.updates {
            Updates::Joined(updates) => updates,
            Updates::One(_) => Vec::new(),
        }
    }

    /// Returns the outcomes of the updates.
    pub(super) fn finish(self, kind: OutcomeKind) -> impl Iterator<Item = Outcome<R>> {
        let cause = match kind {
            OutcomeKind::Applied => None,
            _ => Some(self.last.map_or(Cause::Ended, Cause::Failed)),
        };
        let (attempts, last_request) = (self.attempts, self.last_request);
        let (one, joined) = match self.updates {
            Updates::One(row) => (Some(row), Vec::new()),
            Updates::Joined(updates) => (None, updates),
        };
        // Copies the ticket for all rows but the last.
        let tickets = iter::repeat_n(self.ticket, joined.len().max(1));
        let rows = one.into_iter().chain(joined.into_iter().map(|update| update.row));
        rows.zip(tickets).map(move |(row, ticket)| {
            let cause = cause.clone();
            Outcome { row, ticket, kind, attempts, last_request, cause }
        })
    }
}
