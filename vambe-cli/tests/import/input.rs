//! Inputs as they come: formats, encodings and compressions, and what is told of those that are wrong.

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

/// Two rows, with a quoted line end and a quoted comma in the first, and an empty cell in the second.
fn rows() -> String {
    format!(
        "contact_number,order_id,note\n{},hunter2-1,\"hunter2 \"\"a\"\",\nñ\"\n\"{}\",hunter2-2,\n",
        number(1),
        number(2)
    )
}

/// The same as NDJSON.
fn lines() -> String {
    let first =
        json!({ "contact_number": number(1), "metadata": { "order_id": "hunter2-1", "note": "hunter2 \"a\",\nñ" } });
    let second = json!({ "contact_number": number(2), "metadata": { "order_id": "hunter2-2" } });
    format!("{first}\n\n{second}")
}

/// What both come to; the line end within a cell is the one that stands there.
fn expected(line_end: &str) -> State {
    let pairs = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    };
    let note = format!("hunter2 \"a\",{line_end}ñ");
    let first = pairs(&[("order_id", "hunter2-1"), ("note", &note)]);
    [(ticket_id(1), first), (ticket_id(2), pairs(&[("order_id", "hunter2-2")]))].into()
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
fn each_form_of_the_same_rows_comes_to_the_same() {
    let (csv, ndjson) = (rows(), lines());
    // Between cells only: the comma within one stays, and is then one like any other.
    let with = |delimiter: &str| {
        csv.replace(",order", &format!("{delimiter}order"))
            .replace(",note", &format!("{delimiter}note"))
            .replace(",hunter2", &format!("{delimiter}hunter2"))
            .replace(",\"hunter2", &format!("{delimiter}\"hunter2"))
            .replace("2-2,", &format!("2-2{delimiter}"))
    };
    let crlf = csv.replace('\n', "\r\n");
    let cases: [(&str, Vec<u8>, &[&str], &str); 16] = [
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
fn the_standard_input_is_known_again_by_its_content() {
    for (content, args) in [(rows().into_bytes(), &[][..]), (gzip(&rows()), &[]), (lines().into(), &[])] {
        let bench = Bench::new(2, "-", "");
        std::fs::remove_file(bench.path("-")).unwrap();
        let piped = || checked(bench.command(args).write_stdin(content.clone()));
        piped().assert(0, &[]);
        assert_eq!(bench.state(), expected("\n"));
        let files = bench.files();
        let [journal] = files.iter().collect::<Vec<_>>()[..] else { panic!("{files:?}") };
        assert!(journal.starts_with("stdin-") && journal.ends_with(".journal"), "{journal}");
        piped().assert(0, &[&format!("going on with {journal}"), "2 applied"]);
        assert_eq!(bench.emulator.updates(), 2);
    }
}

#[test]
fn each_identifier_names_its_ticket_and_a_closed_one_only_where_it_may() {
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
fn an_input_that_cannot_be_read_is_refused_with_what_to_do() {
    let csv = rows();
    let utf16: Vec<u8> = csv.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let gz = gzip(&csv);
    let mut damaged = gz.clone();
    damaged[20] ^= 0xff;
    let header = csv.split_once('\n').unwrap();
    let cases: [(&str, Vec<u8>, &str); 10] = [
        ("a.csv", [&b"\xff\xfe"[..], &utf16].concat(), "the input is in UTF-16 or UTF-32: save it as UTF-8"),
        ("a.csv", utf16, "the input is in UTF-16 or UTF-32: save it as UTF-8"),
        (
            "a.csv",
            b"contact_number,a\xf1o\n".to_vec(),
            "line 1, column 17: the name of a column is not UTF-8: save the file",
        ),
        ("a.csv", header.1.into(), "the first line seems to be a row: begin with a line that names the columns"),
        ("a.csv", csv[..csv.rfind("ñ").unwrap()].into(), "the quoted cell that begins in line 2 does not end"),
        ("a.csv", b"contact_number,Ticket-ID,note\n".to_vec(), "the header has `Ticket-ID`: write `ticket_id`"),
        ("a.csv.gz", csv.clone().into(), "the name says that the file is compressed with gzip, and it is not"),
        ("a.csv.gz", gz[..gz.len() - 10].to_vec(), "the gzip data ends too early"),
        ("a.csv.gz", damaged, "the gzip data is damaged: fetch or make the file again"),
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
fn a_cell_of_a_megabyte_is_sent_as_it_is_and_what_the_server_says_of_it_is_kept() {
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

/// Rows with every kind of fault.
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
    // ñ in Latin-1.
    *bytes.last_mut().unwrap() = 0xf1;
    bytes
}

/// What is told of [`faulty`].
const FAULTS: &str = "\
orders.csv:3:14: ticket_id and contact_number are given: give exactly one of ticket_id, ai_contact_id, contact_number
orders.csv:4:1: none of ticket_id, ai_contact_id, contact_number is given: give exactly one
orders.csv:5:1: the contact number has a letter at character 7: write digits only
orders.csv:6:4: `ticket_id` is not a UUID: write it as in a1b2c3d4-e5f6-7890-abcd-ef1234567890
orders.csv:6:12: `allow_closed_ticket` is neither true nor false: write one of them, or nothing
orders.csv:6:28: in `note`, text follows a closing quote: within quotes, write a quote twice
orders.csv:6:4: ticket_id and contact_number are given: give exactly one of ticket_id, ai_contact_id, contact_number
orders.csv:7:1: the metadata is empty: give at least one key-value pair, or leave the update out
orders.csv:8:1: the row has 4 cells, the header has 5 columns: put cells with `,` or line ends in them in quotes
orders.csv:9:24: `note` is not UTF-8: save the file as UTF-8
";

#[test]
fn a_dry_run_tells_of_every_fault_with_its_place_and_sends_nothing() {
    let bench = Bench::new(2, "orders.csv", faulty());
    let outcome = bench.run(&["--dry-run"]);
    outcome.assert(1, &[]);
    let (is_wrong, rest) = outcome.stdout.split_once("7 rows: ").unwrap();
    assert_eq!(is_wrong, FAULTS);
    assert!(rest.starts_with("1 valid, 6 invalid\n  1  rejected    -  "), "{rest}");
    assert!(rest.ends_with("\nnothing was sent\n"), "{rest}");
    assert_eq!(outcome.stderr, "");

    let events = bench.events(&["--dry-run"]);
    events.outcome.assert(1, &[]);
    assert_eq!(events.counts(), [0, 6, 1, 0]);
    assert_eq!(events.summary()["end"], "checked");
    let told = events.named("fault").into_iter().map(|fault| {
        format!("orders.csv:{}:{}: {}\n", fault["line"], fault["column"], fault["reason"].as_str().unwrap())
    });
    assert_eq!(told.collect::<String>(), FAULTS);
    assert_eq!((bench.emulator.connections(), bench.files().len()), (0, 1));

    // A run rejects the same rows, without having sent them.
    let events = bench.events(&[]);
    events.outcome.assert(1, &[]);
    assert_eq!(events.counts(), [1, 6, 0, 0]);
    assert!(events.named("row").iter().all(|row| row["attempts"] == 0 && row["status"].is_null()));
    assert_eq!(bench.emulator.updates(), 1);
}

#[test]
fn a_dry_run_of_good_rows_says_that_they_are_well() {
    for content in [rows(), lines()] {
        let bench = Bench::new(2, "-", "");
        let outcome = checked(bench.command(&["--dry-run"]).write_stdin(content));
        assert_eq!(outcome.assert(0, &[]).stdout, "2 rows: 2 valid\nnothing was sent\n");
        assert_eq!((bench.emulator.connections(), bench.files().len()), (0, 1));
    }
}

#[test]
fn an_input_that_is_changed_while_it_is_read_is_not_said_to_be_applied() {
    // All for one ticket, so that they are joined; far more than are read ahead.
    let text: String = (1..=20_000).map(|row| format!("{},hunter2-{row:05}\n", number(1))).collect();
    let text = format!("contact_number,order_id\n{text}");
    for (case, changed) in
        [("cut", text[..text.len() / 2].to_owned()), ("edited", text.replace("hunter2-19999", "hunter2-x"))]
    {
        let bench = Bench::new(1, "orders.csv", &text);
        // Only a lost connection ends it, which is below.
        bench.emulator.inject("latency:3600s".parse().unwrap());
        let mut running = bench.start(&["--join-rows"]);
        assert!(!bench.wait_for_updates(1, &mut running));
        bench.write("orders.csv", changed);
        bench.emulator.refuse_connections();
        bench.emulator.accept_connections().unwrap();
        running.wait_for_line("error: the input was changed while it was imported");
        assert_eq!(running.wait().code(), Some(3), "{case}");
    }
}
