//! SIGKILL at any moment: no row is lost, and the journal has no row as applied that was not.

use super::{Bench, Journal, Random, numbered};

const ROWS: u64 = 400;
const CONTACTS: u32 = 20;
const KILLS: u32 = 50;
/// The maximum number of applied rows without a record: three for each request in flight, and one.
const SENT_AGAIN: usize = 3 * 8 + 1;

#[test]
fn killed_at_any_moment_it_ends_as_if_uninterrupted() {
    let input = numbered(ROWS, CONTACTS, 1);
    let undisturbed = Bench::new(CONTACTS, "orders.ndjson", &input);
    undisturbed.run(&[]).assert(0, &[]);
    let expected = undisturbed.state();

    let mut random = Random(2);
    let mut kills = 0;
    let mut sent_again = Vec::new();
    while kills < KILLS {
        let bench = Bench::new(CONTACTS, "orders.ndjson", &input);
        // Some kills for each import, so that journals of several runs are gone on with too.
        for _ in 0..5 {
            let target = bench.emulator.updates() + random.below(ROWS / 5);
            let mut running = bench.start(&[]);
            if bench.wait_for_updates(target, &mut running) {
                break;
            }
            running.process.kill().unwrap();
            kills += u32::from(running.wait().code().is_none());
            // The next run starts once requests in flight have ended.
            bench.wait_for_quiet();

            // The journal may be missing, or its last line torn.
            let journal = std::fs::read(bench.path("orders.ndjson.journal")).unwrap_or_default();
            let recorded = Journal::whole_lines(&journal).rows("applied");
            let applied = bench.applied();
            assert!(recorded.is_subset(&applied), "{:?} are not applied", recorded.difference(&applied));
            sent_again.push(applied.difference(&recorded).count());
        }
        let events = bench.events(&[]);
        events.outcome.assert(0, &[]);
        assert_eq!(events.counts(), [ROWS, 0, 0, 0]);
        assert_eq!(bench.journal().counts(), [ROWS, 0]);
        assert_eq!(bench.state(), expected);
    }
    let most = sent_again.iter().max();
    assert!(most <= Some(&SENT_AGAIN), "the documented bound does not hold: {sent_again:?}");
}
