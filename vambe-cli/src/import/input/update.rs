//! One update, put together from cells or fields and judged as a whole.

use vambe_api::{InvalidTicketRef, Metadata, NotExactlyOne, TicketRef};

use super::{
    fault::{Faults, Gathered},
    later::Later,
};

/// The fields of the published request that name the ticket.
pub(super) const IDENTIFIERS: &[&str] = &["ticket_id", "ai_contact_id", "contact_number"];
/// Its field for closed tickets.
pub(super) const ALLOW_CLOSED: &str = "allow_closed_ticket";
/// What `failed.rs` adds to a row, and what is passed over when the row is read again.
pub(crate) const ERROR_FIELD: &str = "vambe_error";

/// What a row asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Update {
    /// Which ticket.
    pub(crate) ticket: TicketRef,
    /// What to set on it.
    pub(crate) metadata: Metadata,
    /// Whether a closed ticket will do; if the row does not say, whoever sends it decides.
    pub(crate) allow_closed_ticket: Option<bool>,
    /// Keys that later rows have set, if an earlier import says so.
    pub(crate) later: Later,
}

/// An update while its record is read, with what is wrong with it.
pub(super) struct Draft<'a> {
    pub(super) faults: Gathered<'a>,
    /// The names that were given, and where.
    identifiers: Vec<(&'static str, usize)>,
    ticket: Option<TicketRef>,
    pub(super) metadata: Vec<(String, String)>,
    /// Whether there was metadata, be it right or wrong.
    pub(super) has_metadata: bool,
    pub(super) allow_closed_ticket: Option<bool>,
    pub(super) later: Later,
}

impl<'a> Draft<'a> {
    pub(super) fn new(raw: &'a [u8], line: u64) -> Self {
        Self {
            faults: Gathered::new(raw, line),
            identifiers: Vec::new(),
            ticket: None,
            metadata: Vec::new(),
            has_metadata: false,
            allow_closed_ticket: None,
            later: Later::default(),
        }
    }

    /// Takes the text of `vambe_later`.
    pub(super) fn later(&mut self, text: &str, offset: usize) {
        match Later::parse(text) {
            Ok(later) => self.later.merge(&later),
            Err(error) => self.faults.add(offset, error),
        }
    }

    /// All that is wrong with a row of which no more can be read.
    pub(super) fn give_up(self) -> Result<Update, Faults> {
        let later = self.later;
        self.faults.or(None).map_err(|faults| faults.with_row(None, later))
    }

    /// Notes that an identifier is given, whatever it is.
    pub(super) fn identifier_at(&mut self, name: &'static str, offset: usize) {
        self.identifiers.push((name, offset));
    }

    /// Takes the text of an identifier.
    pub(super) fn identifier(&mut self, name: &'static str, text: &str, offset: usize) {
        let ticket = match name {
            "ticket_id" => TicketRef::ticket_id(text),
            "ai_contact_id" => TicketRef::ai_contact_id(text),
            _ => TicketRef::contact_number(text),
        };
        match ticket {
            Ok(ticket) => self.ticket = Some(ticket),
            // It tells which character is wrong, and does not show it.
            Err(InvalidTicketRef::ContactNumber(error)) => self.faults.add(offset, error),
            // Not its cause, which quotes a character.
            Err(_) => self.faults.add(
                offset,
                format_args!("`{name}` is not a UUID: write it as in a1b2c3d4-e5f6-7890-abcd-ef1234567890"),
            ),
        }
    }

    /// The update, or all that is wrong.
    pub(super) fn finish(mut self) -> Result<Update, Faults> {
        if let [] | [_, _, ..] = self.identifiers.as_slice() {
            let at = self.identifiers.get(1).map_or(0, |(_, offset)| *offset);
            let mut given: Vec<_> = self.identifiers.iter().map(|(name, _)| *name).collect();
            given.sort_by_key(|name| IDENTIFIERS.iter().position(|known| known == name));
            given.dedup();
            // One name twice is a fault of its own, and told already.
            if given.len() != 1 {
                self.faults.add(at, NotExactlyOne { expected: IDENTIFIERS, given });
            }
        }
        let metadata = Metadata::try_from_iter(self.metadata);
        if let (Err(error), false) = (&metadata, self.has_metadata) {
            self.faults.add(0, error);
        }
        let allow_closed_ticket = self.allow_closed_ticket;
        // Which one of several identifiers was meant is not known.
        let ticket = self.ticket.filter(|_| self.identifiers.len() == 1);
        let (later, known) = (self.later, ticket.clone());
        let content = ticket.zip(metadata.ok()).map(|(ticket, metadata)| Update {
            ticket,
            metadata,
            allow_closed_ticket,
            later: later.clone(),
        });
        self.faults.or(content).map_err(|faults| faults.with_row(known, later))
    }
}

/// Which of the names with a meaning somebody seems to mean who writes another.
pub(super) fn meant(name: &str, known: impl IntoIterator<Item = &'static str>) -> Option<&'static str> {
    let bare = |name: &str| -> String {
        let letters = name.chars().filter(|c| !matches!(c, '_' | '-' | ' ' | '.'));
        letters.flat_map(char::to_lowercase).collect()
    };
    let written = bare(name);
    known.into_iter().find(|known| *known != name && bare(known) == written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_spelling_of_a_name_is_known_and_the_name_itself_is_none() {
        for (name, expected) in [
            ("ticketId", Some("ticket_id")),
            ("Contact Number", Some("contact_number")),
            ("AI-CONTACT-ID", Some("ai_contact_id")),
            ("ticket_id", None),
            ("ticket", None),
            ("", None),
        ] {
            assert_eq!(meant(name, IDENTIFIERS.iter().copied()), expected, "{name}");
        }
    }
}
