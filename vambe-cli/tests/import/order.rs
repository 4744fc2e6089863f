//! Rows of the same ticket: applied in their order, each on its own or joined.

use vambe_emulator::Fault;

use super::{Bench, SECRET};
use crate::support::{number, ticket_id};

const ROWS: u32 = 300;
const CONTACTS: u32 = 5;

/// Returns rows of a few contacts in turn. The last row of each wins; empty cells change nothing.
fn rows() -> String {
    let rows = (0..ROWS).map(|row| {
        let note = if row < CONTACTS { "hunter2-note" } else { "" };
        format!("{},{SECRET}-{row},{note}\n", number(1 + row % CONTACTS))
    });
    "contact_number,order_id,note\n".to_owned() + &rows.collect::<String>()
}

#[track_caller]
fn assert_last_rows_count(bench: &Bench) {
    for contact in 1..=CONTACTS {
        let ticket = bench.emulator.ticket(ticket_id(contact)).unwrap();
        let last = ROWS - CONTACTS + contact - 1;
        assert_eq!(ticket.metadata()["order_id"], format!("{SECRET}-{last}"));
        assert_eq!(ticket.metadata()["note"], "hunter2-note");
    }
}

#[test]
fn the_last_row_of_a_ticket_wins() {
    let bench = Bench::new(CONTACTS, "orders.csv", rows());
    let events = bench.events(&["--in-flight", "32"]);
    events.outcome.assert(0, &[]);
    assert_eq!(events.counts(), [u64::from(ROWS), 0, 0, 0]);
    assert_eq!(bench.emulator.updates(), u64::from(ROWS));
    assert_last_rows_count(&bench);
}

#[test]
fn in_flight_may_be_any_number() {
    let bench = Bench::new(CONTACTS, "orders.csv", rows());
    bench.run(&["--in-flight", &usize::MAX.to_string()]).assert(0, &[]);
    assert_last_rows_count(&bench);
}

#[test]
fn joined_rows_need_fewer_requests_with_the_same_result() {
    let bench = Bench::new(CONTACTS, "orders.csv", rows());
    // Meanwhile the other rows wait.
    bench.emulator.inject_all(vec!["latency:1s".parse::<Fault>().unwrap(); CONTACTS as usize]);
    let events = bench.events(&["--join-rows"]);
    events.outcome.assert(0, &[]);
    assert_eq!(events.counts(), [u64::from(ROWS), 0, 0, 0]);
    assert_eq!(bench.journal().counts(), [u64::from(ROWS), 0]);
    assert!(bench.emulator.updates() < u64::from(ROWS / 2), "{} requests", bench.emulator.updates());
    // The rows of one request count once in a rate limit.
    let records = bench.journal().records;
    let counted = records.iter().filter(|record| record.get("last_request_ms").is_some()).count();
    assert_eq!(counted as u64, bench.emulator.updates());
    assert_last_rows_count(&bench);
}
