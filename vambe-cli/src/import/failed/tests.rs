//! What is written is what is read again.

use std::fs;

use super::*;
use crate::import::input::{FormatName, Input, Options, Row};

const REASON: &str = "line 2, column 1: \"no\"; \\ ñ\nsecond line";

fn csv() -> Options {
    Options { format: Some(FormatName::Csv), ..Options::default() }
}

fn ndjson() -> Options {
    Options { format: Some(FormatName::Ndjson), ..Options::default() }
}

fn rows(input: &Input) -> Vec<Row> {
    input.rows().unwrap().map(Result::unwrap).collect()
}

/// The failed file of an input of which every row has failed.
fn failed(text: &[u8], options: Options) -> Vec<u8> {
    let input = Input::copy_of(text, options).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("failed");
    let rows = rows(&input);
    let later = |row: &Row| row.content.as_ref().map_or_else(|faults| faults.later(), |update| &update.later).clone();
    let has_later = rows.iter().any(|row| !later(row).is_empty());
    let mut writer = FailedWriter::create(&path, input.header().unwrap().as_ref(), has_later).unwrap();
    for row in rows {
        // As the journal keeps it.
        let raw = serde_json::from_str(&serde_json::to_string(&row.raw).unwrap()).unwrap();
        writer.write(&raw, REASON, &later(&row)).unwrap();
    }
    writer.finish().unwrap();
    fs::read(&path).unwrap()
}

#[test]
fn a_csv_file_gets_a_first_column_and_keeps_every_byte_of_its_rows() {
    let reason = "\"line 2, column 1: \"\"no\"\"; \\ ñ\nsecond line\"";
    let input = b"\xef\xbb\xbfticket_id; \"a;b\"\r\n\"x\";\"1\"\"\"\r\n\r\nfew\r\nto;o;many\r\n\xff;\"a\"b";
    let expected = [
        &b"\xef\xbb\xbfvambe_error;ticket_id; \"a;b\"\r\n"[..],
        &[reason.as_bytes(), b";\"x\";\"1\"\"\"\r\n"].concat(),
        &[reason.as_bytes(), b";few\r\n"].concat(),
        &[reason.as_bytes(), b";to;o;many\r\n"].concat(),
        &[reason.as_bytes(), b";\xff;\"a\"b\r\n"].concat(),
    ]
    .concat();
    let options = Options { delimiter: Some(b';'), ..csv() };
    let written = failed(input, options);
    assert_eq!(String::from_utf8_lossy(&written), String::from_utf8_lossy(&expected));
    assert_eq!(failed(&written, options), written, "a second import writes the same");
}

#[test]
fn an_ndjson_file_gets_a_first_field_and_keeps_every_byte_of_its_rows() {
    let reason = serde_json::to_string(REASON).unwrap();
    let input = b"{\"a\":1}\r\n {}\n\n{ \"a\" : \n{\"\xff\":1}\n{\n[1, \"x\"]\n\"\xff";
    let expected = [
        &[b"{\"vambe_error\":", reason.as_bytes(), b",\"a\":1}\n"].concat()[..],
        &[b" {\"vambe_error\":", reason.as_bytes(), b"}\n"].concat(),
        &[b"{\"vambe_error\":", reason.as_bytes(), b", \"a\" : \n"].concat(),
        &[b"{\"vambe_error\":", reason.as_bytes(), b",\"\xff\":1}\n"].concat(),
        &[b"{\"vambe_error\":", reason.as_bytes(), b",\n"].concat(),
        &[b"{\"vambe_error\":", reason.as_bytes(), b",\"vambe_line\":\"[1, \\\"x\\\"]\"}\n"].concat(),
        &[b"{\"vambe_error\":", reason.as_bytes(), b",\"vambe_line\":[34,255]}\n"].concat(),
    ]
    .concat();
    let written = failed(input, ndjson());
    assert_eq!(String::from_utf8_lossy(&written), String::from_utf8_lossy(&expected));
    assert_eq!(failed(&written, ndjson()), written, "a second import writes the same");
}

#[test]
fn keys_that_later_rows_have_set_come_back_also_of_broken_rows() {
    let mut later = Later::default();
    later.insert("a;\"b", 17);
    let none = Later::default();
    for (text, options, expected) in [
        (
            "ticket_id;a\nx;1\nfew\n".to_owned(),
            Options { delimiter: Some(b';'), ..csv() },
            "vambe_error;vambe_later;ticket_id;a\n\"why\";\"{\"\"a;\\\"\"b\"\":17}\";x;1\n\"why\";;few\n".to_owned(),
        ),
        (
            "{\"x\":1}\n{\"x\"\n".to_owned(),
            ndjson(),
            "{\"vambe_error\":\"why\",\"vambe_later\":{\"a;\\\"b\":17},\"x\":1}\n{\"vambe_error\":\"why\",\"x\"\n"
                .to_owned(),
        ),
    ] {
        let input = Input::copy_of(text.as_bytes(), options).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("failed");
        let mut writer = FailedWriter::create(&path, input.header().unwrap().as_ref(), true).unwrap();
        for (row, later) in rows(&input).iter().zip([&later, &none]) {
            writer.write(&row.raw, "why", later).unwrap();
        }
        writer.finish().unwrap();
        let written = fs::read_to_string(&path).unwrap();
        assert_eq!(written, expected);
        let again = rows(&Input::copy_of(written.as_bytes(), options).unwrap());
        // Both rows are wrong, each in its way.
        let found: Vec<_> = again.iter().map(|row| row.content.as_ref().unwrap_err().later()).collect();
        assert_eq!(found, [&later, &none]);
        let raws = |rows: &[Row]| rows.iter().map(|row| row.raw.clone()).collect::<Vec<_>>();
        assert_eq!(raws(&again), raws(&rows(&input)));
    }
}

#[test]
fn a_row_that_was_not_kept_leaves_its_reason() {
    let large = "x".repeat(9 << 20);
    let csv_text = failed(format!("ticket_id,a\n{large}\n").as_bytes(), csv());
    let reason = REASON.replace('"', "\"\"");
    assert_eq!(String::from_utf8(csv_text.clone()).unwrap(), format!("vambe_error,ticket_id,a\n\"{reason}\"\n"));
    assert_eq!(failed(&csv_text, csv()), csv_text);
    let ndjson_text = failed(large.as_bytes(), ndjson());
    assert_eq!(ndjson_text, format!("{{\"vambe_error\":{}}}\n", serde_json::to_string(REASON).unwrap()).as_bytes());
}

#[test]
fn the_file_is_there_when_it_is_finished_and_nobody_else_may_read_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("failed.ndjson");
    fs::write(&path, "before").unwrap();
    let mut writer = FailedWriter::create(&path, None, false).unwrap();
    writer.write(&b"{}".to_vec().into(), "why", &Later::default()).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"before");
    writer.finish().unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"{\"vambe_error\":\"why\"}\n");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    drop(FailedWriter::create(&path, None, false).unwrap());
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "what is not finished leaves nothing");
    let error = FailedWriter::create(&dir.path().join("none/failed"), None, false).unwrap_err().to_string();
    assert!(error.contains("none/failed`: make room, or name another file"), "{error}");
}

proptest::proptest! {
    #[test]
    fn any_rows_come_back_from_a_failed_file_as_they_were(lines: Vec<Vec<u8>>, objects: bool, as_csv: bool) {
        let mut text = if as_csv { b"contact_number,a,b\n".to_vec() } else { Vec::new() };
        for line in lines {
            // Fewer of those that mean nothing to either format.
            let common = |byte| *b"{}\",: \n\r\\a1\xff\xc3".get(usize::from(byte % 20)).unwrap_or(&byte);
            let line = line.into_iter().map(common);
            text.extend(objects.then_some(b'{').into_iter().chain(line).chain([b'\n']));
        }
        let options = if as_csv { csv() } else { ndjson() };
        // A quote may stay open: then there are no rows to compare.
        let Ok(input) = Input::copy_of(text.as_slice(), options) else { return Ok(()) };
        if input.survey().is_err() {
            return Ok(());
        }
        let before: Vec<_> = rows(&input).into_iter().map(|row| row.raw).collect();
        let written = failed(&text, options);
        let again = rows(&Input::copy_of(written.as_slice(), options).unwrap());
        let again: Vec<_> = again.into_iter().map(|row| row.raw).collect();
        // A line of an object is itself again; any other one is in the field that holds it.
        let expected: Vec<Raw> = before.into_iter().map(|raw| {
            if as_csv || raw.as_bytes().trim_ascii_start().starts_with(b"{") {
                raw
            } else {
                format!("{{\"{LINE_FIELD}\":{}}}", serde_json::to_string(&raw).unwrap()).into_bytes().into()
            }
        }).collect();
        let shown = |raw: &Raw| raw.as_bytes().escape_ascii().to_string();
        assert_eq!(again.iter().map(shown).collect::<Vec<_>>(), expected.iter().map(shown).collect::<Vec<_>>());
    }
}
