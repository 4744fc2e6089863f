//! The reference to a ticket: exactly one of three identifiers, by construction.

use std::{convert::Infallible, fmt};

use uuid::Uuid;

use crate::{ContactNumber, InvalidContactNumber};

/// The one identifier of a ticket.
///
/// The published page says "You must provide exactly one identifier"; this type cannot hold none or two. The OpenAPI document
/// says the same with `oneOf`, and generated code converts between the two forms, so their members cannot differ.
///
/// # Example
///
/// ```
/// use vambe_api::TicketRef;
///
/// let by_ticket = TicketRef::ticket_id("a1b2c3d4-e5f6-7890-abcd-ef1234567890")?;
/// let by_contact = TicketRef::contact_number("+56 9 1234-5678")?;
/// assert_eq!(by_ticket.identifier(), "ticket_id");
/// assert_eq!(format!("{by_contact:?}"), "ContactNumber(ContactNumber([redacted]))");
/// # Ok::<(), vambe_api::InvalidTicketRef>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum TicketRef {
    /// The ticket itself, whether active or closed.
    TicketId(Uuid),
    /// The active ticket of the contact with this id.
    AiContactId(Uuid),
    /// The active ticket of the contact with this phone number.
    ContactNumber(ContactNumber),
}

impl TicketRef {
    /// Creates a reference to a ticket by its id.
    ///
    /// # Errors
    ///
    /// [`InvalidTicketRef::TicketId`] if the text is not a UUID.
    pub fn ticket_id(id: &str) -> Result<Self, InvalidTicketRef> {
        Uuid::parse_str(id).map(Self::TicketId).map_err(InvalidTicketRef::TicketId)
    }

    /// Creates a reference to a contact's active ticket, by the contact's id.
    ///
    /// # Errors
    ///
    /// [`InvalidTicketRef::AiContactId`] if the text is not a UUID.
    pub fn ai_contact_id(id: &str) -> Result<Self, InvalidTicketRef> {
        Uuid::parse_str(id).map(Self::AiContactId).map_err(InvalidTicketRef::AiContactId)
    }

    /// Creates a reference to a contact's active ticket, by the contact's phone number in any common notation.
    ///
    /// # Errors
    ///
    /// [`InvalidTicketRef::ContactNumber`] if the text is not a phone number with its country code.
    pub fn contact_number(number: &str) -> Result<Self, InvalidTicketRef> {
        Ok(Self::ContactNumber(number.parse()?))
    }

    /// Returns the name of the identifier in the JSON body: `ticket_id`, `ai_contact_id` or `contact_number`.
    pub fn identifier(&self) -> &'static str {
        match self {
            Self::TicketId(_) => "ticket_id",
            Self::AiContactId(_) => "ai_contact_id",
            Self::ContactNumber(_) => "contact_number",
        }
    }
}

impl From<ContactNumber> for TicketRef {
    fn from(number: ContactNumber) -> Self {
        Self::ContactNumber(number)
    }
}

/// The error of a reference that does not identify one ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidTicketRef {
    /// The ticket id is not a UUID.
    TicketId(uuid::Error),
    /// The AI contact id is not a UUID.
    AiContactId(uuid::Error),
    /// The contact number is not a phone number with its country code.
    ContactNumber(InvalidContactNumber),
    /// The request has no identifier, or several.
    NotExactlyOne(NotExactlyOne),
}

impl fmt::Display for InvalidTicketRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TicketId(_) => f.write_str("the ticket id is not a UUID"),
            Self::AiContactId(_) => f.write_str("the AI contact id is not a UUID"),
            Self::ContactNumber(_) => f.write_str("the contact number is invalid"),
            Self::NotExactlyOne(_) => f.write_str("the ticket is not named by exactly one identifier"),
        }
    }
}

impl std::error::Error for InvalidTicketRef {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::TicketId(source) | Self::AiContactId(source) => Some(source),
            Self::ContactNumber(source) => Some(source),
            Self::NotExactlyOne(source) => Some(source),
        }
    }
}

impl From<InvalidContactNumber> for InvalidTicketRef {
    fn from(error: InvalidContactNumber) -> Self {
        Self::ContactNumber(error)
    }
}

impl From<NotExactlyOne> for InvalidTicketRef {
    fn from(error: NotExactlyOne) -> Self {
        Self::NotExactlyOne(error)
    }
}

/// Satisfies the bound of generated code on conversions that cannot fail.
impl From<Infallible> for InvalidTicketRef {
    fn from(error: Infallible) -> Self {
        match error {}
    }
}

/// The error of an exclusive group of fields when none, or more than one, is given.
#[derive(Clone, Debug, PartialEq, Eq)]
// Not `#[non_exhaustive]`: generated code writes one.
#[allow(clippy::exhaustive_structs)]
pub struct NotExactlyOne {
    /// The fields of the group.
    pub expected: &'static [&'static str],
    /// The fields that are given: none, or more than one.
    pub given: Vec<&'static str>,
}

impl fmt::Display for NotExactlyOne {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expected = self.expected.join(", ");
        match self.given.as_slice() {
            [] => write!(f, "none of {expected} is given: give exactly one"),
            given => write!(f, "{} are given: give exactly one of {expected}", given.join(" and ")),
        }
    }
}

impl std::error::Error for NotExactlyOne {}

/// The error of a group of fields that requires at least one, when no field is given.
#[derive(Clone, Debug, PartialEq, Eq)]
// Not `#[non_exhaustive]`: generated code writes one.
#[allow(clippy::exhaustive_structs)]
pub struct NoneGiven {
    /// The fields of the group.
    pub expected: &'static [&'static str],
}

impl fmt::Display for NoneGiven {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "none of {} is given: give at least one", self.expected.join(", "))
    }
}

impl std::error::Error for NoneGiven {}
