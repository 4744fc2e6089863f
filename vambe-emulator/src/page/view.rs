//! The content of the page, in JSON.

use std::{collections::BTreeMap, time::SystemTime};

use http::Method;
use serde::Serialize;
use uuid::Uuid;

use crate::{
    control::Plan,
    limit::LimitView,
    server::{METADATA_PATH, ReceivedRequest, Shared, Traffic, TrafficView, identifier},
    world::{Contact, Ticket, TicketStatus, World},
};

/// The number of tickets and of requests that the page shows.
const TICKETS: usize = 60;
const REQUESTS: usize = 30;

/// The content of the page.
#[derive(Serialize)]
pub(super) struct View {
    /// `true` if the seed has only the placeholders of the published page, which need not be hidden.
    placeholders: bool,
    tickets: List<TicketView>,
    requests: List<RequestView>,
    faults: Plan,
    /// `null` never reaches a page: the control API that serves it counts the traffic.
    traffic: Option<TrafficView>,
    /// `null` without a limit.
    limit: Option<LimitView>,
}

/// A part of a list that may be long.
#[derive(Serialize)]
struct List<T> {
    total: u64,
    shown: Vec<T>,
}

#[derive(Serialize)]
struct TicketView {
    id: Uuid,
    status: TicketStatus,
    ai_contact_id: Uuid,
    contact_number: Option<String>,
    metadata: BTreeMap<String, String>,
    updates: u64,
}

#[derive(Serialize)]
struct RequestView {
    number: u64,
    /// Milliseconds since 1970.
    arrived_at: u64,
    method: String,
    path: String,
    /// The field that identifies the ticket of an update.
    identifier: Option<&'static str>,
    pending: bool,
    status: Option<u16>,
    fault: Option<String>,
    applied: bool,
}

impl View {
    pub(super) fn of(shared: &Shared) -> Self {
        let state = shared.lock();
        Self {
            placeholders: state.has_placeholders(),
            tickets: tickets(&state.world),
            requests: List {
                total: state.log.total(),
                shown: state.log.latest().take(REQUESTS).map(RequestView::of).collect(),
            },
            faults: Plan::of(&state),
            traffic: state.traffic.as_ref().map(Traffic::view),
            limit: state.limit(),
        }
    }
}

/// Returns all tickets, or, if they are too many, those with updates first.
fn tickets(world: &World) -> List<TicketView> {
    let all =
        || world.contacts().iter().flat_map(|contact| contact.tickets().iter().map(move |ticket| (contact, ticket)));
    let total = all().count();
    let first = |(_, ticket): &(&Contact, &Ticket)| total <= TICKETS || ticket.updates() > 0;
    let shown = all().filter(first).chain(all().filter(|ticket| !first(ticket))).take(TICKETS);
    List { total: total as u64, shown: shown.map(TicketView::of).collect() }
}

impl TicketView {
    fn of((contact, ticket): (&Contact, &Ticket)) -> Self {
        Self {
            id: ticket.id(),
            status: ticket.status(),
            ai_contact_id: contact.ai_contact_id(),
            contact_number: contact.contact_number().map(str::to_owned),
            metadata: ticket.metadata().clone(),
            updates: ticket.updates(),
        }
    }
}

impl RequestView {
    fn of((number, request): (u64, &ReceivedRequest)) -> Self {
        let is_update = request.method() == Method::POST && request.path().split('?').next() == Some(METADATA_PATH);
        let since_1970 = request.arrived().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self {
            number,
            arrived_at: u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX),
            method: request.method().to_string(),
            // The query is the caller's data.
            path: request.path().split('?').next().unwrap_or_default().to_owned(),
            identifier: is_update.then(|| identifier(request.body())).flatten(),
            pending: !request.is_finished(),
            status: request.status().map(|status| status.as_u16()),
            fault: request.fault().map(ToString::to_string),
            applied: request.applied().is_some(),
        }
    }
}
