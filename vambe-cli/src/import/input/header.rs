//! The first record of a CSV file: which column is what.

use std::collections::HashSet;

use vambe_api::{ContactNumber, Uuid};

use super::{
    cells::Cells,
    error::InputError,
    fault::{Shown, place},
    later::LATER_FIELD,
    update::{ALLOW_CLOSED, ERROR_FIELD, IDENTIFIERS, meant},
};

/// What tends to separate cells.
const DELIMITERS: &[u8] = b",;\t|";

/// What the cells of a column are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// An identifier of this name.
    Identifier(&'static str),
    /// `allow_closed_ticket`.
    AllowClosed,
    /// `vambe_error`, which is passed over.
    Error,
    /// `vambe_later`, which says which keys are left out.
    Later,
    /// Metadata with this key.
    Key(String),
}

impl Column {
    /// Its name.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Identifier(name) => name,
            Self::AllowClosed => ALLOW_CLOSED,
            Self::Error => ERROR_FIELD,
            Self::Later => LATER_FIELD,
            Self::Key(name) => name,
        }
    }
}

/// Reads the header. White space around a name falls away: it is never meant, and would make another name.
pub(super) fn columns(raw: &[u8], line: u64, delimiter: u8) -> Result<Vec<Column>, InputError> {
    let names = Cells::new(raw, delimiter).map(|cell| {
        let at = |offset| place(raw, cell.start + offset, line);
        if cell.stray {
            let (line, column) = at(0);
            return Err(InputError::HeaderQuote { line, column });
        }
        if let Err(error) = str::from_utf8(cell.bytes) {
            let (line, column) = at(error.valid_up_to());
            return Err(InputError::HeaderEncoding { line, column });
        }
        Ok(String::from_utf8_lossy(&cell.content()).trim().to_owned())
    });
    let names = names.collect::<Result<Vec<_>, _>>()?;
    let list = || names.iter().map(|name| Shown(name).to_string()).collect();
    if !names.iter().any(|name| IDENTIFIERS.contains(&name.as_str())) {
        if let Some(error) = names.iter().find_map(|name| misspelt(name)) {
            return Err(error);
        }
        let delimiter = other_delimiter(raw, delimiter);
        // Before anything is shown.
        if delimiter.is_none() && is_row(raw) {
            return Err(InputError::HeaderIsRow);
        }
        return Err(InputError::NoIdentifier { columns: list(), delimiter });
    }
    let mut before = HashSet::new();
    for (index, name) in names.iter().enumerate() {
        if name.is_empty() {
            return Err(InputError::UnnamedColumn { number: index + 1 });
        }
        if !before.insert(name) {
            return Err(InputError::DuplicateColumn { name: Shown(name).to_string() });
        }
        if let Some(error) = misspelt(name) {
            return Err(error);
        }
    }
    if names.iter().all(|name| reserved().any(|known| known == name)) {
        return Err(InputError::NoMetadata { columns: list() });
    }
    Ok(names.into_iter().map(column).collect())
}

fn column(name: String) -> Column {
    match IDENTIFIERS.iter().find(|known| **known == name) {
        Some(known) => Column::Identifier(known),
        None if name == ALLOW_CLOSED => Column::AllowClosed,
        None if name == ERROR_FIELD => Column::Error,
        None if name == LATER_FIELD => Column::Later,
        None => Column::Key(name),
    }
}

fn reserved() -> impl Iterator<Item = &'static str> {
    IDENTIFIERS.iter().copied().chain([ALLOW_CLOSED, ERROR_FIELD, LATER_FIELD])
}

fn misspelt(name: &str) -> Option<InputError> {
    meant(name, reserved()).map(|meant| InputError::MisspeltColumn { name: Shown(name).to_string(), meant })
}

/// Whether it is a row rather than names; then none of it may be shown. A row has an identifier, whatever separates its
/// cells, and one that is wrong is still a row of digits or an address.
fn is_row(raw: &[u8]) -> bool {
    let text = String::from_utf8_lossy(raw);
    text.split(|c| c == '"' || u8::try_from(c).is_ok_and(|byte| DELIMITERS.contains(&byte))).map(str::trim).any(
        |piece| {
            Uuid::parse_str(piece).is_ok()
                || piece.parse::<ContactNumber>().is_ok()
                || piece.contains('@')
                || (piece.chars().any(|c| c.is_ascii_digit()) && !piece.chars().any(char::is_alphabetic))
        },
    )
}

/// The delimiter by which the header would have an identifier.
fn other_delimiter(raw: &[u8], delimiter: u8) -> Option<u8> {
    DELIMITERS.iter().copied().filter(|other| *other != delimiter).find(|other| {
        Cells::new(raw, *other).count() > 1
            && Cells::new(raw, *other).any(|cell| {
                let content = cell.content();
                IDENTIFIERS.iter().any(|known| known.as_bytes() == content.trim_ascii())
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &str) -> Result<Vec<String>, String> {
        columns(raw.as_bytes(), 1, b',')
            .map(|columns| columns.iter().map(|column| column.name().to_owned()).collect())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn names_are_taken_with_the_space_around_them_gone() {
        let header = " ticket_id ,2024,a@b,\"order_id\",\"a\"\"b\",vambe_error,allow_closed_ticket, Größe ";
        let expected = ["ticket_id", "2024", "a@b", "order_id", "a\"b", "vambe_error", "allow_closed_ticket", "Größe"];
        assert_eq!(read(header).unwrap(), expected);
    }

    #[test]
    fn a_wrong_header_is_refused_with_what_was_found_and_what_to_do() {
        let no_identifier = "no column is ticket_id, ai_contact_id or contact_number; found: ";
        for (header, expected) in [
            ("order_id,priority", format!("{no_identifier}`order_id`, `priority`")),
            (
                "ticket_id;2024",
                format!(
                    "{no_identifier}`ticket_id;2024`; it looks as if the columns were separated by `;`: give `--delimiter ';'`"
                ),
            ),
            (
                "order_id\t ticket_id",
                format!(
                    "{no_identifier}`order_id\\t ticket_id`; it looks as if the columns were separated by tabs: give `--delimiter '\\t'`"
                ),
            ),
            (
                "Ticket Id,order_id",
                "the header has `Ticket Id`: write `ticket_id`, or another name if it is metadata".to_owned(),
            ),
            (
                "ticket_id,order_id,allowClosedTicket",
                "the header has `allowClosedTicket`: write `allow_closed_ticket`, or another name if it is metadata".to_owned(),
            ),
            (
                "ticket_id,a, a",
                "the header has `a` twice: rename or delete one of the columns".to_owned(),
            ),
            ("ticket_id,a,", "column 3 of the header has no name: name it, or delete the column".to_owned()),
            ("ticket_id, ,a", "column 2 of the header has no name: name it, or delete the column".to_owned()),
            (
                "ticket_id,contact_number,vambe_error",
                "no column is metadata; found: `ticket_id`, `contact_number`, `vambe_error`: add a column for each key, \
                 named after it"
                    .to_owned(),
            ),
            (
                "ticket_id,\"a\"b",
                "line 1, column 11: text follows a closing quote: within quotes, write a quote twice".to_owned(),
            ),
        ] {
            assert_eq!(read(header).unwrap_err(), expected, "{header}");
        }
        let error = columns(b"ticket_id,\"\n\xc3\xa9a\xff\"", 3, b',').unwrap_err().to_string();
        assert_eq!(error, "line 4, column 3: the name of a column is not UTF-8: save the file as UTF-8");
    }

    #[test]
    fn a_first_line_that_is_a_row_is_not_shown() {
        for row in [
            "+56912345678,ORD-1",
            "ORD-1;a1b2c3d4-e5f6-7890-abcd-ef1234567890",
            "ORD-1\t\"+56 9 1234 5678\"",
            "Maria,maria@example.com",
            "Maria,123",
        ] {
            let error = read(row).unwrap_err();
            assert!(error.starts_with("the first line seems to be a row: begin with"), "{error}");
        }
    }
}
