//! Part `queue`: the quota and the queue of vambe-queue, on a PostgreSQL server of its own with its default durability.

mod database;
mod load;
mod workers;

use std::time::Duration;

use tokio::runtime;
use vambe_benches::Failure;

use self::{
    database::Database,
    load::{Action, Load, quantile},
};
use crate::{
    process::Server,
    table::{Bar, Report, Samples},
};

/// The workers that take and settle.
const WORKERS: usize = 3;

/// The cause of too few commits, if the code is not it.
const DISK: &str = "The commit latency of the database decides, which is the `fdatasync` above: see \
                    [how far it carries](../docs/fleet.md#how-far-it-carries).";

/// Updates of the same ticket at a time; the database accepts 1,000.
const FOLLOWERS: u64 = 960;

pub(crate) fn measure(report: &mut Report, seconds: u64, updates: u32) -> Result<(), Failure> {
    let time = Duration::from_secs(seconds);
    runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let database = Database::start().await?;
        let server = Server::start()?;
        enqueue(report, &database, time).await?;
        quota(report, &database, time).await?;
        take(report, &database, time, updates).await?;
        workers(report, &database, &server, time).await
    })
}

async fn enqueue(report: &mut Report, database: &Database, time: Duration) -> Result<(), Failure> {
    let mut rates = Samples::default();
    let different = load::run(&database.url, 4, Action::Enqueue, time).await?;
    rates.push("different tickets", different.rate());
    for _ in 0..10 {
        let same = load::count(&database.url, 4, Action::EnqueueForOne, FOLLOWERS / 4).await?;
        rates.push("one ticket", same.rate());
        database.clear().await?;
    }
    let version = database.number("current_setting('server_version_num')::int / 10000").await?;
    let title = format!("Updates enqueued a second over 4 connections, with PostgreSQL {version}");
    report.table(&title, "updates/s", 0, &rates, None);
    report.value_bar("updates enqueued a second", &rates, "different tickets", &Bar::at_least(4_000.0).tried(DISK));
    report.value_bar(
        "updates of one ticket enqueued a second",
        &rates,
        "one ticket",
        &Bar::at_least(2_000.0).tried(DISK),
    );
    Ok(())
}

async fn quota(report: &mut Report, database: &Database, time: Duration) -> Result<(), Failure> {
    let mut rates = Samples::default();
    for connections in [1, 3, 16] {
        rates.push(&connections.to_string(), load::run(&database.url, connections, Action::Grant, time).await?.rate());
    }
    report.table("Slots granted a second, by connections", "slots/s", 0, &rates, None);
    report.value_bar("slots granted a second over 3 connections", &rates, "3", &Bar::at_least(2_000.0).tried(DISK));
    Ok(())
}

/// Takes and settles in the shapes of a queue that are known to be hard.
async fn take(report: &mut Report, database: &Database, time: Duration, updates: u32) -> Result<(), Failure> {
    let (mut rates, mut latencies) = (Samples::default(), Samples::default());
    let mut push = |name: &str, load: &Load| {
        rates.push(name, load.rate());
        for (quantile_name, share) in [("p50", 0.5), ("p99", 0.99), ("max", 1.0)] {
            latencies.push(&format!("{name}: {quantile_name}"), quantile(load.times(), share) * 1e3);
        }
    };
    database.fill(updates).await?;
    push("many tickets", &load::run(&database.url, WORKERS, Action::TakeAndSettle { skips: true }, time).await?);
    database.fill_stuck().await?;
    push("stuck tickets", &load::run(&database.url, WORKERS, Action::TakeAndSettle { skips: true }, time).await?);
    let snapshot = database.fill_under_a_snapshot(updates / 100 * 36).await?;
    for (name, skips) in [("old snapshot", true), ("old snapshot, each look a full one", false)] {
        push(name, &load::run(&database.url, WORKERS, Action::TakeAndSettle { skips }, time).await?);
    }
    drop(snapshot);
    database.clear().await?;
    report.table(
        &format!(
            "Updates taken and settled a second over {WORKERS} connections, with {updates} pending, with 1,000 stuck tickets of 1,000 \
             updates each, and with a snapshot that is open for an hour of 100 updates a second"
        ),
        "updates/s",
        0,
        &rates,
        None,
    );
    report.table("Time to take an update", "ms", 2, &latencies, None);
    for name in ["many tickets", "stuck tickets"] {
        report.value_bar(
            &format!("updates taken and settled a second, {name}"),
            &rates,
            name,
            &Bar::at_least(1_000.0).tried(DISK),
        );
        let name = format!("{name}: p99");
        report.value_bar(&format!("ms to take an update, {name}"), &latencies, &name, &Bar::at_most(5.0).tried(DISK));
    }
    Ok(())
}

async fn workers(report: &mut Report, database: &Database, server: &Server, time: Duration) -> Result<(), Failure> {
    let mut samples = Samples::default();
    let idle = "queries/s of 50 idle workers";
    samples.push(idle, workers::idle(database, server, 50, time * 2).await?);
    for workers in [1, WORKERS] {
        samples.push(&pickup(workers), workers::pickup(database, server, workers).await?);
    }
    samples
        .push(&format!("updates/s sent by {WORKERS} workers"), workers::sent(database, server, WORKERS, time).await?);
    report.table("Workers", "", 3, &samples, None);
    report.value_bar(idle, &samples, idle, &Bar::at_most(100.0));
    report.value_bar(&pickup(WORKERS), &samples, &pickup(WORKERS), &Bar::at_most(0.5));
    let calls = workers::calls(database, server).await?;
    report.table("Time of a call", "ms", 3, &calls, Some(workers::PLAIN));
    Ok(())
}

fn pickup(workers: usize) -> String {
    format!("s until an update is sent, p50 with {workers} idle workers")
}
