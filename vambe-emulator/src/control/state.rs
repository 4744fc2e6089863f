//! The state: the contacts, the tickets and their metadata, and a new seed for it.

use std::collections::BTreeMap;

use http::Response;
use serde::Serialize;
use uuid::Uuid;

use super::response::{self, Rejection, no_content};
use crate::{
    limit::LimitView,
    server::{ServerBody, Shared},
    world::{Contact, Seed, Ticket, TicketStatus, World},
};

/// The state as the control API shows it: the tickets by their ids, so that a test finds one at once.
#[derive(Serialize)]
struct State {
    updates: u64,
    /// `null` without a limit.
    limit: Option<LimitView>,
    contacts: Vec<ContactView>,
    tickets: BTreeMap<Uuid, TicketView>,
}

#[derive(Serialize)]
struct ContactView {
    ai_contact_id: Uuid,
    contact_number: Option<String>,
    /// The ids, oldest first.
    tickets: Vec<Uuid>,
}

#[derive(Serialize)]
struct TicketView {
    status: TicketStatus,
    metadata: BTreeMap<String, String>,
    updates: u64,
}

impl State {
    fn of(world: &World, limit: Option<LimitView>) -> Self {
        Self {
            updates: world.updates(),
            limit,
            contacts: world.contacts().iter().map(ContactView::of).collect(),
            tickets: world.tickets().map(|ticket| (ticket.id(), TicketView::of(ticket))).collect(),
        }
    }
}

impl ContactView {
    fn of(contact: &Contact) -> Self {
        Self {
            ai_contact_id: contact.ai_contact_id(),
            contact_number: contact.contact_number().map(str::to_owned),
            tickets: contact.tickets().iter().map(Ticket::id).collect(),
        }
    }
}

impl TicketView {
    fn of(ticket: &Ticket) -> Self {
        Self { status: ticket.status(), metadata: ticket.metadata().clone(), updates: ticket.updates() }
    }
}

pub(super) fn get(shared: &Shared) -> Response<ServerBody> {
    let state = shared.lock();
    let state = State::of(&state.world, state.limit());
    response::ok(&state)
}

/// Returns the values of each key of the ticket, `history/ID`.
pub(super) fn history(shared: &Shared, path: &str) -> Result<Response<ServerBody>, Rejection> {
    let id = path.strip_prefix("history/").and_then(|id| id.parse().ok()).ok_or_else(Rejection::no_ticket)?;
    let history = shared.lock().world.history(id).ok_or_else(Rejection::no_ticket)?;
    Ok(response::ok(&history))
}

/// Replaces the seed and starts anew with it.
pub(super) fn put_seed(shared: &Shared, body: &[u8]) -> Result<Response<ServerBody>, Rejection> {
    let text = std::str::from_utf8(body).map_err(|_| Rejection::invalid("the seed is not UTF-8 text"))?;
    let seed = Seed::from_json(text).map_err(Rejection::caused)?;
    shared.lock().replace_seed(&seed).map_err(Rejection::invalid)?;
    Ok(no_content())
}
