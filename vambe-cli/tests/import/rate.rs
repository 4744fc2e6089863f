//! `--rate`, which holds across the runs of an import.

use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::{Bench, csv};

#[test]
fn a_rate_holds_also_if_the_import_is_stopped_and_started() {
    let bench = Bench::new(40, "orders.csv", csv(40));
    let start = Instant::now();
    // Each run is ended as soon as it has sent all that one period allows.
    for (signal, updates) in [(Signal::INT, 10), (Signal::KILL, 20), (Signal::TERM, 30)] {
        let mut running = bench.start(&["--rate", "10/1s"]);
        assert!(!bench.wait_for_updates(updates, &mut running));
        kill_process(Pid::from_child(&running.process), signal).unwrap();
        running.wait();
        bench.wait_for_quiet();
    }
    let events = bench.events(&["--rate", "10/1s"]);
    events.outcome.assert(0, &[]);
    assert_eq!(events.counts(), [40, 0, 0, 0]);
    // The first ten at once, and each ten more take a second.
    assert!(start.elapsed() >= Duration::from_secs(3), "{:?}", start.elapsed());
}

#[test]
fn a_rate_is_spread_over_its_period() {
    let bench = Bench::new(4, "orders.csv", csv(4));
    let start = Instant::now();
    bench.run(&["--rate", "4/2s", "--spread"]).assert(0, &[]);
    assert!(start.elapsed() >= Duration::from_millis(1_500), "{:?}", start.elapsed());
    bench.run(&["--spread"]).assert(2, &["--rate"]);
}

#[test]
fn each_request_has_its_time_in_the_journal() {
    let bench = Bench::new(1, "orders.csv", csv(3));
    bench.emulator.inject("503".parse().unwrap());
    let time = || jiff::Timestamp::now().as_millisecond();
    let before = time();
    bench.run(&["--in-flight", "1"]).assert(1, &[]);
    for record in bench.journal().records {
        let sent = record["last_request_ms"].as_i64().unwrap();
        assert!((before..=time()).contains(&sent), "{record}");
        assert_eq!(record["attempts"], if record["row"] == 1 { 2 } else { 1 }, "{record}");
    }
}
