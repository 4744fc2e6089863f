//! Random histories of services, workers and a server, with a crash possible between any two steps.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use proptest::{collection::vec, prelude::*, test_runner::TestRunner};
use tokio_postgres::Client;
use vambe_test_postgres::Cluster;

use crate::support::{database, hourly, sql, update};

const TICKETS: u128 = 2;
const WORKERS: usize = 3;

/// One step of a history.
#[derive(Clone, Debug)]
enum Step {
    /// A service enqueues, and commits or not.
    Enqueue {
        ticket: u128,
        key: &'static str,
        may_join: bool,
        commits: bool,
    },
    Take {
        worker: usize,
    },
    /// The server gets the request of a worker, and applies it or not.
    Send {
        worker: usize,
        applies: bool,
    },
    /// A worker records what it thinks; `wrong` if the answer was lost or the server failed.
    Settle {
        worker: usize,
        outcome: &'static str,
    },
    /// A worker dies.
    Crash {
        worker: usize,
    },
    /// The lease of what a worker holds ends. It may still record, and sends nothing.
    LeaseEnds {
        worker: usize,
    },
    RetryDead,
}

fn step() -> impl Strategy<Value = Step> {
    let worker = 0..WORKERS;
    prop_oneof![
        6 => (1..=TICKETS, prop::sample::select(vec!["a", "b"]), any::<bool>(), prop::bool::weighted(0.8))
            .prop_map(|(ticket, key, may_join, commits)| Step::Enqueue { ticket, key, may_join, commits }),
        4 => worker.clone().prop_map(|worker| Step::Take { worker }),
        4 => (worker.clone(), prop::bool::weighted(0.8)).prop_map(|(worker, applies)| Step::Send { worker, applies }),
        4 => (worker.clone(), prop::sample::select(vec!["applied", "retry", "rejected", "not_found", "not_sent"]))
            .prop_map(|(worker, outcome)| Step::Settle { worker, outcome }),
        1 => worker.clone().prop_map(|worker| Step::Crash { worker }),
        1 => worker.prop_map(|worker| Step::LeaseEnds { worker }),
        2 => Just(Step::RetryDead),
    ]
}

/// The update that a worker holds.
#[derive(Clone, Debug)]
struct Held {
    lane: Vec<u8>,
    lease: i64,
    ticket: String,
    /// The values are the numbers of their updates.
    pairs: BTreeMap<String, i64>,
    is_fenced: bool,
    /// True if the server applied it.
    is_applied: Option<bool>,
}

struct World {
    sql: Rc<Client>,
    workers: Vec<Option<Held>>,
    /// The value of each key of each ticket, in the server.
    server: BTreeMap<(String, String), i64>,
    committed: BTreeSet<i64>,
}

impl World {
    async fn step(&mut self, step: &Step) {
        match *step {
            Step::Enqueue { ticket, key, may_join, commits } => {
                // The value is the number of the update, which is known only now.
                let seq: i64 =
                    self.sql.query_one("select last_value + 1 from vambe.update_seq", &[]).await.unwrap().get(0);
                let update = update(ticket, [(key, &*seq.to_string())]);
                let update = if may_join { update.may_join() } else { update };
                self.sql.batch_execute("begin").await.unwrap();
                let given = crate::support::enqueue(&self.sql, &update).await;
                assert_eq!(given, seq);
                self.sql.batch_execute(if commits { "commit" } else { "rollback" }).await.unwrap();
                if commits {
                    self.committed.insert(seq);
                }
            }
            Step::Take { worker } if self.workers[worker].is_none() => self.workers[worker] = self.take().await,
            Step::Send { worker, applies } => {
                if let Some(held) =
                    self.workers[worker].as_mut().filter(|held| !held.is_fenced && held.is_applied.is_none())
                {
                    held.is_applied = Some(applies);
                    if applies {
                        for (key, seq) in &held.pairs {
                            self.server.insert((held.ticket.clone(), key.clone()), *seq);
                        }
                    }
                }
            }
            Step::Settle { worker, outcome } => {
                if let Some(held) = self.workers[worker].take() {
                    self.settle(&held, outcome).await;
                }
            }
            Step::Crash { worker } => self.workers[worker] = None,
            Step::LeaseEnds { worker } => {
                if let Some(held) = &mut self.workers[worker] {
                    held.is_fenced = true;
                    let ends = "update vambe.lane set due_at = clock_timestamp() where lane = $1 and lease = $2";
                    self.sql.execute(ends, &[&held.lane, &held.lease]).await.unwrap();
                }
            }
            Step::RetryDead => {
                self.sql.execute("select vambe.dead_retry()", &[]).await.unwrap();
            }
            Step::Take { .. } => {}
        }
    }

    async fn take(&self) -> Option<Held> {
        let statement = "select lane, lease, ticket::text, metadata::text from vambe.take('w', null, '1 h')";
        let row = self.sql.query_one(statement, &[]).await.unwrap();
        let pairs: BTreeMap<String, String> = serde_json::from_str(row.get::<_, Option<&str>>(3)?).unwrap();
        let pairs = pairs.into_iter().map(|(key, value)| (key, value.parse().unwrap())).collect();
        Some(Held {
            lane: row.get(0),
            lease: row.get(1),
            ticket: row.get(2),
            pairs,
            is_fenced: false,
            is_applied: None,
        })
    }

    /// Records an outcome that a worker may come to after what happened.
    async fn settle(&self, held: &Held, outcome: &str) {
        let (outcome, maybe_applied) = match (held.is_applied, outcome) {
            (None, _) => ("not_sent", false),
            (Some(true), "applied") => ("applied", false),
            (Some(false), "rejected" | "not_found" | "not_sent") => (outcome, false),
            // The answer was lost.
            (Some(_), _) => ("retry", true),
        };
        let statement = "select vambe.settle($1, $2, $3, p_maybe_applied => $4)";
        self.sql.execute(statement, &[&held.lane, &held.lease, &outcome, &maybe_applied]).await.unwrap();
    }

    /// Ends all leases, and lets a worker without faults send the rest.
    async fn drain(&mut self) {
        for worker in 0..WORKERS {
            self.workers[worker] = None;
        }
        let ends = "update vambe.lane set due_at = clock_timestamp()";
        self.sql.execute(ends, &[]).await.unwrap();
        while let Some(held) = self.take().await {
            self.workers[0] = Some(held);
            self.step(&Step::Send { worker: 0, applies: true }).await;
            self.step(&Step::Settle { worker: 0, outcome: "applied" }).await;
        }
    }

    async fn check(&self) {
        let left = "select count(*) from (select from vambe.pending union all select from vambe.lane) rows";
        assert_eq!(self.sql.query_one(left, &[]).await.unwrap().get::<_, i64>(0), 0, "nothing is left");
        // Every committed update is finished or dead, and no other.
        let ended = "select seq from vambe.settled union all select seq from vambe.dead";
        let ended: Vec<i64> = self.sql.query(ended, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
        assert_eq!(ended.iter().copied().collect::<BTreeSet<_>>(), self.committed);
        assert_eq!(ended.len(), self.committed.len(), "none ended twice");
        // Nothing is left out without a later update.
        let left_out = "select count(*) from vambe.settled s, unnest(s.keys) own (key) where outcome = 'superseded' and not exists (
            select from vambe.key_seq k where k.lane = s.lane and k.key = own.key and k.seq > s.seq)";
        assert_eq!(self.sql.query_one(left_out, &[]).await.unwrap().get::<_, i64>(0), 0, "superseded by something");
        // The last update of each key that was applied has the last word.
        let last = "select d.lane, key, seq from vambe.key_seq d";
        let maybe = "select seq from vambe.dead where maybe_applied";
        let maybe: BTreeSet<i64> = self.sql.query(maybe, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
        let mut expected = BTreeSet::new();
        for row in self.sql.query(last, &[]).await.unwrap() {
            expected.insert((row.get::<_, String>(1), row.get::<_, i64>(2)));
        }
        let found: BTreeSet<(String, i64)> = self
            .server
            .iter()
            .map(|((_, key), seq)| (key.clone(), *seq))
            .filter(|(_, seq)| !maybe.contains(seq))
            .collect();
        assert!(found.is_subset(&expected), "{found:?} in the server, {expected:?} in the database");
        for (key, seq) in expected.difference(&found) {
            // A dead letter that may have been applied was the last to write this key.
            assert!(
                self.server.iter().any(|((_, other), at)| other == key && maybe.contains(at) && at > seq),
                "{key} {seq}"
            );
        }
    }
}

#[test]
fn nothing_is_lost_or_undone_in_any_history() {
    let cluster = Cluster::shared().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (url, _admin) = runtime.block_on(database(&cluster, "model", hourly(1)));
    let sql = runtime.block_on(sql(&url));
    // A commit that is not on disk is as good as one that is, for this server never crashes.
    runtime.block_on(sql.batch_execute("set synchronous_commit = off; select nextval('vambe.update_seq')")).unwrap();
    let sql = Rc::new(sql);
    let mut runner =
        TestRunner::new(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() });
    let result = runner.run(&vec(step(), 40..120), |steps| {
        let (workers, server) = (vec![None; WORKERS], BTreeMap::new());
        let mut world = World { sql: Rc::clone(&sql), workers, server, committed: BTreeSet::new() };
        runtime.block_on(async {
            // An earlier history may have failed within a transaction.
            let tables = "rollback; truncate vambe.pending, vambe.lane, vambe.dead, vambe.settled, vambe.key_seq, vambe.reference";
            world.sql.batch_execute(tables).await.unwrap();
            for step in &steps {
                world.step(step).await;
            }
            world.drain().await;
            world.check().await;
        });
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}
