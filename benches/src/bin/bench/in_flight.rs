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
    for _ in 0..rounds {
        for name in NAMES.iter().map(|(name, _)| *name).chain([BULK]) {
            let found = output(program("load")?, &[name, &server.url, "64000", "64"])?;
            throughput.push(name, 1e6 / number(&found, "wall_us")?);
            cpu.push(name, number(&found, "cpu_us")?);
        }
    }
    report.table("Throughput with 64 calls in flight", "calls/s", 0, &throughput, Some(BY_HAND));
    report.table("Processor time of a call with 64 in flight", "µs", 2, &cpu, Some(BY_HAND));
    report.ratio_bar("throughput with 64 in flight", &throughput, OURS, BY_HAND, Bar::AtLeast(1.0));
    report.ratio_bar("processor time with 64 in flight", &cpu, OURS, BY_HAND, Bar::AtMost(1.0));
    report.ratio_bar("throughput of bulk with 64 in flight", &throughput, BULK, OURS, Bar::AtLeast(0.97));
    Ok(())
}
