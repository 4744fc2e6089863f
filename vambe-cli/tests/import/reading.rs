//! Inputs as people have them: other encodings, column names and constant pairs, the first rows, and workbooks.

use std::fs;

use serde_json::json;

use super::{Bench, State};
use crate::support::{Outcome, number, ticket_id};

fn pairs(index: u32, pairs: &[(&str, &str)]) -> State {
    [(ticket_id(index), pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect())].into()
}

/// The faults of `libreoffice.xlsx`.
const FAULTS: &str = "\
orders.xlsx:A2: the contact number has no `+`: write it with `+` and its country code, as in +56912345678, or give \
`--default-country`
orders.xlsx:B3: `Pedido` is a number of more than 15 digits, which spreadsheets round: format the column as text and enter the \
number again
orders.xlsx:F5: `Nota` has an error such as #N/A: fix its formula, or empty the cell
orders.xlsx:A8: the metadata is empty: give at least one key-value pair, or leave the update out
";

/// Asserts the exit code and parts of both outputs.
#[track_caller]
fn assert_says(outcome: &Outcome, code: i32, words: &[&str]) {
    assert_eq!(outcome.code, code, "{outcome:?}");
    let all = format!("{}{}", outcome.stdout, outcome.stderr);
    for word in words {
        assert!(all.contains(word), "{word:?} is not in {outcome:?}");
    }
}

/// Returns a workbook of `fixtures/workbooks`.
fn workbook(name: &str) -> Vec<u8> {
    // Cargo runs tests in the folder of their package.
    fs::read(format!("tests/fixtures/workbooks/{name}")).unwrap()
}

#[test]
fn says_what_it_has_detected_and_continues_with_it() {
    let text = format!("contact_number;note\n{};hunter2 a\u{1}o\n{};hunter2\n", number(1), number(9));
    let bytes: Vec<u8> = text.bytes().map(|byte| if byte == 1 { 0xf1 } else { byte }).collect();
    let bench = Bench::new(1, "orders.csv", bytes);
    let said = "reading orders.csv as Windows-1252, with `;` as the delimiter";
    assert_says(&bench.run(&["--dry-run"]), 0, &[said, "2 rows: 2 valid"]);
    assert_says(&bench.run(&[]), 1, &[said, "1 applied, 1 rejected"]);
    assert_eq!(bench.state(), pairs(1, &[("note", "hunter2 año")]));
    assert_says(&bench.run(&[]), 1, &[said, "no rows left to send"]);
    // UTF-8, which spreadsheets recognise by the mark.
    let failed =
        format!("\u{feff}vambe_error;contact_number;note\n\"line 3: 404 Contact not found\";{};hunter2\n", number(9));
    assert_eq!(String::from_utf8(bench.read("orders.failed.csv")).unwrap(), failed);
    assert_says(
        &bench.run(&["--encoding", "macintosh"]),
        2,
        &["read with other options (--encoding was \"Windows-1252\" and is \"macintosh\")"],
    );
    assert_eq!(bench.emulator.updates(), 1);
}

#[test]
fn maps_columns_and_sets_constant_pairs() {
    let text = format!("Nombre,Teléfono,ORDEN\nhunter2,{},hunter2-1\n", number(1));
    let bench = Bench::new(1, "orders.csv", text);
    let options = ["--map", "contact_number=telefono", "--map", "order_id=Orden", "--set", "source=hunter2 x=y"];
    let advice = "`Teléfono` looks like contact_number: add `--map contact_number=Teléfono`";
    assert_says(&bench.run(&["--dry-run"]), 2, &["found: `Nombre`, `Teléfono`, `ORDEN`", advice]);
    assert_says(&bench.run(&options), 0, &[]);
    let expected = pairs(1, &[("Nombre", "hunter2"), ("order_id", "hunter2-1"), ("source", "hunter2 x=y")]);
    assert_eq!(bench.state(), expected);
    for (options, difference) in [
        (&options[..4], "(--set had other pairs)"),
        (&[&options[..4], &["--set", "source=hunter2"]].concat(), "(--set had other pairs)"),
        (
            &[&options[..2], &options[4..]].concat(),
            "(--map was \"contact_number=telefono, order_id=Orden\" and is \"contact_number=telefono\")",
        ),
    ] {
        assert_says(&bench.run(options), 2, &["caused by: the journal belongs to the same input", difference]);
    }
    assert_eq!(bench.emulator.updates(), 1);
}

#[test]
fn rejects_contradictory_options_before_anything_is_sent() {
    let csv = format!("contact_number,note\n{},hunter2\n", number(1));
    let ndjson = json!({ "contact_number": number(1), "metadata": { "note": "hunter2" } }).to_string();
    for (input, content, args, code, words) in [
        (
            "a.csv",
            csv.clone(),
            &["--set", "note=hunter2"][..],
            2,
            "`note` is a column and also in --set: leave out one of them",
        ),
        ("a.csv", csv.clone(), &["--set", "hunter2"], 2, "caused by: pair 1 has no `=`: write KEY=VALUE"),
        (
            "a.csv",
            csv.clone(),
            &["--set", "ticket_id=hunter2"],
            2,
            "--set has `ticket_id`, which is not a metadata key",
        ),
        (
            "a.csv",
            csv.clone(),
            &["--map", "a=x"],
            2,
            "no column is `x`, which --map names; found: `contact_number`, `note`",
        ),
        (
            "a.csv",
            csv.clone(),
            &["--map", "contact_number=note"],
            2,
            "two columns are `contact_number`: rename or delete one",
        ),
        ("a.csv", csv.clone(), &["--map", "a=note", "--map", "a=contact_number"], 2, "--map names `a` twice"),
        ("a.csv", csv.clone(), &["--map", "note"], 2, "write NAME=COLUMN, as in contact_number=Phone"),
        ("a.csv", csv.clone(), &["--encoding", "ebcdic"], 2, "use the name of an encoding, as in utf-8"),
        ("a.csv", csv, &["--sheet", "a"], 2, "--sheet is for workbooks: leave it out"),
        (
            "a.ndjson",
            ndjson.clone(),
            &["--map", "a=x"],
            2,
            "the input is NDJSON, which has no columns: leave out --map",
        ),
        (
            "a.ndjson",
            ndjson,
            &["--set", "note=hunter2"],
            1,
            "the metadata key `note` is also in --set: leave out one of them",
        ),
    ] {
        let bench = Bench::new(1, input, content);
        assert_says(&bench.run(args), code, &[words]);
        assert_eq!(bench.emulator.updates(), 0);
    }
}

#[test]
fn a_start_with_the_first_rows_continues_without_the_limit() {
    let bench = Bench::new(20, "orders.csv", super::csv(20));
    let left_out = "left out 15 rows after row 5: run without --limit-rows to send them";
    assert_says(&bench.run(&["--dry-run", "--limit-rows", "5"]), 0, &["5 rows: 5 valid"]);
    assert_says(&bench.run(&["--limit-rows", "5"]), 0, &["5 rows: 5 applied", left_out]);
    assert_eq!(bench.emulator.updates(), 5);
    assert_says(&bench.run(&["--limit-rows", "5"]), 0, &["no rows left to send", "5 rows: 5 applied", left_out]);
    assert_says(&bench.run(&[]), 0, &["20 rows: 20 applied"]);
    assert_eq!(bench.emulator.updates(), 20);
    assert_says(&bench.run(&["--limit-rows", "5"]), 0, &["20 rows: 20 applied"]);
    assert_says(&bench.run(&["--limit-rows", "50"]), 0, &["20 rows: 20 applied"]);
}

#[test]
fn imports_a_sheet_of_a_workbook() {
    let bench = Bench::new(4, "orders.xlsx", workbook("libreoffice.xlsx"));
    let map = ["--map", "contact_number=Teléfono"];
    let outcome = bench.run(&[&map[..], &["--dry-run"]].concat());
    outcome.assert(1, &["reading orders.xlsx from the sheet \"Clientes\"\n"]);
    let (faults, rest) = outcome.stdout.split_once("6 rows: ").unwrap();
    assert_eq!(faults, FAULTS);
    assert!(rest.starts_with("2 valid, 4 invalid\n"), "{rest}");

    let events = bench.events(&[&map[..], &["--dry-run"]].concat());
    let cells: Vec<_> = events.named("fault").iter().map(|fault| fault["cell"].clone()).collect();
    assert_eq!(cells, ["A2", "B3", "F5", "A8"]);

    let failed = "to fix and import again with the same --map: orders.xlsx.failed.csv";
    assert_says(&bench.run(&map), 1, &["6 rows: 2 applied, 4 rejected", failed]);
    let failed = String::from_utf8_lossy(&bench.read("orders.xlsx.failed.csv")).into_owned();
    assert!(failed.starts_with("\u{feff}vambe_error;Teléfono;Pedido;"), "{failed}");
    // The header, and the first row, which has a line end in a cell.
    let fixed: String =
        failed.lines().take(3).map(|line| line.replace(";56900000001", ";+56900000001") + "\n").collect();
    bench.write("fixed.csv", &fixed);
    let fixed = Bench { input: "fixed.csv", ..bench };
    assert_says(&fixed.run(&map), 0, &["with `;` as the delimiter", "1 row: 1 applied"]);
    assert_eq!(fixed.state()[&ticket_id(1)]["Fecha"], "2026-11-29");

    let two = Bench::new(1, "orders.xlsx", workbook("two-sheets.xlsx"));
    two.run(&[])
        .assert(2, &["several sheets of the workbook have content: name one with --sheet; found: `Enero`, `Febrero`"]);
    two.run(&["--sheet", "Febrero", "--delimiter", ";"]).assert(2, &["a workbook has no encoding, delimiter"]);
    assert_says(&two.run(&["--sheet", "febrero"]), 0, &["1 row: 1 applied"]);
    two.run(&["--sheet", "Enero"]).assert(2, &["(--sheet was \"Febrero\" and is \"Enero\")"]);
}

#[test]
fn a_spanish_workbook_needs_one_command_line() {
    let bench = Bench::new(3, "clientes.xlsx", workbook("clientes.xlsx"));
    let said = "reading clientes.xlsx from the sheet \"clientes\"";
    let advice = "`Teléfono` looks like contact_number: add `--map contact_number=Teléfono`";
    assert_says(&bench.run(&["--dry-run"]), 2, &[said, advice]);

    let options = ["--map", "contact_number=Teléfono", "--map", "order_id=Pedido", "--default-country", "CL"];
    let check = bench.run(&[&options[..2], &["--dry-run"]].concat());
    let no_plus = "the contact number has no `+`: write it with `+` and its country code, as in +56912345678, or give \
                   `--default-country`";
    let (second, fourth) = (format!("clientes.xlsx:B2: {no_plus}\n"), format!("clientes.xlsx:B4: {no_plus}\n"));
    assert_says(&check, 1, &[&second, &fourth, "3 rows: 1 valid, 2 invalid"]);
    let read_as = "2 rows: the contact number has no `+` and is read as a number of Chile (+56)\n";
    assert_says(&bench.run(&[&options[..], &["--dry-run"]].concat()), 0, &[read_as, "3 rows: 3 valid"]);
    let events = bench.events(&[&options[..], &["--dry-run"]].concat());
    assert_eq!(events.summary()["national_numbers"], json!([{ "country": "Chile (+56)", "rows": 2 }]));
    assert_eq!(bench.emulator.connections(), 0);

    assert_says(&bench.run(&options), 0, &["3 rows: 3 applied"]);
    let state = bench.state();
    let orders: Vec<_> = (1..=3).map(|index| state[&ticket_id(index)]["order_id"].as_str()).collect();
    assert_eq!(orders, ["hunter2-1", "hunter2-2", "hunter2-3"]);
    assert_eq!(state[&ticket_id(1)]["Fecha"], "2026-11-29");

    let other = [&options[..4], &["--default-country", "IN"]].concat();
    assert_says(&bench.run(&other), 2, &["(--default-country was \"CL\" and is \"IN\")"]);
    let unknown = [&options[..4], &["--default-country", "Chile"]].concat();
    assert_says(&bench.run(&unknown), 2, &["the country is unknown: write its code of two letters"]);
}
