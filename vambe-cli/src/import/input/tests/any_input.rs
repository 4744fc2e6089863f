//! Properties of any rows and any bytes.

use proptest::prelude::*;
use vambe_api::{Metadata, TicketRef};

use super::{super::cells::Cells, *};

/// Generates bytes, mostly those with a meaning in a format.
fn any_text() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        proptest::sample::select(vec![
            "\"",
            "\"\"",
            ",",
            "\n",
            "\r",
            "\r\n",
            " ",
            "{",
            "}",
            ":",
            "[",
            "\\",
            "\u{feff}",
            "\\u",
            "null",
            "1",
            "true",
            "ñ",
            "contact_number",
            "ticket_id",
            "metadata",
            "allow_closed_ticket",
            "vambe_error",
            "vambe_line",
            "34600111222",
            "contact_number,a\n",
            "{\"metadata\":{\"a\":\"b\"},\"contact_number\":\"34600111222\"",
        ])
        .prop_map(|piece| piece.as_bytes().to_vec()),
        proptest::collection::vec(any::<u8>(), 0..4),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn rows_that_the_crate_csv_writes_come_back(
        cells in proptest::collection::vec((".{0,40}|[\",\r\n ]{0,6}", ".{1,40}|[\",\r\n ]{1,6}"), 1..20),
        delimiter in proptest::sample::select(b",;\t|".to_vec()),
        crlf: bool,
    ) {
        let terminator = if crlf { ::csv::Terminator::CRLF } else { ::csv::Terminator::Any(b'\n') };
        let mut writer = ::csv::WriterBuilder::new().delimiter(delimiter).terminator(terminator).from_writer(Vec::new());
        writer.write_record(["contact_number", "a\"b", "c"]).unwrap();
        for (first, second) in &cells {
            writer.write_record(["+56912345678", first, second]).unwrap();
        }
        let text = writer.into_inner().unwrap();
        let options = Options { delimiter: Some(delimiter), ..options(FormatName::Csv) };
        let rows = rows(&Input::copy_of(text.as_slice(), options).unwrap());
        prop_assert_eq!(rows.len(), cells.len());
        for (row, (first, second)) in rows.iter().zip(&cells) {
            let pairs = [("a\"b", first), ("c", second)].into_iter().filter(|(_, value)| !value.is_empty());
            let expected = Update {
                ticket: TicketRef::contact_number("+56912345678").unwrap(),
                metadata: Metadata::try_from_iter(pairs.map(|(key, value)| (key, value.as_str()))).unwrap(),
                allow_closed_ticket: None,
                later: LaterKeys::default(),
                is_national: false,
            };
            prop_assert_eq!(row.content.as_ref(), Ok(&expected));
        }
    }

    #[test]
    fn any_bytes_have_as_many_rows_as_counted(text in any_text(), header: bool, ndjson: bool) {
        let format = if ndjson { FormatName::Ndjson } else { FormatName::Csv };
        let text = if header { [&b"contact_number,a\n"[..], &text].concat() } else { text };
        let Ok(input) = Input::copy_of(text.as_slice(), options(format)) else { return Ok(()) };
        let Ok(rows) = input.rows() else { return Ok(()) };
        let mut count = 0;
        let mut failed = false;
        for row in rows {
            match row {
                Ok(row) => {
                    count += 1;
                    prop_assert_eq!(row.number, count);
                    if let Err(faults) = row.content {
                        prop_assert!(faults.iter().len() > 0);
                        // Names may be shown, and are arbitrary if the header is.
                        prop_assert!(ndjson || !header || !format!("{faults:?}").contains("34600111222"), "{faults:?}");
                    }
                }
                Err(_) => failed = true,
            }
        }
        prop_assert_eq!(input.stats().ok().map(|stats| stats.rows), (!failed).then_some(count));
    }

    #[test]
    fn any_bytes_have_the_cells_that_the_crate_csv_finds(text in any_text()) {
        let Ok(opened) = Text::new(text.as_slice(), None, Encoding::UTF_8) else { return Ok(()) };
        let mut frames = RecordReader::new(opened, COMMA, false);
        let (mut record, mut found) = (Vec::new(), Vec::new());
        loop {
            match frames.next(&mut record) {
                Ok(Some(_)) => {}
                Ok(None) => break,
                // The crate csv returns the rest after an open quote as a cell.
                Err(_) => return Ok(()),
            }
            let cells = Cells::new(&record, b',').map(|cell| (!cell.text_after_quote).then(|| cell.content().into_owned()));
            found.push((cells.collect::<Vec<_>>(), record.clone()));
        }
        // A single cell of spaces is left out on both sides: without quotes it is a blank line here.
        let is_row = |cells: &[Vec<u8>]| cells.len() > 1 || cells.iter().flatten().any(|byte| *byte != b' ');
        let read = |text: &[u8]| -> Vec<Vec<Vec<u8>>> {
            let mut reader = ::csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text);
            let records = reader.byte_records().map(|record| record.unwrap().iter().map(<[u8]>::to_vec).collect());
            records.filter(|cells: &Vec<_>| is_row(cells)).collect()
        };
        let expected = read(&text);
        // The crate csv decides, since text after a closing quote, as in `"" `, is a fault here. After a line end, so that it
        // takes no byte order mark away.
        found.retain(|(_, record)| !read(&[b"\n", record.as_slice()].concat()).is_empty());
        prop_assert_eq!(found.len(), expected.len());
        for ((found, _), expected) in found.into_iter().zip(expected) {
            prop_assert_eq!(found.len(), expected.len());
            for (found, expected) in found.into_iter().zip(expected) {
                prop_assert_eq!(found.as_ref().unwrap_or(&expected), &expected);
            }
        }
    }
}
