//! Part `call`: instructions and allocations of one call, one at a time over one connection.

use std::fs;

use vambe_benches::{
    Failure,
    contender::{BLOCKING, BY_HAND, NAMES, OURS},
};

use crate::{
    process::{Server, output, program},
    table::{Bar, Report, Samples},
};

/// The two lengths of a run under callgrind. Their difference excludes common costs, such as start-up.
const SHORT: u32 = 200;
const LONG: u32 = 700;

pub(crate) fn measure(report: &mut Report, rounds: u32) -> Result<(), Failure> {
    let server = Server::start()?;
    let (mut instructions, mut allocations) = (Samples::default(), Samples::default());
    for _ in 0..rounds {
        for name in NAMES.iter().map(|(name, _)| *name).chain([BLOCKING]) {
            instructions.push(name, instructions_of(&server, name)?);
            allocations.push(name, allocations_of(&server, name)?);
        }
    }
    report.lacks("What the alternatives do not do", NAMES);
    report.table("Instructions of a call", "instructions", 0, &instructions, Some(BY_HAND));
    report.table("Heap allocations of a call", "allocations", 0, &allocations, Some(BY_HAND));
    report.ratio_bar("instructions of a call", &instructions, OURS, BY_HAND, Bar::AtMost(1.0));
    report.ratio_bar("allocations of a call", &allocations, OURS, BY_HAND, Bar::AtMost(0.93));
    report.ratio_bar("instructions of a blocking call", &instructions, BLOCKING, BY_HAND, Bar::AtMost(1.1));
    report.value_bar("allocations of a blocking call", &allocations, BLOCKING, Bar::AtMost(58.0));
    Ok(())
}

pub(crate) fn instructions_of(server: &Server, name: &str) -> Result<f64, Failure> {
    if output("valgrind", &["--version"]).is_err() {
        return Err("valgrind cannot be started: install it, for example by `apt install valgrind`".into());
    }
    let (short, long) = (callgrind(server, name, SHORT)?, callgrind(server, name, LONG)?);
    Ok((long - short) / f64::from(LONG - SHORT))
}

fn callgrind(server: &Server, name: &str, calls: u32) -> Result<f64, Failure> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("out");
    let (option, load) = (format!("--callgrind-out-file={}", file.display()), program("load")?.display().to_string());
    output("valgrind", &["--tool=callgrind", &option, &load, name, &server.url, &calls.to_string(), "1"])?;
    let found = fs::read_to_string(file)?;
    let total = found.lines().find_map(|line| line.strip_prefix("summary: "));
    Ok(total.ok_or("callgrind wrote no `summary`: its version is not known to work here")?.trim().parse()?)
}

pub(crate) fn allocations_of(server: &Server, name: &str) -> Result<f64, Failure> {
    let report = output(program("load-counted")?, &[name, &server.url, "2000", "1"])?;
    // Over 2,000 calls, an occasional allocation does not count as the cost of a call.
    Ok(number(&report, "allocations")?.round())
}

/// Reads a number from the output of `load`.
pub(crate) fn number(report: &str, name: &str) -> Result<f64, Failure> {
    let found = report.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    Ok(found.ok_or_else(|| format!("`load` says nothing of `{name}`"))?.parse()?)
}
