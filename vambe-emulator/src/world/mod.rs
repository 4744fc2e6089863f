//! The contacts and tickets of a running emulator: lookups, updates and their rules.

mod any_contact;
mod history;
mod model;
mod seed;

use std::collections::{BTreeMap, HashMap, HashSet};

use uuid::Uuid;

use self::{any_contact::AnyContact, history::History};
pub use self::{
    model::{Contact, Ticket, TicketStatus},
    seed::Seed,
};
use crate::error::StateError;

/// Contacts that obey the rules of [`StateError`], which `add_*` checks.
///
/// Nothing is ever removed, so that the indices stay valid.
#[derive(Clone, Default)]
pub(crate) struct World {
    contacts: Vec<Contact>,
    by_id: HashMap<Uuid, usize>,
    by_digits: HashMap<String, usize>,
    /// The index of the contact, and of the ticket among its tickets.
    tickets: HashMap<Uuid, (usize, usize)>,
    updates: u64,
    history: History,
    /// `None` if only these contacts exist.
    any_contact: Option<AnyContact>,
}

/// The identifier in a request.
pub(crate) enum Target {
    Ticket(Uuid),
    AiContact(Uuid),
    ContactNumber(String),
}

/// The reason that a request reaches no ticket.
#[derive(Clone, Copy)]
pub(crate) enum NotFound {
    Ticket,
    Contact,
    ActiveTicketOfContact,
    AnyTicketOfContact,
}

impl World {
    pub(crate) fn new(contacts: &[Contact]) -> Result<Self, StateError> {
        let mut world = Self::default();
        for contact in contacts {
            world.add_contact(contact.clone())?;
        }
        Ok(world)
    }

    pub(crate) fn contacts(&self) -> &[Contact] {
        &self.contacts
    }

    pub(crate) fn contact(&self, ai_contact_id: Uuid) -> Option<&Contact> {
        self.contacts.get(*self.by_id.get(&ai_contact_id)?)
    }

    pub(crate) fn tickets(&self) -> impl Iterator<Item = &Ticket> {
        self.contacts.iter().flat_map(Contact::tickets)
    }

    pub(crate) fn ticket(&self, id: Uuid) -> Option<&Ticket> {
        let (contact, ticket) = *self.tickets.get(&id)?;
        self.contacts.get(contact)?.tickets().get(ticket)
    }

    /// Returns every value that each key of the ticket had, in order.
    pub(crate) fn history(&self, id: Uuid) -> Option<BTreeMap<String, Vec<String>>> {
        Some(self.history.of(self.ticket(id)?))
    }

    /// Returns the number of updates applied to all tickets together.
    pub(crate) fn updates(&self) -> u64 {
        self.updates
    }

    pub(crate) fn add_contact(&mut self, mut contact: Contact) -> Result<(), StateError> {
        let ai_contact_id = contact.ai_contact_id();
        if self.by_id.contains_key(&ai_contact_id) {
            return Err(StateError::DuplicateContact { ai_contact_id });
        }
        let number = contact.contact_number().map(digits);
        if let Some(number) = &number {
            if number.is_empty() {
                return Err(StateError::NumberWithoutDigits { ai_contact_id });
            }
            if let Some(other) = self.by_digits.get(number).and_then(|index| self.contacts.get(*index)) {
                let first = other.ai_contact_id();
                return Err(StateError::DuplicateNumber { first, second: ai_contact_id });
            }
        }
        self.check_tickets(&contact)?;

        let index = self.contacts.len();
        self.by_id.insert(ai_contact_id, index);
        self.by_digits.extend(number.map(|number| (number, index)));
        for (position, ticket) in contact.tickets_mut().iter_mut().enumerate() {
            ticket.reset_updates();
            self.tickets.insert(ticket.id(), (index, position));
        }
        self.contacts.push(contact);
        Ok(())
    }

    fn check_tickets(&self, contact: &Contact) -> Result<(), StateError> {
        let mut seen = HashSet::new();
        let mut active = 0;
        for ticket in contact.tickets() {
            if self.tickets.contains_key(&ticket.id()) || !seen.insert(ticket.id()) {
                return Err(StateError::DuplicateTicket { id: ticket.id() });
            }
            active += usize::from(is_active(ticket));
            if active > 1 {
                return Err(StateError::TwoActiveTickets { ai_contact_id: contact.ai_contact_id() });
            }
        }
        Ok(())
    }

    pub(crate) fn add_ticket(&mut self, ai_contact_id: Uuid, mut ticket: Ticket) -> Result<(), StateError> {
        if self.tickets.contains_key(&ticket.id()) {
            return Err(StateError::DuplicateTicket { id: ticket.id() });
        }
        let (index, contact) = self
            .by_id
            .get(&ai_contact_id)
            .and_then(|index| Some((*index, self.contacts.get_mut(*index)?)))
            .ok_or(StateError::UnknownContact { ai_contact_id })?;
        if is_active(&ticket) && contact.tickets().iter().any(is_active) {
            return Err(StateError::TwoActiveTickets { ai_contact_id });
        }
        ticket.reset_updates();
        self.tickets.insert(ticket.id(), (index, contact.tickets().len()));
        contact.tickets_mut().push(ticket);
        Ok(())
    }

    pub(crate) fn close_ticket(&mut self, id: Uuid) -> Result<(), StateError> {
        self.ticket_mut(id).ok_or(StateError::UnknownTicket { id })?.close();
        Ok(())
    }

    /// Merges the metadata into the ticket that the request identifies.
    pub(crate) fn update(
        &mut self,
        target: &Target,
        allow_closed_ticket: bool,
        metadata: BTreeMap<String, String>,
    ) -> Result<(), NotFound> {
        self.add_unknown(target);
        let ticket = match target {
            Target::Ticket(id) => self.ticket_mut(*id).ok_or(NotFound::Ticket)?,
            Target::AiContact(id) => self.ticket_of_contact(self.by_id.get(id).copied(), allow_closed_ticket)?,
            Target::ContactNumber(number) => {
                self.ticket_of_contact(self.by_digits.get(&digits(number)).copied(), allow_closed_ticket)?
            }
        };
        let (id, replaced) = (ticket.id(), ticket.apply(metadata));
        self.history.add(id, replaced);
        self.updates += 1;
        Ok(())
    }

    fn ticket_of_contact(&mut self, index: Option<usize>, allow_closed_ticket: bool) -> Result<&mut Ticket, NotFound> {
        let contact = index.and_then(|index| self.contacts.get_mut(index)).ok_or(NotFound::Contact)?;
        let tickets = contact.tickets_mut();
        // Without an active ticket, all tickets are closed, and the last one is the latest.
        match tickets.iter().position(is_active) {
            Some(position) => tickets.get_mut(position).ok_or(NotFound::ActiveTicketOfContact),
            None if allow_closed_ticket => tickets.last_mut().ok_or(NotFound::AnyTicketOfContact),
            None => Err(NotFound::ActiveTicketOfContact),
        }
    }

    fn ticket_mut(&mut self, id: Uuid) -> Option<&mut Ticket> {
        let (contact, ticket) = *self.tickets.get(&id)?;
        self.contacts.get_mut(contact)?.tickets_mut().get_mut(ticket)
    }
}

fn is_active(ticket: &Ticket) -> bool {
    ticket.status() == TicketStatus::Active
}

/// Returns the digits of a number, the only characters that are compared.
///
/// The index has no empty key, so that a number without digits matches nothing.
fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}
