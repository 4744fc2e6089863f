//! Tests from stored bytes to rows.

use std::{fs, io::Write};

use sha2::{Digest as _, Sha256};

use super::*;

mod any_input;

const COMMA: Format = Format::Csv { delimiter: b',' };

fn options(format: FormatName) -> Options {
    Options { format: Some(format), ..Options::default() }
}

fn csv(text: impl AsRef<[u8]>) -> Input {
    Input::copy_of(text.as_ref(), options(FormatName::Csv)).unwrap()
}

fn rows(input: &Input) -> Vec<Row> {
    let rows: Vec<_> = input.rows().unwrap().map(Result::unwrap).collect();
    assert_eq!(input.stats().unwrap().rows, rows.len() as u64);
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
fn numbers_rows_and_lines_with_any_line_end() {
    for end in ["\n", "\r\n", "\r"] {
        for begin in ["", "\u{feff}"] {
            let text =
                ["contact_number,note", "+56912345678,\"a", "b\"", "", "none,x", "+56912345679,\"\"\"\""].join(end);
            let rows = rows(&csv(begin.to_owned() + &text));
            let found: Vec<_> = rows.iter().map(|row| (row.line, row.content.is_ok())).collect();
            assert_eq!(found, [(2, true), (5, false), (6, true)], "{end:?}");
            assert_eq!(rows[0].raw.as_bytes(), format!("+56912345678,\"a{end}b\"").as_bytes());
            assert_eq!(rows[2].content.as_ref().unwrap().metadata.get("note"), Some("\""));
        }
    }
    let text = "\u{feff}\n{\"contact_number\":\"+56912345678\",\"metadata\":{\"a\":\"b\"}}\r\n\n[1]\n{}";
    let rows = rows(&Input::copy_of(text.as_bytes(), Options::default()).unwrap());
    let found: Vec<_> = rows.iter().map(|row| (row.line, row.content.is_ok())).collect();
    assert_eq!(found, [(2, true), (4, false), (5, false)]);
    assert!(rows[0].raw.as_bytes().ends_with(b"}}"));
}

#[test]
fn the_format_comes_from_option_name_or_first_character() {
    let dir = tempfile::tempdir().unwrap();
    let ndjson = options(FormatName::Ndjson);
    let tab = Format::Csv { delimiter: b'\t' };
    let semicolon = Format::Csv { delimiter: b';' };
    for (name, text, options, expected) in [
        ("a.csv", "{", Options::default(), COMMA),
        ("a.csv", "{", ndjson, Format::Ndjson),
        ("a.csv", "ticket_id;a", Options::default(), semicolon),
        ("a.tsv", "ticket_id;a", Options::default(), semicolon),
        ("a.csv", "ticket_id;a", Options { delimiter: Some(b','), ..Options::default() }, COMMA),
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
fn rejects_mislabelled_inputs_with_advice() {
    let dir = tempfile::tempdir().unwrap();
    let semicolon = Options { delimiter: Some(b';'), ..Options::default() };
    for (name, text, options, expected) in [
        ("a.csv.gz", "a,b", Options::default(), "the file is named like gzip data but is not compressed: rename it"),
        ("a.csv.zst", "", Options::default(), "the file is named like zstd data but is not compressed: rename it"),
        ("a.json", " [{}]", Options::default(), "the input is a JSON array: write one object a line"),
        ("a.ndjson", "{}", semicolon, "the input is NDJSON, which has no delimiter"),
        ("a.csv", "", Options::default(), "the input is empty: start with a line of column names"),
        ("a.csv", "a\0\0\0", Options::default(), "the input is UTF-32: save it as UTF-8"),
        (
            "a.csv",
            "ticket_id;a",
            Options { delimiter: Some(b','), ..Options::default() },
            "no column is ticket_id, ai_contact_id or contact_number; found: ",
        ),
        ("a.csv", "ticket_id,\"a", Options::default(), "the quoted cell that starts in line 1 does not end"),
    ] {
        let path = dir.path().join(name);
        fs::write(&path, text).unwrap();
        let error = Input::open(&path, options).and_then(|input| input.rows().map(drop)).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[test]
fn statistics_are_of_the_stored_bytes_and_their_rows() {
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
        let stats = Input::copy_of(raw.as_slice(), options(format)).unwrap().stats().unwrap();
        let sha256 = Sha256::digest(&raw).into();
        assert_eq!((stats.sha256, stats.bytes, stats.rows), (sha256, raw.len() as u64, expected));
    }
}

#[test]
fn a_truncated_stream_ends_with_an_error_after_its_rows() {
    let text: Vec<_> = "{\"contact_number\":\"+56912345678\",\"metadata\":{\"a\":\"b\"}}\n".repeat(5_000).into_bytes();
    let whole = gzip(&text);
    let input = Input::copy_of(&whole[..whole.len() - 9], Options::default()).unwrap();
    assert!(matches!(input.stats(), Err(InputError::Truncated { .. })));
    let mut rows = input.rows().unwrap();
    assert_eq!(rows.by_ref().take_while(Result::is_ok).count(), 5_000);
    assert!(rows.next().is_none());
}

#[test]
fn counting_rows_reports_an_open_quote() {
    let input = csv("contact_number,a\n+56912345678,b\n+56912345678,\"c\n+56912345678,d\n");
    assert!(matches!(input.stats(), Err(InputError::OpenQuote { line: 3 })));
    let rows: Vec<_> = input.rows().unwrap().collect();
    assert!(matches!(rows.as_slice(), [Ok(_), Err(InputError::OpenQuote { line: 3 })]));
}

#[test]
fn a_row_that_is_too_large_is_a_fault_of_its_own() {
    let text = format!("contact_number,a\n1,\"{}\"\n+56912345678,b\n", "x\n".repeat(5 << 20));
    let rows = rows(&csv(&text));
    let fault = rows[0].content.as_ref().unwrap_err().iter().next().unwrap();
    assert_eq!((fault.line, fault.column), (2, 1));
    assert_eq!(fault.reason, "the row is larger than 2 MiB: make it smaller");
    assert!(rows[0].raw.as_bytes().is_empty());
    assert_eq!((rows[1].line, rows[1].content.is_ok()), (3 + (5 << 20), true));
}

#[test]
fn accepts_a_cell_of_a_megabyte() {
    let note = "ñ,\"\n".repeat(1 << 18);
    let rows = rows(&csv(format!("contact_number,note\n+56912345678,\"{}\"\n", note.replace('"', "\"\""))));
    assert_eq!(rows[0].content.as_ref().unwrap().metadata.get("note"), Some(note.as_str()));
}

#[test]
fn detects_changes_in_place_but_not_a_replaced_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.csv");
    fs::write(&path, "contact_number,a\n+56912345678,b\n").unwrap();
    let input = Input::open(&path, Options::default()).unwrap();
    let stats = input.stats().unwrap();
    let other = dir.path().join("other");
    fs::write(&other, "contact_number,a\n").unwrap();
    fs::rename(&other, &path).unwrap();
    assert_eq!(input.change_since(&stats), None);

    let append = |text: &str| {
        fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(text.as_bytes()).unwrap();
    };
    for (text, expected) in [("contact_number,b\n", Change::Rewritten), ("contact_number,a\n", Change::Grown)] {
        fs::write(&path, "contact_number,a\n").unwrap();
        let input = Input::open(&path, Options::default()).unwrap();
        let stats = input.stats().unwrap();
        fs::write(&path, text).unwrap();
        append("+56912345678,c\n");
        assert_eq!(input.change_since(&stats), Some(expected));
    }
}

/// Invariant: an import sends only the bytes that it counted.
#[test]
fn rows_are_those_that_were_counted_or_end_with_an_error() {
    let dir = tempfile::tempdir().unwrap();
    for (name, write) in [("a.csv", (|text| text.to_vec()) as fn(&[u8]) -> Vec<u8>), ("a.csv.gz", gzip)] {
        let path = dir.path().join(name);
        let before = write(b"contact_number,a\n+56912345678,b\n+56912345678,c\n");
        let grown = [before.clone(), write(b"+56912345678,d\n")].concat();
        for (now, is_same) in [
            (before.clone(), true),
            (grown, true),
            (write(b"contact_number,a\n+56912345678,b\n+56912345678,d\n"), false),
            (write(b"contact_number,a\n+56912345678,b\n\n\n"), false),
            (before[..before.len() - 1].to_vec(), false),
        ] {
            fs::write(&path, &before).unwrap();
            let input = Input::open(&path, Options::default()).unwrap();
            let stats = input.stats().unwrap();
            fs::write(&path, &now).unwrap();
            let rows = input.rows_of(&stats).and_then(Iterator::collect::<Result<Vec<_>, _>>);
            match rows {
                Ok(rows) => assert!(is_same && rows.len() == 2, "{name}: {}", now.escape_ascii()),
                Err(error) => assert!(!is_same && matches!(error, InputError::Changed), "{name}: {error:?}"),
            }
        }
    }
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
            move || fs::write(path, "contact_number,a\n+56912345678,b\n").unwrap()
        });
        let input = Input::open(&path, Options::default()).unwrap();
        writer.join().unwrap();
        assert_eq!(input.stats().unwrap().rows, 1);
        assert_eq!(rows(&input).len(), 1);
    }
}
