//! An input that others write while it is imported.

use super::{Bench, csv};
use crate::support::number;

#[test]
fn what_is_added_to_an_input_while_it_is_imported_is_not_sent() {
    let bench = Bench::new(2, "orders.csv", csv(1));
    bench.emulator.inject("latency:5s".parse().unwrap());
    let mut running = bench.start(&[]);
    assert!(!bench.wait_for_updates(1, &mut running));
    bench.write("orders.csv", csv(2));
    running.wait_for_line(
        "error: the input has grown while it was imported: nothing after its first 1 row was sent; import what was added",
    );
    assert_eq!(running.wait().code(), Some(3));
    assert_eq!(bench.journal().counts(), [1, 0]);
    assert_eq!(bench.emulator.updates(), 1);
}

#[test]
fn more_rows_than_were_counted_are_no_fault_of_vambe() {
    // More than one read; the rows behind the first are others, and more, by the time that they are read.
    let row = |row: u32, length| format!("{},hunter2-{row:0length$}\n", number(1));
    let text = |length| (1..=40_000).map(|index| row(index, length)).collect::<String>();
    let (long, short) = (text(40), text(20) + &text(20));
    let begin = format!("contact_number,order_id\n{}", &long[..long.len() / 2]);
    let bench = Bench::new(1, "orders.csv", format!("contact_number,order_id\n{long}"));
    bench.emulator.inject("latency:5s".parse().unwrap());
    let mut running = bench.start(&["--join-rows"]);
    assert!(!bench.wait_for_updates(1, &mut running));
    bench.write("orders.csv", begin + &short);
    running.wait_for_line("error: the input was changed while it was imported");
    assert_eq!(running.wait().code(), Some(3));
}
