//! Rows are read as they were written.

use std::fs;

use super::*;
use crate::import::input::{Encoding, FormatName, Input, Options, Row};

const REASON: &str = "line 2, column 1: \"no\"; \\ ñ\nsecond line";

fn csv() -> Options {
    Options { format: Some(FormatName::Csv), encoding: Some(Encoding::UTF_8), ..Options::default() }
}

fn ndjson() -> Options {
    // Otherwise the encoding would be detected.
    Options { format: Some(FormatName::Ndjson), encoding: Some(Encoding::UTF_8), ..Options::default() }
}

fn rows(input: &Input) -> Vec<Row> {
    input.rows().unwrap().map(Result::unwrap).collect()
}

/// Returns the failed file of an input whose rows have all failed.
fn failed(text: &[u8], options: Options) -> Vec<u8> {
    let input = Input::copy_of(text, options).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("failed");
    let rows = rows(&input);
    let later = |row: &Row| row.content.as_ref().map_or_else(|faults| faults.later(), |update| &update.later).clone();
    let has_later = rows.iter().any(|row| !later(row).is_empty());
    let mut writer = RowWriter::create(&path, input.header().unwrap().as_ref(), has_later).unwrap();
    for row in rows {
        // The row as the journal has it.
        let raw = serde_json::from_str(&serde_json::to_string(&row.raw).unwrap()).unwrap();
        writer.write(&raw, REASON, &later(&row)).unwrap();
    }
    writer.finish().unwrap();
    fs::read(&path).unwrap()
}

#[test]
fn adds_a_first_column_to_csv_and_keeps_every_byte_of_rows() {
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
    let written = failed(input, options.clone());
    assert_eq!(String::from_utf8_lossy(&written), String::from_utf8_lossy(&expected));
    assert_eq!(failed(&written, options), written, "a second import writes the same");
}

#[test]
fn adds_a_first_field_to_ndjson_and_keeps_every_byte_of_rows() {
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
    let mut later = LaterKeys::default();
    later.insert("a;\"b", 17);
    let none = LaterKeys::default();
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
        let input = Input::copy_of(text.as_bytes(), options.clone()).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("failed");
        let mut writer = RowWriter::create(&path, input.header().unwrap().as_ref(), true).unwrap();
        for (row, later) in rows(&input).iter().zip([&later, &none]) {
            writer.write(&row.raw, "why", later).unwrap();
        }
        writer.finish().unwrap();
        let written = fs::read_to_string(&path).unwrap();
        assert_eq!(written, expected);
        let again = rows(&Input::copy_of(written.as_bytes(), options).unwrap());
        // Both rows are invalid.
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
fn the_finished_file_is_readable_by_its_owner_only() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("failed.ndjson");
    fs::write(&path, "before").unwrap();
    let mut writer = RowWriter::create(&path, None, false).unwrap();
    writer.write(&b"{}".to_vec().into(), "why", &LaterKeys::default()).unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"before");
    writer.finish().unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"{\"vambe_error\":\"why\"}\n");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    drop(RowWriter::create(&path, None, false).unwrap());
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "what is not finished leaves nothing");
    let error = RowWriter::create(&dir.path().join("none/failed"), None, false).unwrap_err().to_string();
    assert!(error.contains("none/failed`: free some space, or name another file"), "{error}");
}

proptest::proptest! {
    /// Invariant: a rejected row is written as it was read.
    #[test]
    fn any_rows_come_back_from_a_failed_file_as_they_were(lines: Vec<Vec<u8>>, objects: bool, as_csv: bool) {
        let mut text = if as_csv { b"contact_number,a,b\n".to_vec() } else { Vec::new() };
        for line in lines {
            // Mostly bytes with a meaning in one of the formats.
            let common = |byte| *b"{}\",: \n\r\\a1\xff\xc3".get(usize::from(byte % 20)).unwrap_or(&byte);
            let line = line.into_iter().map(common);
            text.extend(objects.then_some(b'{').into_iter().chain(line).chain([b'\n']));
        }
        let options = if as_csv { csv() } else { ndjson() };
        // With an open quote, there are no rows to compare.
        let Ok(input) = Input::copy_of(text.as_slice(), options.clone()) else { return Ok(()) };
        if input.stats().is_err() {
            return Ok(());
        }
        let before: Vec<_> = rows(&input).into_iter().map(|row| row.raw).collect();
        let written = failed(&text, options.clone());
        let again = rows(&Input::copy_of(written.as_slice(), options).unwrap());
        let again: Vec<_> = again.into_iter().map(|row| row.raw).collect();
        // A line with an object is unchanged; any other line is in `LINE_FIELD`.
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
