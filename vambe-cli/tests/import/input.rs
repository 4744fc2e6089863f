//! Formats, encodings and compressions of inputs, and errors for invalid ones.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write as _,
};

use flate2::{Compression, write::GzEncoder};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use serde_json::json;
use vambe_emulator::{Contact, Emulator, Seed, Ticket};

use super::{Bench, SECRET, State, checked};
use crate::support::{API_KEY, contact_id, number, ticket_id};

/// Returns two rows, with a quoted line end and a quoted comma in the first, and an empty cell in the second.
fn rows() -> String {
    format!(
        "contact_number,order_id,note\n{},hunter2-1,\"hunter2 \"\"a\"\",\nñ\"\n\"{}\",hunter2-2,\n",
        number(1),
        number(2)
    )
}

/// Returns these rows as NDJSON.
fn lines() -> String {
    let first =
        json!({ "contact_number": number(1), "metadata": { "order_id": "hunter2-1", "note": "hunter2 \"a\",\nñ" } });
    let second = json!({ "contact_number": number(2), "metadata": { "order_id": "hunter2-2" } });
    format!("{first}\n\n{second}")
}

/// The resulting state; a line end within a cell is kept.
fn expected(line_end: &str) -> State {
    let pairs = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    };
    let note = format!("hunter2 \"a\",{line_end}ñ");
    let first = pairs(&[("order_id", "hunter2-1"), ("note", &note)]);
    [(ticket_id(1), first), (ticket_id(2), pairs(&[("order_id", "hunter2-2")]))].into()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn zstd(text: &str) -> Vec<u8> {
    compress_to_vec(text.as_bytes(), CompressionLevel::Fastest)
}

#[test]
fn each_form_of_the_same_rows_has_the_same_result() {
    let (csv, ndjson) = (rows(), lines());
    // Between cells only: commas within cells stay.
    let with = |delimiter: &str| {
        csv.replace(",order", &format!("{delimiter}order"))
            .replace(",note", &format!("{delimiter}note"))
            .replace(",hunter2", &format!("{delimiter}hunter2"))
            .replace(",\"hunter2", &format!("{delimiter}\"hunter2"))
            .replace("2-2,", &format!("2-2{delimiter}"))
    };
    let crlf = csv.replace('\n', "\r\n");
    let windows = csv.replace('ñ', "\u{1}").bytes().map(|byte| if byte == 1 { 0xf1 } else { byte }).collect::<Vec<_>>();
    let cases: [(&str, Vec<u8>, &[&str], &str); 22] = [
        ("a.csv", csv.clone().into(), &[], "\n"),
        ("a.CSV", csv.clone().into(), &[], "\n"),
        ("a", csv.clone().into(), &[], "\n"),
        ("a.csv", csv.trim_end_matches('\n').into(), &[], "\n"),
        ("a.csv", format!("\u{feff}{csv}").into(), &[], "\n"),
        ("a.csv", crlf.clone().into(), &[], "\r\n"),
        ("a.csv", format!("\u{feff}{crlf}\r\n").into(), &[], "\r\n"),
        ("a.csv", with(";").into(), &["--delimiter", ";"], "\n"),
        ("a.csv", with("\t").into(), &["--delimiter", "tab"], "\n"),
        ("a.tsv", with("\t").into(), &[], "\n"),
        ("a.csv", with(";").into(), &[], "\n"),
        ("a.csv", with("|").into(), &[], "\n"),
        ("a.csv", windows.clone(), &[], "\n"),
        ("a.csv", windows, &["--encoding", "iso-8859-15"], "\n"),
        ("a.csv", utf16(&format!("\u{feff}{csv}")), &[], "\n"),
        ("a.ndjson", utf16(&ndjson), &[], "\n"),
        ("a.csv.gz", gzip(&csv), &[], "\n"),
        ("a.csv.zst", zstd(&csv), &[], "\n"),
        ("a.ndjson", ndjson.clone().into(), &[], "\n"),
        ("a.jsonl", format!("\u{feff}{}", ndjson.replace('\n', "\r\n")).into(), &[], "\n"),
        ("a.ndjson.gz", [gzip(&ndjson[..40]), gzip(&ndjson[40..])].concat(), &[], "\n"),
        ("a.data", zstd(&ndjson), &["--input-format", "ndjson"], "\n"),
    ];
    for (input, content, args, line_end) in cases {
        let bench = Bench::new(2, input, content);
        let events = bench.events(args);
        events.outcome.assert(0, &[]);
        assert_eq!(events.counts(), [2, 0, 0, 0], "{input} {args:?}");
        assert_eq!(bench.state(), expected(line_end), "{input} {args:?}");
    }
}

#[test]
fn the_standard_input_is_recognised_by_its_content() {
    for (content, args) in [(rows().into_bytes(), &[][..]), (gzip(&rows()), &[]), (lines().into(), &[])] {
        let bench = Bench::new(2, "-", "");
        std::fs::remove_file(bench.path("-")).unwrap();
        let piped = || checked(bench.command(args).write_stdin(content.clone()));
        piped().assert(0, &[]);
        assert_eq!(bench.state(), expected("\n"));
        let files = bench.files();
        let [journal] = files.iter().collect::<Vec<_>>()[..] else { panic!("{files:?}") };
        assert!(journal.starts_with("stdin-") && journal.ends_with(".journal"), "{journal}");
        piped().assert(0, &[&format!("resuming {journal}"), "2 applied"]);
        assert_eq!(bench.emulator.updates(), 2);
    }
}

#[test]
fn each_identifier_finds_its_ticket_closed_ones_if_allowed() {
    let contacts = (1..=3).map(|index| {
        let closed = Ticket::closed(ticket_id(index));
        Contact::new(contact_id(index)).with_number(number(index)).with_ticket(closed)
    });
    let seed = contacts.fold(Seed::new(API_KEY), Seed::with_contact);
    let emulator = Emulator::builder().state(seed).start().unwrap();
    let text = format!(
        "ticket_id,ai_contact_id,contact_number,allow_closed_ticket,note\n{},,,,hunter2\n,{},,TRUE,hunter2\n,,{},false,hunter2\n\
         ,,{},,hunter2\n,,{}, 1 ,hunter2\n",
        ticket_id(1),
        contact_id(2),
        number(3),
        number(3),
        number(3)
    );
    let bench = Bench { emulator, ..Bench::new(0, "orders.csv", text) };
    let events = bench.events(&["--in-flight", "1"]);
    events.outcome.assert(1, &[]);
    assert_eq!(events.counts(), [3, 2, 0, 0]);
    assert_eq!(bench.journal().rows("rejected"), BTreeSet::from([3, 4]));
    let bodies: Vec<_> = bench.emulator.requests().iter().map(|request| request.json().unwrap()).collect();
    let metadata = json!({ "note": SECRET });
    let expected = [
        json!({ "ticket_id": ticket_id(1).to_string(), "metadata": metadata }),
        json!({ "ai_contact_id": contact_id(2).to_string(), "allow_closed_ticket": true, "metadata": metadata }),
        json!({ "contact_number": number(3), "allow_closed_ticket": false, "metadata": metadata }),
        json!({ "contact_number": number(3), "metadata": metadata }),
        json!({ "contact_number": number(3), "allow_closed_ticket": true, "metadata": metadata }),
    ];
    assert_eq!(bodies, expected);
}

#[test]
fn rejects_unreadable_inputs_with_advice() {
    let csv = rows();
    let gz = gzip(&csv);
    let mut damaged = gz.clone();
    // In the checksum.
    *damaged.iter_mut().rev().nth(6).unwrap() ^= 0xff;
    let header = csv.split_once('\n').unwrap();
    let cases: [(&str, Vec<u8>, &str); 11] = [
        ("a.csv", b"\xff\xfe\0\0c\0\0\0".to_vec(), "the input is UTF-32: save it as UTF-8"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), "the input is an old or a password-protected workbook"),
        ("a.xlsx", b"PK\x03\x04".to_vec(), "the workbook is damaged: open it in a spreadsheet program"),
        (
            "a.csv",
            b"contact_number,a\xf1o \xc3\xb1\n".to_vec(),
            "line 1, column 17: the column name has a byte that is not valid in the encoding of the file",
        ),
        ("a.csv", header.1.into(), "the first line looks like a row: start with a line of column names"),
        ("a.csv", csv[..csv.rfind("ñ").unwrap()].into(), "the quoted cell that starts in line 2 does not end"),
        ("a.csv", b"contact_number,Ticket-ID,note\n".to_vec(), "the header has `Ticket-ID`: write `ticket_id`"),
        ("a.csv.gz", csv.clone().into(), "the file is named like gzip data but is not compressed"),
        ("a.csv.gz", gz[..gz.len() - 10].to_vec(), "the gzip data ends too early"),
        ("a.csv.gz", damaged, "the gzip data is damaged: download or create the file again"),
        ("a.json", format!("[{}]", lines()).into(), "the input is a JSON array: write one object a line"),
    ];
    for (input, content, words) in cases {
        let bench = Bench::new(2, input, content);
        for args in [&[][..], &["--dry-run"]] {
            let outcome = bench.run(args);
            outcome.assert(2, &["error: ", words]).assert_hides(&["ñ"]);
            assert_eq!(outcome.stdout, "", "{words}");
        }
        assert_eq!(bench.emulator.updates(), 0);
        assert_eq!(bench.files().len(), 1, "{words}: {:?}", bench.files());
    }
}

#[test]
fn sends_a_cell_of_a_megabyte_and_keeps_the_servers_message() {
    let large = format!("{SECRET}\"\n").repeat(1 << 17);
    let quoted = large.replace('"', "\"\"");
    let text = format!("contact_number,note\n{},\"{quoted}\"\n{},hunter2\n", number(1), number(2));
    let bench = Bench::new(2, "orders.csv", &text);
    bench.run(&["--dry-run"]).assert(0, &[]);
    let outcome = bench.run(&[]);
    outcome.assert(1, &[]);
    assert!(outcome.stdout.contains("  1  rejected  413  request entity too large\n"), "{outcome:?}");
    let failed = format!(
        "vambe_error,contact_number,note\n\"line 2: 413 request entity too large\",{},\"{quoted}\"\n",
        number(1)
    );
    assert!(bench.read("orders.failed.csv") == failed.as_bytes(), "another file");
    assert_eq!(bench.emulator.updates(), 1);
}

/// Returns rows with every kind of fault.
fn faulty() -> Vec<u8> {
    let (one, two) = (number(1), number(2));
    let rows = [
        "contact_number,ticket_id,allow_closed_ticket,order_id,note",
        &format!("{one},,,hunter2,"),
        &format!("{one},a1b2c3d4-e5f6-7890-abcd-ef1234567890,,hunter2,"),
        ",,,hunter2,",
        "\"+56 9\nx\",hunter2,hunter2,hunter2,\"hunter2\"2",
        &format!("{one},,,,"),
        &format!("{two},,,hunter2"),
        &format!("{two},,,hunter2,\u{0}"),
    ];
    let mut bytes = rows.join("\n").into_bytes();
    // Neither UTF-8 nor Windows-1252.
    *bytes.last_mut().unwrap() = 0x81;
    bytes
}

/// The report on [`faulty`].
const FAULTS: &str = "\
orders.csv:3:14: ticket_id and contact_number are given: give exactly one of ticket_id, ai_contact_id, contact_number
orders.csv:4:1: none of ticket_id, ai_contact_id, contact_number is given: give exactly one
orders.csv:5:1: the contact number has a letter at character 7: write digits only
orders.csv:6:4: `ticket_id` is not a UUID: write it as in a1b2c3d4-e5f6-7890-abcd-ef1234567890
orders.csv:6:12: `allow_closed_ticket` is neither true nor false: write one of them, or leave it empty
orders.csv:6:28: in `note`, text follows a closing quote: write quotes within quotes twice
orders.csv:6:4: ticket_id and contact_number are given: give exactly one of ticket_id, ai_contact_id, contact_number
orders.csv:7:1: the metadata is empty: give at least one key-value pair, or leave the update out
orders.csv:8:1: the row has 4 cells, the header has 5 columns: quote cells that contain `,` or line ends
orders.csv:9:24: `note` has a byte that is not valid in the encoding of the file: save the file as UTF-8, or give `--encoding`
";

#[test]
fn a_dry_run_reports_every_fault_and_sends_nothing() {
    let bench = Bench::new(2, "orders.csv", faulty());
    let outcome = bench.run(&["--dry-run"]);
    outcome.assert(1, &[]);
    let (faults, rest) = outcome.stdout.split_once("7 rows: ").unwrap();
    assert_eq!(faults, FAULTS);
    assert!(rest.starts_with("1 valid, 6 invalid\n  1  rejected    -  "), "{rest}");
    assert!(rest.ends_with("\nnothing was sent\n"), "{rest}");
    assert_eq!(outcome.stderr, "");

    let events = bench.events(&["--dry-run"]);
    events.outcome.assert(1, &[]);
    assert_eq!(events.counts(), [0, 6, 1, 0]);
    assert_eq!(events.summary()["end"], "checked");
    let faults = events.named("fault").into_iter().map(|fault| {
        format!("orders.csv:{}:{}: {}\n", fault["line"], fault["column"], fault["reason"].as_str().unwrap())
    });
    assert_eq!(faults.collect::<String>(), FAULTS);
    assert_eq!((bench.emulator.connections(), bench.files().len()), (0, 1));

    // A run rejects the same rows without sending them.
    let events = bench.events(&[]);
    events.outcome.assert(1, &[]);
    assert_eq!(events.counts(), [1, 6, 0, 0]);
    assert!(events.named("row").iter().all(|row| row["attempts"] == 0 && row["status"].is_null()));
    assert_eq!(bench.emulator.updates(), 1);
}

#[test]
fn a_dry_run_of_valid_rows_reports_them_as_valid() {
    for content in [rows(), lines()] {
        let bench = Bench::new(2, "-", "");
        let outcome = checked(bench.command(&["--dry-run"]).write_stdin(content));
        assert_eq!(outcome.assert(0, &[]).stdout, "2 rows: 2 valid\nnothing was sent\n");
        assert_eq!((bench.emulator.connections(), bench.files().len()), (0, 1));
    }
}

#[test]
fn an_input_that_changes_during_the_import_is_an_error() {
    // All for one ticket, so that they are joined, and far more than are read ahead.
    let text: String = (1..=20_000).map(|row| format!("{},hunter2-{row:05}\n", number(1))).collect();
    let text = format!("contact_number,order_id\n{text}");
    for (case, changed) in
        [("cut", text[..text.len() / 2].to_owned()), ("edited", text.replace("hunter2-19999", "hunter2-x"))]
    {
        let bench = Bench::new(1, "orders.csv", &text);
        // Only a lost connection ends it: see below.
        bench.emulator.inject("latency:3600s".parse().unwrap());
        let mut running = bench.start(&["--join-rows"]);
        assert!(!bench.wait_for_updates(1, &mut running));
        bench.write("orders.csv", changed);
        bench.emulator.refuse_connections();
        bench.emulator.accept_connections().unwrap();
        running.wait_for_line("error: the input was changed during the import");
        assert_eq!(running.wait().code(), Some(3), "{case}");
    }
}
