//! Parses the header of a CSV file into columns.

use std::collections::HashSet;

use vambe_api::{ContactNumber, Uuid};

use super::{
    cells::Cells,
    delimiter::DELIMITERS,
    error::InputError,
    fault::{Escaped, position},
    later_keys::LATER_FIELD,
    names,
    reading::Reading,
    update::{ALLOW_CLOSED, ERROR_FIELD, IDENTIFIERS, meant, reserved},
    workbook,
};

/// The meaning of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// An identifier with this name.
    Identifier(&'static str),
    /// `allow_closed_ticket`.
    AllowClosed,
    /// `vambe_error`, which is ignored.
    Error,
    /// `vambe_later`, the keys to skip.
    LaterKeys,
    /// Metadata with this key.
    Key(String),
}

impl Column {
    /// Returns the name of the column.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Identifier(name) => name,
            Self::AllowClosed => ALLOW_CLOSED,
            Self::Error => ERROR_FIELD,
            Self::LaterKeys => LATER_FIELD,
            Self::Key(name) => name,
        }
    }
}

/// Parses the header. Trims names: surrounding white space is never intended.
pub(super) fn columns(raw: &[u8], line: u64, delimiter: u8, reading: &Reading) -> Result<Vec<Column>, InputError> {
    let names = Cells::new(raw, delimiter).enumerate().map(|(index, cell)| {
        let at = |offset| position(raw, cell.start + offset, line);
        if cell.text_after_quote {
            let (line, column) = at(0);
            return Err(InputError::HeaderQuote { line, column });
        }
        if let Some(reason) = workbook::fault(cell.bytes).filter(|_| reading.is_sheet) {
            let cell = format!("{}{line}", workbook::column_name(index as u64 + 1));
            return Err(InputError::HeaderCell { cell, reason });
        }
        if let Err(error) = str::from_utf8(cell.bytes) {
            let (line, column) = at(error.valid_up_to());
            return Err(InputError::HeaderEncoding { line, column });
        }
        Ok(String::from_utf8_lossy(&cell.content()).trim().to_owned())
    });
    let written = names.collect::<Result<Vec<_>, _>>()?;
    let list = || written.iter().map(|name| Escaped(name).to_string()).collect();
    let mut names = written.clone();
    for map in &reading.maps {
        match names::find(&written, &map.column).and_then(|index| names.get_mut(index)) {
            Some(name) => name.clone_from(&map.field),
            None if is_row(raw) => return Err(InputError::HeaderIsRow),
            None => {
                let (column, delimiter) = (Escaped(&map.column).to_string(), other_delimiter(raw, delimiter));
                return Err(InputError::NoSuchColumn { column, columns: list(), delimiter });
            }
        }
    }
    let is_mapped = |name: &str| reading.maps.iter().any(|map| map.field == name);
    if !names.iter().any(|name| IDENTIFIERS.contains(&name.as_str())) {
        if let Some(error) = names.iter().filter(|name| !is_mapped(name)).find_map(|name| misspelt(name)) {
            return Err(error);
        }
        let delimiter = other_delimiter(raw, delimiter);
        // Before any error that shows a name.
        if delimiter.is_none() && is_row(raw) {
            return Err(InputError::HeaderIsRow);
        }
        return Err(InputError::NoIdentifier { columns: list(), delimiter, advice: names::advice(&names) });
    }
    let mut before = HashSet::new();
    for (index, name) in names.iter().enumerate() {
        if name.is_empty() {
            let number = index as u64 + 1;
            let column = if reading.is_sheet { workbook::column_name(number) } else { number.to_string() };
            return Err(InputError::UnnamedColumn { column });
        }
        if !before.insert(name) {
            return Err(InputError::DuplicateColumn { name: Escaped(name).to_string() });
        }
        if let Some(error) = misspelt(name).filter(|_| !is_mapped(name)) {
            return Err(error);
        }
        if reading.sets(name) {
            return Err(InputError::SetTwice { name: Escaped(name).to_string() });
        }
    }
    if reading.constants.is_none() && names.iter().all(|name| reserved().any(|known| known == name)) {
        return Err(InputError::NoMetadata { columns: list() });
    }
    Ok(names.into_iter().map(column).collect())
}

fn column(name: String) -> Column {
    match IDENTIFIERS.iter().find(|known| **known == name) {
        Some(known) => Column::Identifier(known),
        None if name == ALLOW_CLOSED => Column::AllowClosed,
        None if name == ERROR_FIELD => Column::Error,
        None if name == LATER_FIELD => Column::LaterKeys,
        None => Column::Key(name),
    }
}

fn misspelt(name: &str) -> Option<InputError> {
    meant(name, reserved()).map(|meant| InputError::MisspeltColumn { name: Escaped(name).to_string(), meant })
}

/// Returns true if the line looks like a row, which must not be shown: it has an identifier, digits, or an address, split by
/// any common delimiter.
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

/// Returns the delimiter with which the header would have an identifier.
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
        columns(raw.as_bytes(), 1, b',', &Reading::default())
            .map(|columns| columns.iter().map(|column| column.name().to_owned()).collect())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn trims_names() {
        let header = " ticket_id ,2024,a@b,\"order_id\",\"a\"\"b\",vambe_error,allow_closed_ticket, Größe ";
        let expected = ["ticket_id", "2024", "a@b", "order_id", "a\"b", "vambe_error", "allow_closed_ticket", "Größe"];
        assert_eq!(read(header).unwrap(), expected);
    }

    #[test]
    fn rejects_invalid_headers_with_advice() {
        let no_identifier = "no column is ticket_id, ai_contact_id or contact_number; found: ";
        for (header, expected) in [
            ("order_id,priority", format!("{no_identifier}`order_id`, `priority`")),
            (
                "ticket_id;2024",
                format!(
                    "{no_identifier}`ticket_id;2024`; the delimiter looks like `;`: use `--delimiter ';'`"
                ),
            ),
            (
                "order_id\t ticket_id",
                format!(
                    "{no_identifier}`order_id\\t ticket_id`; the delimiter looks like a tab: use `--delimiter tab`"
                ),
            ),
            (
                "Ticket Id,order_id",
                "the header has `Ticket Id`: write `ticket_id` or add `--map \"ticket_id=Ticket Id\"`; if it is metadata, use \
                 another name"
                    .to_owned(),
            ),
            (
                "ticket_id,order_id,allowClosedTicket",
                "the header has `allowClosedTicket`: write `allow_closed_ticket` or add `--map \
                 allow_closed_ticket=allowClosedTicket`; if it is metadata, use another name"
                    .to_owned(),
            ),
            (
                "ticket_id,a, a",
                "two columns are `a`: rename or delete one of them".to_owned(),
            ),
            ("ticket_id,a,", "column 3 of the header has no name: name it, or delete the column".to_owned()),
            ("ticket_id, ,a", "column 2 of the header has no name: name it, or delete the column".to_owned()),
            (
                "ticket_id,contact_number,vambe_error",
                "no column is metadata; found: `ticket_id`, `contact_number`, `vambe_error`: add a column for each key, \
                 named like the key"
                    .to_owned(),
            ),
            (
                "ticket_id,\"a\"b",
                "line 1, column 11: text follows a closing quote: write quotes within quotes twice".to_owned(),
            ),
        ] {
            assert_eq!(read(header).unwrap_err(), expected, "{header}");
        }
        let error = columns(b"ticket_id,\"\n\xc3\xa9a\xff\"", 3, b',', &Reading::default()).unwrap_err().to_string();
        assert!(error.starts_with("line 4, column 3: the column name has a byte that is not valid"), "{error}");
    }

    #[test]
    fn does_not_show_a_first_line_that_is_a_row() {
        for row in [
            "+56912345678,ORD-1",
            "ORD-1;a1b2c3d4-e5f6-7890-abcd-ef1234567890",
            "ORD-1\t\"+56 9 1234 5678\"",
            "Maria,maria@example.com",
            "Maria,123",
        ] {
            let error = read(row).unwrap_err();
            assert!(error.starts_with("the first line looks like a row: start with"), "{error}");
        }
    }
}
