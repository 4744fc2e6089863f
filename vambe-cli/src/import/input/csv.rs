//! Parses a CSV record into an update.

use std::ops::Range;

use super::{
    cells::{Cell, Cells},
    encoding::NOT_TEXT,
    fault::{Escaped, Faults},
    header::Column,
    reading::Reading,
    update::{Update, UpdateBuilder},
    workbook,
};
use crate::numbers::plural;

/// Parses a record. Ignores empty cells; trims identifiers and `allow_closed_ticket`, but not metadata.
pub(super) fn update(
    raw: &[u8],
    line: u64,
    columns: &[Column],
    delimiter: u8,
    reading: &Reading,
) -> Result<Update, Faults> {
    let mut builder = UpdateBuilder::new(raw, line, reading);
    // Valid also in a row with too few or too many cells: in a failed file this cell comes first.
    if let Some(index) = columns.iter().position(|column| *column == Column::LaterKeys)
        && let Some(cell) = Cells::new(raw, delimiter).nth(index)
    {
        builder.parse_later(&String::from_utf8_lossy(&cell.content()), cell.start);
    }
    let count = Cells::new(raw, delimiter).count();
    if count != columns.len() {
        let (cells, expected, delimiter) =
            (plural(count as u64, "cell"), plural(columns.len() as u64, "column"), char::from(delimiter));
        if reading.is_sheet {
            let reason =
                format_args!("the row has {cells}, the header has {expected}: name each column, or empty the cells");
            builder.faults.add(raw.len(), reason);
        } else {
            builder.faults.add(
                0,
                format_args!(
                    "the row has {cells}, the header has {expected}: quote cells that contain `{}` or line ends",
                    delimiter.escape_debug()
                ),
            );
        }
        // The columns of the cells are unknown.
        return builder.abort();
    }
    for (cell, column) in Cells::new(raw, delimiter).zip(columns) {
        read_cell(&mut builder, &cell, column, reading);
    }
    builder.finish()
}

fn read_cell(builder: &mut UpdateBuilder<'_>, cell: &Cell<'_>, column: &Column, reading: &Reading) {
    if matches!(column, Column::Error | Column::LaterKeys) {
        return;
    }
    let content = cell.content();
    let text = str::from_utf8(&content).map(|text| match column {
        Column::Key(_) => text,
        _ => text.trim(),
    });
    if text == Ok("") {
        return;
    }
    match column {
        Column::Identifier(name) => builder.identifier_at(name, cell.start),
        Column::Key(_) => builder.has_metadata = true,
        _ => {}
    }
    if cell.text_after_quote {
        let name = Escaped(column.name());
        let reason = format_args!("in `{name}`, text follows a closing quote: write quotes within quotes twice");
        return builder.faults.add(cell.start, reason);
    }
    if reading.is_sheet
        && let Some(reason) = workbook::fault(&content)
    {
        return builder.faults.add(cell.start, format_args!("`{}` {reason}", Escaped(column.name())));
    }
    let Ok(text) = text else {
        // In the record, since doubled quotes shift the content.
        let valid = str::from_utf8(cell.bytes).map_or_else(|error| error.valid_up_to(), |_| 0);
        let reason = format_args!("`{}` {NOT_TEXT}", Escaped(column.name()));
        return builder.faults.add(cell.start + valid, reason);
    };
    match column {
        Column::Identifier(name) => builder.identifier(name, text, cell.start),
        Column::AllowClosed => match text.to_ascii_lowercase().as_str() {
            "true" | "1" => builder.allow_closed_ticket = Some(true),
            "false" | "0" => builder.allow_closed_ticket = Some(false),
            _ => builder.faults.add(
                cell.start,
                "`allow_closed_ticket` is neither true nor false: write one of them, or leave it empty",
            ),
        },
        Column::Key(key) => drop(builder.metadata.insert(key.clone(), text.to_owned())),
        Column::Error | Column::LaterKeys => {}
    }
}

/// Removes the cells of the columns `vambe_error` and `vambe_later`, each with a delimiter.
pub(super) fn strip_notes(raw: &[u8], columns: &[Column], delimiter: u8) -> Vec<u8> {
    let mut kept = raw.to_vec();
    // From the last column, so that earlier offsets stay valid.
    for (index, column) in columns.iter().enumerate().rev() {
        if !matches!(column, Column::Error | Column::LaterKeys) {
            continue;
        }
        let cell = Cells::new(&kept, delimiter).nth(index).map(|cell| cell.start..cell.start + cell.bytes.len());
        if let Some(Range { start, end }) = cell {
            // With the delimiter after it, or before the last cell.
            let cut = if end < kept.len() { start..end + 1 } else { start.saturating_sub(1)..end };
            kept.drain(cut);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use vambe_api::{Metadata, TicketRef};

    use super::*;
    use crate::import::input::{LaterKeys, header};

    const ID: &str = "a1b2c3d4-e5f6-7890-abcd-ef1234567890";
    const HEADER: &[u8] = b"ticket_id,ai_contact_id,contact_number,allow_closed_ticket,order_id,note,vambe_error";

    fn read(raw: &[u8]) -> Result<Update, Vec<(u64, u64, String)>> {
        let columns = header::columns(HEADER, 1, b',', &Reading::default()).unwrap();
        let positions =
            |faults: Faults| faults.iter().map(|fault| (fault.line, fault.column, fault.reason.clone())).collect();
        update(raw, 7, &columns, b',', &Reading::default()).map_err(positions)
    }

    #[test]
    fn parses_valid_rows() {
        let number = TicketRef::contact_number("+56912345678").unwrap();
        for (raw, ticket, pairs, allow_closed_ticket) in [
            (format!("{ID},,,,ORD-1,,"), TicketRef::ticket_id(ID).unwrap(), vec![("order_id", "ORD-1")], None),
            (
                format!(",\" {ID} \", ,TRUE,,x,y"),
                TicketRef::ai_contact_id(ID).unwrap(),
                vec![("note", "x")],
                Some(true),
            ),
            (
                ",,+56 9 1234-5678, 0 ,1,\" \",\"a\"b".to_owned(),
                number.clone(),
                vec![("order_id", "1"), ("note", " ")],
                Some(false),
            ),
            (
                ",,+56912345678,1,\"a\"\"b,\r\nc\",\"\",".to_owned(),
                number,
                vec![("order_id", "a\"b,\r\nc")],
                Some(true),
            ),
        ] {
            let metadata = Metadata::try_from_iter(pairs).unwrap();
            assert_eq!(
                read(raw.as_bytes()),
                Ok(Update { ticket, metadata, allow_closed_ticket, later: LaterKeys::default(), is_national: false }),
                "{raw}"
            );
        }
    }

    #[test]
    fn reports_each_fault_with_its_position_and_no_value() {
        const EXPECTED: &str = "give exactly one of ticket_id, ai_contact_id, contact_number";
        let empty = "the metadata is empty: give at least one key-value pair, or leave the update out";
        for (raw, expected) in [
            (
                &b",,,,,,"[..],
                vec![
                    (7, 1, "none of ticket_id, ai_contact_id, contact_number is given: give exactly one".to_owned()),
                    (7, 1, empty.to_owned()),
                ],
            ),
            (
                b"secret,secret,,secret,a,,",
                vec![
                    (7, 1, "`ticket_id` is not a UUID: write it as in a1b2c3d4-e5f6-7890-abcd-ef1234567890".to_owned()),
                    (
                        7,
                        8,
                        "`ai_contact_id` is not a UUID: write it as in a1b2c3d4-e5f6-7890-abcd-ef1234567890".to_owned(),
                    ),
                    (
                        7,
                        16,
                        "`allow_closed_ticket` is neither true nor false: write one of them, or leave it empty"
                            .to_owned(),
                    ),
                    (7, 8, format!("ticket_id and ai_contact_id are given: {EXPECTED}")),
                ],
            ),
            (
                b",,5691 secret,,,,",
                vec![
                    (7, 3, "the contact number has a letter at character 6: write digits only".to_owned()),
                    (7, 1, empty.to_owned()),
                ],
            ),
            (
                b",,+56912345678,,\"secret\"secret,\n,",
                vec![(
                    7,
                    17,
                    "in `order_id`, text follows a closing quote: write quotes within quotes twice".to_owned(),
                )],
            ),
            (
                b",,+56912345678,,\"\"\"\nsecre\xc3\xb1\xff\",a\xf1o,\xff",
                vec![(8, 7, format!("`order_id` {NOT_TEXT}")), (8, 11, format!("`note` {NOT_TEXT}"))],
            ),
            (
                b"secret",
                vec![(
                    7,
                    1,
                    "the row has 1 cell, the header has 7 columns: quote cells that contain `,` or line ends"
                        .to_owned(),
                )],
            ),
            (
                b",,,,,,,secret",
                vec![(
                    7,
                    1,
                    "the row has 8 cells, the header has 7 columns: quote cells that contain `,` or line ends"
                        .to_owned(),
                )],
            ),
        ] {
            let faults = read(raw).unwrap_err();
            assert!(!format!("{faults:?}").contains("secre"), "{faults:?}");
            assert_eq!(faults, expected, "{}", String::from_utf8_lossy(raw));
        }
    }

    #[test]
    fn strips_notes_in_any_column() {
        for (header, raw, expected) in [
            (&b"vambe_error,ticket_id,a"[..], &b"\"why, \"\"x\"\"\",1,2"[..], &b"1,2"[..]),
            (b"vambe_error,ticket_id,a", b"why,\"1", b"\"1"),
            (b"vambe_error,ticket_id,a", b"why", b""),
            (b"ticket_id,vambe_error,a", b"1,why,2", b"1,2"),
            (b"ticket_id,a,vambe_error", b"1,2,why", b"1,2"),
            (b"ticket_id,a,vambe_error", b"1,2", b"1,2"),
            (b"ticket_id,a", b"1,2", b"1,2"),
            (b"vambe_error,vambe_later,ticket_id,a", b"why,\"{\"\"a\"\":17}\",1,2", b"1,2"),
            (b"vambe_later,ticket_id,a,vambe_error", b"{},1,2,why", b"1,2"),
            (b"vambe_error,vambe_later,ticket_id,a", b"why,", b""),
        ] {
            let columns = header::columns(header, 1, b',', &Reading::default()).unwrap();
            assert_eq!(strip_notes(raw, &columns, b','), expected, "{}", String::from_utf8_lossy(raw));
        }
    }
}
