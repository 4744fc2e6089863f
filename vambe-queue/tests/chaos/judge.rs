//! The invariants of every run, judged by what the server received.

use std::collections::{BTreeMap, BTreeSet};

use vambe_emulator::{Emulator, Uuid};

use super::{
    fleet::{Fleet, REQUESTS},
    services::Committed,
};

/// Asserts that each committed update was applied or is dead with a reason, in the order of the commits, and nothing else.
pub(crate) async fn delivery(fleet: &Fleet, committed: &[Committed]) {
    let by_value: BTreeMap<&str, &Committed> = committed.iter().map(|update| (&*update.value, update)).collect();
    assert_eq!(by_value.len(), committed.len(), "each value is unique");

    let ended = "select seq, true, false from vambe.settled where outcome = 'applied'
                 union all select seq, false, maybe_applied from vambe.dead where reason is not null";
    let rows = fleet.sql().await.query(ended, &[]).await.unwrap();
    let mut seqs: Vec<i64> = rows.iter().map(|row| row.get(0)).collect();
    seqs.sort_unstable();
    let mut expected: Vec<i64> = committed.iter().map(|update| update.seq).collect();
    expected.sort_unstable();
    assert_eq!(seqs, expected, "each committed update is applied or dead, once, and no other");

    // The values that the server applied, of each ticket.
    let mut requests = fleet.vambe.requests();
    assert_eq!(requests.len() as u64, fleet.vambe.total_requests(), "the server has kept all requests");
    requests.sort_by_key(|request| request.applied());
    let mut last: BTreeMap<u128, &Committed> = BTreeMap::new();
    let mut applied = BTreeSet::new();
    for request in &requests {
        // The body of a worker that was killed may be cut.
        let Ok(body) = request.json() else { continue };
        for (key, value) in body["metadata"].as_object().unwrap() {
            let update = by_value.get(value.as_str().unwrap());
            let Some(update) = update else { panic!("{key}={value} was sent, and not committed") };
            if request.applied().is_some() {
                let before = last.insert(update.ticket, update);
                assert!(
                    before.is_none_or(|before| before.seq <= update.seq),
                    "{before:?} was applied before {update:?}"
                );
                applied.insert(update.seq);
            }
        }
    }
    for row in &rows {
        let (seq, is_applied, maybe_applied): (i64, bool, bool) = (row.get(0), row.get(1), row.get(2));
        assert!(maybe_applied || applied.contains(&seq) == is_applied, "update {seq}: {is_applied} in the database");
    }
    // Together with the order: each value is the last one that was applied.
    let mut newest: BTreeMap<(u128, &str), &Committed> = BTreeMap::new();
    for update in committed.iter().filter(|update| applied.contains(&update.seq)) {
        let newest = newest.entry((update.ticket, update.key)).or_insert(update);
        if newest.seq < update.seq {
            *newest = update;
        }
    }
    for ((ticket, key), update) in newest {
        let ticket = fleet.vambe.ticket(Uuid::from_u128(ticket)).unwrap();
        assert_eq!(ticket.metadata()[key], update.value, "{update:?} is the newest");
    }
}

/// Asserts that the server has refused no request, and that a window was full: otherwise the first proves nothing.
pub(crate) fn limit(vambe: &Emulator) {
    assert_eq!((vambe.refused_requests(), vambe.peak_requests()), (0, Some(REQUESTS.into())), "refused, and the peak");
}
