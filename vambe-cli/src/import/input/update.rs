//! Builds an update from cells or fields and validates it.

use std::collections::BTreeMap;

use vambe_api::{InvalidContactNumber, InvalidTicketRef, Metadata, NotExactlyOne, TicketRef};

use super::{
    fault::{FaultCollector, Faults},
    later_keys::{LATER_FIELD, LaterKeys},
    reading::Reading,
};

/// The fields of the API's request that identify the ticket.
pub(super) const IDENTIFIERS: &[&str] = &["ticket_id", "ai_contact_id", "contact_number"];
/// The field of the API's request for closed tickets.
pub(super) const ALLOW_CLOSED: &str = "allow_closed_ticket";
/// The reason that `row_writer.rs` adds to a row, ignored when the row is read again.
pub(crate) const ERROR_FIELD: &str = "vambe_error";

/// The names that are not keys of metadata.
pub(super) fn reserved() -> impl Iterator<Item = &'static str> {
    IDENTIFIERS.iter().copied().chain([ALLOW_CLOSED, ERROR_FIELD, LATER_FIELD])
}

/// The update of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Update {
    pub(crate) ticket: TicketRef,
    pub(crate) metadata: Metadata,
    /// Allows a closed ticket; `None` if the row does not say.
    pub(crate) allow_closed_ticket: Option<bool>,
    /// The keys that an earlier import has noted as set by later rows.
    pub(crate) later: LaterKeys,
    /// True if the contact number has no country code and was read as one of `--default-country`.
    pub(crate) is_national: bool,
}

/// Builds an update while its record is read, and collects its faults.
pub(super) struct UpdateBuilder<'a> {
    pub(super) faults: FaultCollector<'a>,
    /// The identifier of the row, with its offset, and further ones, which are a fault.
    identifier: Option<(&'static str, usize)>,
    further: Vec<(&'static str, usize)>,
    ticket: Option<TicketRef>,
    pub(super) metadata: BTreeMap<String, String>,
    /// True if there was metadata, valid or not.
    pub(super) has_metadata: bool,
    pub(super) allow_closed_ticket: Option<bool>,
    pub(super) later: LaterKeys,
    reading: &'a Reading,
    is_national: bool,
}

impl<'a> UpdateBuilder<'a> {
    /// Starts with the pairs of `--set`.
    pub(super) fn new(raw: &'a [u8], line: u64, reading: &'a Reading) -> Self {
        let constants = reading.constants().map(|(key, value)| (key.to_owned(), value.to_owned()));
        let metadata: BTreeMap<_, _> = constants.collect();
        Self {
            faults: FaultCollector::new(raw, line, reading.is_sheet),
            identifier: None,
            further: Vec::new(),
            ticket: None,
            has_metadata: !metadata.is_empty(),
            metadata,
            allow_closed_ticket: None,
            later: LaterKeys::default(),
            reading,
            is_national: false,
        }
    }

    /// Parses the text of `vambe_later`.
    pub(super) fn parse_later(&mut self, text: &str, offset: usize) {
        match LaterKeys::parse(text) {
            Ok(later) => self.later.merge(&later),
            Err(error) => self.faults.add(offset, error),
        }
    }

    /// Returns the faults of a row that cannot be read any further.
    pub(super) fn abort(self) -> Result<Update, Faults> {
        Err(self.faults.finish().with_row(None, self.later))
    }

    /// Adds the offset of an identifier, valid or not.
    pub(super) fn identifier_at(&mut self, name: &'static str, offset: usize) {
        match self.identifier {
            None => self.identifier = Some((name, offset)),
            Some(_) => self.further.push((name, offset)),
        }
    }

    /// Parses the text of an identifier.
    pub(super) fn identifier(&mut self, name: &'static str, text: &str, offset: usize) {
        let ticket = match name {
            "ticket_id" => TicketRef::ticket_id(text),
            "ai_contact_id" => TicketRef::ai_contact_id(text),
            _ => self.reading.contact_number(text).map(|(ticket, is_national)| {
                self.is_national = is_national;
                ticket
            }),
        };
        match ticket {
            Ok(ticket) => self.ticket = Some(ticket),
            Err(InvalidTicketRef::ContactNumber(error @ InvalidContactNumber::MissingPlus)) => {
                self.faults.add(offset, format_args!("{error}, or give `--default-country`"));
            }
            // Names the position of the wrong character, but does not show it.
            Err(InvalidTicketRef::ContactNumber(error)) => self.faults.add(offset, error),
            // Without the cause, which quotes a character.
            Err(_) => self.faults.add(
                offset,
                format_args!("`{name}` is not a UUID: write it as in a1b2c3d4-e5f6-7890-abcd-ef1234567890"),
            ),
        }
    }

    /// Returns the update, or its faults.
    pub(super) fn finish(mut self) -> Result<Update, Faults> {
        if self.identifier.is_none() || !self.further.is_empty() {
            let at = self.further.first().map_or(0, |(_, offset)| *offset);
            let mut given: Vec<_> = self.identifier.iter().chain(&self.further).map(|(name, _)| *name).collect();
            given.sort_by_key(|name| IDENTIFIERS.iter().position(|known| known == name));
            given.dedup();
            // One identifier given twice is reported already.
            if given.len() != 1 {
                self.faults.add(at, NotExactlyOne { expected: IDENTIFIERS, given });
            }
        }
        let metadata = Metadata::try_from(self.metadata);
        if let (Err(error), false) = (&metadata, self.has_metadata) {
            self.faults.add(0, error);
        }
        let Self { faults, allow_closed_ticket, later, is_national, .. } = self;
        // Of several identifiers, the intended one is unknown.
        let ticket = self.ticket.filter(|_| self.further.is_empty());
        match (ticket, metadata) {
            (Some(ticket), Ok(metadata)) if faults.is_empty() => {
                Ok(Update { ticket, metadata, allow_closed_ticket, later, is_national })
            }
            (ticket, _) => Err(faults.finish().with_row(ticket, later)),
        }
    }
}

/// Returns the known name that a misspelt one probably means.
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
    fn recognises_other_spellings_of_a_name() {
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
