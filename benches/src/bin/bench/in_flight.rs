//! Part `in-flight`: throughput and processor time with 64 calls at a time, on a runtime of several threads.

use vambe_benches::{
    Failure,
    contender::{BULK, BY_HAND, NAMES, OURS},
};

use crate::{
    call::number,
    process::{Server, output, program},
    table::{Bar, Report, Samples},
};

pub(crate) fn measure(report: &mut Report, rounds: u32) -> Result<(), Failure> {
    let server = Server::start()?;
    let (mut throughput, mut cpu) = (Samples::default(), Samples::default());
    let mut names: Vec<_> = NAMES.iter().map(|(name, _)| *name).chain([BULK]).collect();
    for round in 0..rounds {
        // The first round gives the tables their order. Afterwards nobody always follows the same contender.
        if round > 0 {
            fastrand::shuffle(&mut names);
        }
        for name in &names {
            let found = output(program("load")?, &[name, &server.url, "64000", "64"])?;
            throughput.push(name, 1e6 / number(&found, "wall_us")?);
            cpu.push(name, number(&found, "cpu_us")?);
        }
    }
    report.table("Throughput with 64 calls in flight", "calls/s", 0, &throughput, Some(BY_HAND));
    report.table("Processor time of a call with 64 in flight", "µs", 2, &cpu, Some(BY_HAND));
    let calls = Bar::at_least(1.0).tried(
        "The future of an update is larger than glibc keeps for each thread: with a larger limit, its processor time fell by 2 %. \
         Threads also share the reference counts of `Host` and of the key. Tried and dropped: the attempt in a box of its own, which was \
         slower, and smaller futures. Tried and kept: the user agent as static text.",
    );
    report.ratio_bar("throughput with 64 in flight", &throughput, OURS, BY_HAND, &calls);
    report.ratio_bar(
        "processor time with 64 in flight",
        &cpu,
        OURS,
        BY_HAND,
        &Bar::at_most(1.0).tried("As for the throughput."),
    );
    let bulk = Bar::at_least(0.97).tried(
        "One task gives out the requests of a run and collects all outcomes. Tried and kept on 2026-11-30: tasks that are reused from \
         request to request, instead of one for each request.",
    );
    report.ratio_bar("throughput of bulk with 64 in flight", &throughput, BULK, OURS, &bulk);
    Ok(())
}
