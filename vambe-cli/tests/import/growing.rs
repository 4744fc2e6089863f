//! An input that changes during its import.

use super::{Bench, csv};
use crate::support::number;

#[test]
fn rows_appended_during_an_import_are_not_sent() {
    let bench = Bench::new(2, "orders.csv", csv(1));
    bench.emulator.inject("latency:5s".parse().unwrap());
    let mut running = bench.start(&[]);
    assert!(!bench.wait_for_updates(1, &mut running));
    bench.write("orders.csv", csv(2));
    running.wait_for_line(
        "error: the input has grown during the import: nothing after its first 1 row was sent; import the added rows",
    );
    assert_eq!(running.wait().code(), Some(3));
    assert_eq!(bench.journal().counts(), [1, 0]);
    assert_eq!(bench.emulator.updates(), 1);
}

#[test]
fn more_rows_than_counted_are_a_change_of_the_input() {
    // More than one read; the rows after the first are replaced by more rows before they are read.
    let row = |row: u32, length| format!("{},hunter2-{row:0length$}\n", number(1));
    let text = |length| (1..=40_000).map(|index| row(index, length)).collect::<String>();
    let (long, short) = (text(40), text(20) + &text(20));
    let begin = format!("contact_number,order_id\n{}", &long[..long.len() / 2]);
    let bench = Bench::new(1, "orders.csv", format!("contact_number,order_id\n{long}"));
    bench.emulator.inject("latency:5s".parse().unwrap());
    let mut running = bench.start(&["--join-rows"]);
    assert!(!bench.wait_for_updates(1, &mut running));
    bench.write("orders.csv", begin + &short);
    running.wait_for_line("error: the input was changed during the import");
    assert_eq!(running.wait().code(), Some(3));
}
