//! The contacts and tickets of a running emulator: look-ups, merges, and the rules they obey.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::{
    error::StateError,
    model::{Contact, Ticket, TicketStatus},
};

/// Contacts that obey the rules of [`StateError`]; only `add_*` puts anything in.
///
/// Searched from front to back: a test has few contacts, and there is nothing to keep in step.
#[derive(Clone, Default)]
pub(crate) struct World {
    contacts: Vec<Contact>,
}

/// How a request names a ticket.
pub(crate) enum Target {
    Ticket(Uuid),
    AiContact(Uuid),
    ContactNumber(String),
}

/// Why a request reaches no ticket.
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
        self.contacts.iter().find(|contact| contact.ai_contact_id() == ai_contact_id)
    }

    pub(crate) fn tickets(&self) -> impl Iterator<Item = &Ticket> {
        self.contacts.iter().flat_map(Contact::tickets)
    }

    pub(crate) fn ticket(&self, id: Uuid) -> Option<&Ticket> {
        self.tickets().find(|ticket| ticket.id() == id)
    }

    pub(crate) fn add_contact(&mut self, mut contact: Contact) -> Result<(), StateError> {
        let ai_contact_id = contact.ai_contact_id();
        if self.contact(ai_contact_id).is_some() {
            return Err(StateError::DuplicateContact { ai_contact_id });
        }
        if let Some(number) = contact.contact_number() {
            if digits(number).next().is_none() {
                return Err(StateError::NumberWithoutDigits { ai_contact_id });
            }
            if let Some(other) = self.contacts.iter().find(|other| has_number(other, number)) {
                let first = other.ai_contact_id();
                return Err(StateError::DuplicateNumber { first, second: ai_contact_id });
            }
        }
        // Each ticket passes the checks of `add_ticket`; a bad one takes the contact back out.
        let tickets = std::mem::take(contact.tickets_mut());
        self.contacts.push(contact);
        for ticket in tickets {
            if let Err(error) = self.add_ticket(ai_contact_id, ticket) {
                self.contacts.pop();
                return Err(error);
            }
        }
        Ok(())
    }

    pub(crate) fn add_ticket(&mut self, ai_contact_id: Uuid, mut ticket: Ticket) -> Result<(), StateError> {
        if self.ticket(ticket.id()).is_some() {
            return Err(StateError::DuplicateTicket { id: ticket.id() });
        }
        let contact = self
            .contacts
            .iter_mut()
            .find(|contact| contact.ai_contact_id() == ai_contact_id)
            .ok_or(StateError::UnknownContact { ai_contact_id })?;
        if is_active(&ticket) && contact.tickets().iter().any(is_active) {
            return Err(StateError::TwoActiveTickets { ai_contact_id });
        }
        ticket.forget_updates();
        contact.tickets_mut().push(ticket);
        Ok(())
    }

    pub(crate) fn close_ticket(&mut self, id: Uuid) -> Result<(), StateError> {
        self.ticket_mut(id).ok_or(StateError::UnknownTicket { id })?.close();
        Ok(())
    }

    /// Merges the metadata into the ticket that a request names.
    pub(crate) fn update(
        &mut self,
        target: &Target,
        allow_closed_ticket: bool,
        metadata: BTreeMap<String, String>,
    ) -> Result<(), NotFound> {
        let ticket = match target {
            Target::Ticket(id) => self.ticket_mut(*id).ok_or(NotFound::Ticket)?,
            Target::AiContact(id) => {
                let is_it = |contact: &Contact| contact.ai_contact_id() == *id;
                self.ticket_of_contact(is_it, allow_closed_ticket)?
            }
            Target::ContactNumber(number) => {
                let is_it = |contact: &Contact| has_number(contact, number);
                self.ticket_of_contact(is_it, allow_closed_ticket)?
            }
        };
        ticket.apply(metadata);
        Ok(())
    }

    fn ticket_of_contact(
        &mut self,
        is_it: impl Fn(&Contact) -> bool,
        allow_closed_ticket: bool,
    ) -> Result<&mut Ticket, NotFound> {
        let contact = self.contacts.iter_mut().find(|contact| is_it(contact)).ok_or(NotFound::Contact)?;
        let tickets = contact.tickets_mut();
        // Without an active ticket all of them are closed, and the last one is the latest.
        match tickets.iter().position(is_active) {
            Some(position) => tickets.get_mut(position).ok_or(NotFound::ActiveTicketOfContact),
            None if allow_closed_ticket => tickets.last_mut().ok_or(NotFound::AnyTicketOfContact),
            None => Err(NotFound::ActiveTicketOfContact),
        }
    }

    fn ticket_mut(&mut self, id: Uuid) -> Option<&mut Ticket> {
        self.contacts.iter_mut().flat_map(|contact| contact.tickets_mut()).find(|ticket| ticket.id() == id)
    }
}

fn is_active(ticket: &Ticket) -> bool {
    ticket.status() == TicketStatus::Active
}

/// Whether the digits are the same; every other character only separates them.
fn has_number(contact: &Contact, number: &str) -> bool {
    contact.contact_number().is_some_and(|own| digits(own).eq(digits(number)))
}

fn digits(number: &str) -> impl Iterator<Item = char> {
    number.chars().filter(char::is_ascii_digit)
}
