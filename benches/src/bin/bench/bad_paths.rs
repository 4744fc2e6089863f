//! Part `bad-paths`: the cost of calls that fail, get long answers, are retried or wait.

use vambe_benches::{
    Failure,
    contender::{BAD_PATHS, FIELDS, LARGE, OURS, WAITING},
};

use crate::{
    call::{Lengths, allocations_of, instructions_of, number},
    process::{Server, output, program},
    table::{Bar, Report, Samples},
};

/// The two lengths of a run under callgrind. Bad paths take longer than a call, and a time-out 300 ms.
pub(crate) const LENGTHS: Lengths = Lengths { short: 20, long: 70 };

pub(crate) fn measure(report: &mut Report, rounds: u32) -> Result<(), Failure> {
    let server = Server::start()?;
    let (mut instructions, mut allocations, mut cpu) = (Samples::default(), Samples::default(), Samples::default());
    for _ in 0..rounds {
        for name in [OURS].into_iter().chain(BAD_PATHS) {
            instructions.push(name, instructions_of(&LENGTHS, &server, name)?);
            let found = output(program("load")?, &[name, &server.url, "100", "1"])?;
            cpu.push(name, number(&found, "cpu_us")? / 1e3);
        }
        allocations.push(WAITING, allocations_of(&server, WAITING)?);
    }
    report.table("Instructions of bad paths", "instructions", 0, &instructions, Some(OURS));
    report.table("Processor time of bad paths", "ms", 3, &cpu, None);
    report.table("Allocations of a wait", "allocations", 0, &allocations, None);
    for name in [LARGE, FIELDS] {
        report.value_bar(&format!("ms of a {name}"), &cpu, name, &Bar::at_most(2.0));
    }
    report.value_bar(&format!("allocations of a {WAITING}"), &allocations, WAITING, &Bar::at_most(0.0));
    Ok(())
}
