//! The whole way from stored bytes to rows.

use std::{fs, io::Write};

use proptest::prelude::*;
use vambe_api::{Metadata, TicketRef};

use super::{cells::Cells, *};

const COMMA: Format = Format::Csv { delimiter: b',' };

fn options(format: FormatName) -> Options {
    Options { format: Some(format), delimiter: None }
}

fn csv(text: impl AsRef<[u8]>) -> Input {
    Input::copy_of(text.as_ref(), options(FormatName::Csv)).unwrap()
}

fn rows(input: &Input) -> Vec<Row> {
    let rows: Vec<_> = input.rows().unwrap().map(Result::unwrap).collect();
    assert_eq!(input.survey().unwrap().rows, rows.len() as u64);
    assert!(rows.iter().zip(1..).all(|(row, number)| row.number == number));
    rows
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn rows_can_be_sent_to_another_thread() {
    fn is_send<T: Send + 'static>() {}
    is_send::<Rows>();
    is_send::<Row>();
}

#[test]
fn rows_have_their_number_and_line_whatever_ends_lines_and_the_wrong_ones_stop_nothing() {
    for end in ["\n", "\r\n", "\r"] {
        for begin in ["", "\u{feff}"] {
            let text =
                ["contact_number,note", "56912345678,\"a", "b\"", "", "none,x", "56912345679,\"\"\"\""].join(end);
            let rows = rows(&csv(begin.to_owned() + &text));
            let found: Vec<_> = rows.iter().map(|row| (row.line, row.content.is_ok())).collect();
            assert_eq!(found, [(2, true), (5, false), (6, true)], "{end:?}");
            assert_eq!(rows[0].raw.as_bytes(), format!("56912345678,\"a{end}b\"").as_bytes());
            assert_eq!(rows[2].content.as_ref().unwrap().metadata.get("note"), Some("\""));
        }
    }
    let text = "\u{feff}\n{\"contact_number\":\"56912345678\",\"metadata\":{\"a\":\"b\"}}\r\n\n[1]\n{}";
    let rows = rows(&Input::copy_of(text.as_bytes(), Options::default()).unwrap());
    let found: Vec<_> = rows.iter().map(|row| (row.line, row.content.is_ok())).collect();
    assert_eq!(found, [(2, true), (4, false), (5, false)]);
    assert!(rows[0].raw.as_bytes().ends_with(b"}}"));
}

#[test]
fn the_format_is_told_by_option_then_by_name_then_by_the_first_character() {
    let dir = tempfile::tempdir().unwrap();
    let ndjson = Options { format: Some(FormatName::Ndjson), delimiter: None };
    let tab = Format::Csv { delimiter: b'\t' };
    let semicolon = Format::Csv { delimiter: b';' };
    for (name, text, options, expected) in [
        ("a.csv", "{", Options::default(), COMMA),
        ("a.csv", "{", ndjson, Format::Ndjson),
        ("a.tsv", "", Options::default(), tab),
        ("a.tsv", "", options(FormatName::Csv), tab),
        ("a.tsv", "", Options { delimiter: Some(b';'), ..Options::default() }, semicolon),
        ("a.jsonl", "ticket_id", Options::default(), Format::Ndjson),
        ("a.jsonl", "ticket_id", options(FormatName::Csv), COMMA),
        ("a.txt", "\u{feff}\r\n {", Options::default(), Format::Ndjson),
        ("a.txt", " ticket_id", Options::default(), COMMA),
        ("a.txt", "", Options::default(), COMMA),
    ] {
        let path = dir.path().join(name);
        fs::write(&path, text).unwrap();
        assert_eq!(Input::open(&path, options).unwrap().format(), expected, "{name} {text:?}");
    }
}

#[test]
fn an_input_that_is_not_what_it_says_is_refused_with_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let semicolon = Options { delimiter: Some(b';'), ..Options::default() };
    for (name, text, options, expected) in [
        (
            "a.csv.gz",
            "a,b",
            Options::default(),
            "the name says that the file is compressed with gzip, and it is not: rename it",
        ),
        (
            "a.csv.zst",
            "",
            Options::default(),
            "the name says that the file is compressed with zstd, and it is not: rename it",
        ),
        ("a.json", " [{}]", Options::default(), "the input is a JSON array: write one object a line"),
        ("a.ndjson", "{}", semicolon, "the input is NDJSON, which has no delimiter"),
        ("a.csv", "", Options::default(), "the input is empty: begin with a line that names the columns"),
        ("a.csv", "a\0b\0", Options::default(), "the input is in UTF-16 or UTF-32: save it as UTF-8"),
        (
            "a.csv",
            "ticket_id;a",
            Options::default(),
            "no column is ticket_id, ai_contact_id or contact_number; found: ",
        ),
        ("a.csv", "ticket_id,\"a", Options::default(), "the quoted cell that begins in line 1 does not end"),
    ] {
        let path = dir.path().join(name);
        fs::write(&path, text).unwrap();
        let error = Input::open(&path, options).and_then(|input| input.rows().map(drop)).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[test]
fn the_survey_is_of_the_bytes_as_stored_and_of_the_rows_in_them() {
    let text = b"ticket_id,a\n\nx,y\nx,\"\n\"\n";
    let ndjson = b"{}\n \n{\n";
    for (raw, format, expected) in [
        (text.to_vec(), FormatName::Csv, 2),
        (gzip(text), FormatName::Csv, 2),
        ([gzip(text), gzip(text)].concat(), FormatName::Csv, 5),
        (b"ticket_id,a".to_vec(), FormatName::Csv, 0),
        (b"".to_vec(), FormatName::Csv, 0),
        (ndjson.to_vec(), FormatName::Ndjson, 2),
        (gzip(ndjson), FormatName::Ndjson, 2),
    ] {
        let survey = Input::copy_of(raw.as_slice(), options(format)).unwrap().survey().unwrap();
        let sha256 = Sha256::digest(&raw).into();
        assert_eq!(survey, Survey { sha256, bytes: raw.len() as u64, rows: expected });
    }
}

#[test]
fn a_stream_that_was_cut_off_gives_its_rows_then_the_error_and_then_nothing() {
    let text: Vec<_> = "{\"contact_number\":\"56912345678\",\"metadata\":{\"a\":\"b\"}}\n".repeat(5_000).into_bytes();
    let whole = gzip(&text);
    let input = Input::copy_of(&whole[..whole.len() - 9], Options::default()).unwrap();
    assert!(matches!(input.survey(), Err(InputError::Truncated { .. })));
    let mut rows = input.rows().unwrap();
    assert_eq!(rows.by_ref().take_while(Result::is_ok).count(), 5_000);
    assert!(rows.next().is_none());
}

#[test]
fn a_quote_that_stays_open_is_told_by_the_survey() {
    let input = csv("contact_number,a\n56912345678,b\n56912345678,\"c\n56912345678,d\n");
    assert!(matches!(input.survey(), Err(InputError::OpenQuote { line: 3 })));
    let rows: Vec<_> = input.rows().unwrap().collect();
    assert!(matches!(rows.as_slice(), [Ok(_), Err(InputError::OpenQuote { line: 3 })]));
}

#[test]
fn a_row_that_is_too_large_is_a_fault_and_the_next_one_is_read() {
    let text = format!("contact_number,a\n1,\"{}\"\n56912345678,b\n", "x\n".repeat(5 << 20));
    let rows = rows(&csv(&text));
    let fault = rows[0].content.as_ref().unwrap_err().to_string();
    assert_eq!(fault, "line 2, column 1: the row is larger than 2 MiB: make it smaller");
    assert!(rows[0].raw.as_bytes().is_empty());
    assert_eq!((rows[1].line, rows[1].content.is_ok()), (3 + (5 << 20), true));
}

#[test]
fn a_cell_of_a_megabyte_is_taken() {
    let note = "ñ,\"\n".repeat(1 << 18);
    let rows = rows(&csv(format!("contact_number,note\n56912345678,\"{}\"\n", note.replace('"', "\"\""))));
    assert_eq!(rows[0].content.as_ref().unwrap().metadata.get("note"), Some(note.as_str()));
}

#[test]
fn a_named_pipe_is_read_like_a_file() {
    #[cfg(unix)]
    {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pipe.csv");
        let made = std::process::Command::new("mkfifo").arg(&path).status();
        if !made.is_ok_and(|status| status.success()) {
            return;
        }
        let writer = std::thread::spawn({
            let path = path.clone();
            move || fs::write(path, "contact_number,a\n56912345678,b\n").unwrap()
        });
        let input = Input::open(&path, Options::default()).unwrap();
        writer.join().unwrap();
        assert_eq!(input.survey().unwrap().rows, 1);
        assert_eq!(rows(&input).len(), 1);
    }
}

/// Bytes among which those with a meaning to a format are frequent.
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
        let options = Options { format: Some(FormatName::Csv), delimiter: Some(delimiter) };
        let rows = rows(&Input::copy_of(text.as_slice(), options).unwrap());
        prop_assert_eq!(rows.len(), cells.len());
        for (row, (first, second)) in rows.iter().zip(&cells) {
            let pairs = [("a\"b", first), ("c", second)].into_iter().filter(|(_, value)| !value.is_empty());
            let expected = Update {
                ticket: TicketRef::contact_number("+56912345678").unwrap(),
                metadata: Metadata::try_from_iter(pairs.map(|(key, value)| (key, value.as_str()))).unwrap(),
                allow_closed_ticket: None,
            };
            prop_assert_eq!(row.content.as_ref(), Ok(&expected));
        }
    }

    #[test]
    fn any_bytes_have_the_rows_that_the_survey_counts(text in any_text(), header: bool, ndjson: bool) {
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
                        // Names may be shown, and may be anything where the header is not ours.
                        prop_assert!(ndjson || !header || !faults.to_string().contains("34600111222"), "{faults}");
                    }
                }
                Err(_) => failed = true,
            }
        }
        prop_assert_eq!(input.survey().ok().map(|survey| survey.rows), (!failed).then_some(count));
    }

    #[test]
    fn any_bytes_are_cut_into_the_cells_that_the_crate_csv_sees(text in any_text()) {
        let Ok(opened) = Text::new(text.as_slice(), None) else { return Ok(()) };
        let mut frames = Frames::new(opened, COMMA);
        let (mut record, mut found) = (Vec::new(), Vec::new());
        loop {
            match frames.next(&mut record) {
                Ok(Some(_)) => {}
                Ok(None) => break,
                // The crate csv takes what an open quote has swallowed for a cell.
                Err(_) => return Ok(()),
            }
            let cells = Cells::new(&record, b',').map(|cell| (!cell.stray).then(|| cell.content().into_owned()));
            found.push(cells.collect::<Vec<_>>());
        }
        // One cell of spaces, in quotes or not, is left out on both sides: without quotes it is a blank line here.
        let is_row = |cells: &[Vec<u8>]| cells.len() > 1 || cells.iter().flatten().any(|byte| *byte != b' ');
        let mut reader = ::csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_slice());
        let records = reader.byte_records().map(|record| record.unwrap().iter().map(<[u8]>::to_vec).collect());
        let expected: Vec<Vec<_>> = records.filter(|cells: &Vec<_>| is_row(cells)).collect();
        found.retain(|cells| cells.contains(&None) || is_row(&cells.iter().flatten().cloned().collect::<Vec<_>>()));
        prop_assert_eq!(found.len(), expected.len());
        for (found, expected) in found.into_iter().zip(expected) {
            prop_assert_eq!(found.len(), expected.len());
            for (found, expected) in found.into_iter().zip(expected) {
                // Text behind a closing quote is a fault here.
                prop_assert_eq!(found.as_ref().unwrap_or(&expected), &expected);
            }
        }
    }
}
