//! Part `call`: instructions and allocations of one call, one at a time over one connection.

use std::{fs, path::Path};

use vambe_benches::{
    Failure,
    contender::{BLOCKING, BY_HAND, NAMES, OURS},
};

use crate::{
    process::{Server, output, program},
    table::{Bar, Report, Samples},
};

/// The two lengths of a run under callgrind. Their difference excludes common costs, such as start-up.
pub(crate) struct Lengths {
    pub(crate) short: u32,
    pub(crate) long: u32,
}

pub(crate) const LENGTHS: Lengths = Lengths { short: 200, long: 700 };

pub(crate) fn measure(report: &mut Report, rounds: u32) -> Result<(), Failure> {
    let server = Server::start()?;
    let (mut instructions, mut allocations) = (Samples::default(), Samples::default());
    for _ in 0..rounds {
        for name in NAMES.iter().map(|(name, _)| *name).chain([BLOCKING]) {
            instructions.push(name, instructions_of(&LENGTHS, &server, name)?);
            allocations.push(name, allocations_of(&server, name)?);
        }
    }
    report.lacks("What the alternatives do not do", NAMES);
    report.table("Instructions of a call", "instructions", 0, &instructions, Some(BY_HAND));
    report.table("Heap allocations of a call", "allocations", 0, &allocations, Some(BY_HAND));
    report.ratio_bar("instructions of a call", &instructions, OURS, BY_HAND, &Bar::at_most(1.0));
    report.ratio_bar("allocations of a call", &allocations, OURS, BY_HAND, &Bar::at_most(0.93));
    let blocking = Bar::at_most(1.1).tried(
        "The other contenders change the features of reqwest in this build. Without them it was 1.082 on 2026-11-30.",
    );
    report.ratio_bar("instructions of a blocking call", &instructions, BLOCKING, BY_HAND, &blocking);
    report.value_bar("allocations of a blocking call", &allocations, BLOCKING, &Bar::at_most(58.0));
    Ok(())
}

pub(crate) fn instructions_of(lengths: &Lengths, server: &Server, name: &str) -> Result<f64, Failure> {
    let Lengths { short, long } = *lengths;
    let of = |calls: u32| callgrind(&program("load")?, &[name, &server.url, &calls.to_string(), "1"]);
    Ok((of(long)? - of(short)?) / f64::from(long - short))
}

/// Returns the instructions of a program.
pub(crate) fn callgrind(program: &Path, arguments: &[&str]) -> Result<f64, Failure> {
    let found = valgrind("--tool=callgrind", "--callgrind-out-file", program, arguments)?;
    let total = found.lines().find_map(|line| line.strip_prefix("summary: "));
    Ok(total.ok_or("callgrind wrote no `summary`: its version is not known to work here")?.trim().parse()?)
}

/// Returns the heap allocations of a program.
pub(crate) fn heap_allocations(program: &Path, arguments: &[&str]) -> Result<f64, Failure> {
    let found = valgrind("--undef-value-errors=no", "--log-file", program, arguments)?;
    let total = found.lines().find_map(|line| line.split_once("total heap usage: ")?.1.split(' ').next());
    Ok(total
        .ok_or("valgrind reported no heap usage: its version is not known to work here")?
        .replace(',', "")
        .parse()?)
}

/// Runs a program under valgrind and returns the file that `file_option` names.
fn valgrind(tool: &str, file_option: &str, program: &Path, arguments: &[&str]) -> Result<String, Failure> {
    output("valgrind", &["--version"])
        .map_err(|error| format!("{error}; install valgrind, for example by `apt install valgrind`"))?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("out");
    let (option, program) = (format!("{file_option}={}", file.display()), program.display().to_string());
    output("valgrind", &[&[tool, &option, &program][..], arguments].concat())?;
    Ok(fs::read_to_string(file)?)
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
