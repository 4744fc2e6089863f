//! Contacts that begin to exist when a request names them.

use fastrand::Rng;
use uuid::Uuid;

use super::{Contact, Target, Ticket, World, digits};

/// The maximum number of digits of a contact number, that of E.164.
const MAX_DIGITS: usize = 15;

/// The source of the ids of new contacts and tickets. A clone draws the same ids, so that a reset repeats them.
#[derive(Clone)]
pub(super) struct AnyContact(Rng);

impl AnyContact {
    fn next(&mut self) -> Uuid {
        uuid::Builder::from_random_bytes(self.0.u128(..).to_be_bytes()).into_uuid()
    }
}

impl World {
    pub(crate) fn set_any_contact(&mut self, any_contact: bool) {
        self.any_contact = any_contact.then(|| AnyContact(Rng::with_seed(0)));
    }

    /// Returns `true` if every well-formed identifier exists.
    #[cfg(feature = "control")]
    pub(crate) fn any_contact(&self) -> bool {
        self.any_contact.is_some()
    }

    /// Adds a contact with an active ticket if the identifier is unknown and every well-formed one exists.
    pub(super) fn add_unknown(&mut self, target: &Target) {
        let Self { any_contact: Some(ids), by_id, by_digits, tickets, .. } = self else { return };
        let is_unknown = |number: &str| {
            let digits = digits(number);
            (1..=MAX_DIGITS).contains(&digits.len()) && !by_digits.contains_key(&digits)
        };
        let contact = match target {
            Target::Ticket(id) if !tickets.contains_key(id) => {
                Contact::new(ids.next()).with_ticket(Ticket::active(*id))
            }
            Target::AiContact(id) if !by_id.contains_key(id) => {
                Contact::new(*id).with_ticket(Ticket::active(ids.next()))
            }
            Target::ContactNumber(number) if is_unknown(number) => {
                Contact::new(ids.next()).with_number(number).with_ticket(Ticket::active(ids.next()))
            }
            _ => return,
        };
        // An id that is taken, which is practically impossible, leaves the identifier unknown.
        let _ = self.add_contact(contact);
    }
}
