//! A server and a network that are not well: what is counted is what is so.

use vambe_emulator::{Fault, FaultMix};

use super::{Bench, numbered};

const ROWS: u64 = 200;
const CONTACTS: u32 = 100;

#[test]
fn under_a_mix_of_faults_each_count_is_what_the_server_did() {
    let input = numbered(ROWS, CONTACTS, 3);
    let undisturbed = Bench::new(CONTACTS, "orders.ndjson", &input);
    undisturbed.run(&[]).assert(0, &[]);

    let bench = Bench::new(CONTACTS, "orders.ndjson", &input);
    let mix = "none=60,latency:5ms=10,503=6,503:after-write=6,reset-before-write=6,reset-after-write=6,close-before-write=5,\
               html-200=1";
    bench.emulator.fault_mix(mix.parse::<FaultMix>().unwrap().with_seed(4));
    let first = ["none", "429:retry-after=1", "none", "429"].map(|fault| fault.parse().unwrap());
    bench.emulator.inject_all(first);
    // Where all attempts of a row fail, nobody knows of it, and another run sends it again.
    let mut runs = 0;
    let events = loop {
        let events = bench.events(&["--in-flight", "32"]);
        runs += 1;
        let journal = bench.journal();
        let [applied, rejected, ..] = events.counts();
        assert_eq!([applied, rejected], journal.counts());
        assert_eq!(rejected, 0);
        let server = bench.applied();
        assert!(journal.rows("applied").is_subset(&server));
        let known: Vec<_> = journal.rows("applied").union(&journal.rows("unknown")).copied().collect();
        assert!(server.iter().all(|row| known.contains(row)), "what was applied is not said to be not sent");
        if events.outcome.code != 3 {
            break events;
        }
        assert!(runs < 20, "{:?}", events.outcome);
    };
    events.outcome.assert(0, &[]);
    assert_eq!(events.counts(), [ROWS, 0, 0, 0]);
    assert_eq!(bench.state(), undisturbed.state());
}

#[test]
fn a_network_that_is_dead_rejects_nothing_and_uses_up_no_attempts() {
    let bench = Bench::new(CONTACTS, "orders.ndjson", numbered(ROWS, CONTACTS, 5));
    bench.emulator.refuse_connections();
    let events = bench.events(&["--give-up-after", "1s"]);
    events.outcome.assert(3, &["error: could not connect to the server"]);
    assert_eq!(events.summary()["end"], "unreachable");
    assert_eq!(events.counts(), [0, 0, ROWS, 0]);

    // And in the middle of it: what was on its way may have been applied.
    bench.emulator.accept_connections().unwrap();
    bench.emulator.inject_all(vec![Fault::none(); 30]);
    bench.emulator.inject_always("latency:3600s".parse().unwrap());
    let mut running = bench.start(&["--give-up-after", "1s"]);
    assert!(!bench.wait_for_updates(31, &mut running));
    bench.emulator.refuse_connections();
    assert_eq!(running.wait().code(), Some(3));
    let journal = bench.journal();
    assert_eq!(journal.counts()[1], 0);
    assert!(journal.rows("applied").is_subset(&bench.applied()));

    bench.emulator.clear_faults();
    bench.emulator.accept_connections().unwrap();
    let events = bench.events(&[]);
    events.outcome.assert(0, &[]);
    assert_eq!(events.counts(), [ROWS, 0, 0, 0]);
    assert_eq!(bench.applied().len() as u64, ROWS);
}
