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
        "Client and server share the two cores, so the order in which threads run and memory moves between them decides: the same \
         programs reached 0.92 to 0.99 in several runs. The request is 62 bytes longer than the one by hand, with a `User-Agent`, and \
         the server took 0.7 of its 9 µs longer. Tried on 2026-11-30 and dropped, since no change was larger than the spread of the \
         rounds: calls without their timer, their span or the count of calls in flight; credentials and header values for each thread; \
         no box around the future of a call; larger caches of the allocator. Kept: a future of 1.9 instead of 2.6 KB.",
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
        "One task gives out the requests of a run and collects all results, so that each request wakes two tasks more than a call does, \
         often on the other core. Tried on 2026-11-30 and kept: tasks that are reused from request to request, found by index; memory \
         that is freed by the task that has allocated it. Dropped: collecting 25 results at a time instead of 2, which saved nothing, \
         and yielding to the runtime before collecting, which was slower. Not done: requests that are given out ahead, since a 429 or \
         a stop would have to take them back.",
    );
    report.ratio_bar("throughput of bulk with 64 in flight", &throughput, BULK, OURS, &bulk);
    Ok(())
}
