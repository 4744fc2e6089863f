//! SIGKILL at any moment: no row is lost, and none is said to be applied that was not.

use super::{Bench, Journal, Random, numbered};

const ROWS: u64 = 400;
const CONTACTS: u32 = 20;
const KILLS: u32 = 50;
/// The most rows that may be applied and not in the journal, as in README: three for each request in flight, and one.
const SENT_AGAIN: usize = 3 * 8 + 1;

#[test]
fn killed_fifty_times_at_any_moment_it_ends_as_if_nothing_had_happened() {
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
            // What was on its way is applied or not, and then the next run begins, as it would over a network.
            bench.wait_for_quiet();

            // There may be no journal yet, and the last line may be torn.
            let journal = std::fs::read(bench.path("orders.ndjson.journal")).unwrap_or_default();
            let told = Journal::whole_lines(&journal).rows("applied");
            let applied = bench.applied();
            assert!(told.is_subset(&applied), "{:?} are not applied", told.difference(&applied));
            sent_again.push(applied.difference(&told).count());
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
