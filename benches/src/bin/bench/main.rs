//! `bench [--quick] [PART…]`: measures, prints tables and, after a run of all parts, writes them to `benches/RESULTS.md`.
//!
//! `bench budget` only compares the client with `benches/budget.txt`.

mod bad_paths;
mod budget;
mod call;
mod consumer;
mod generator;
mod import;
mod in_flight;
mod machine;
mod process;
mod queue;
mod table;

use std::{fs, io::Write as _, process::ExitCode};

use vambe_benches::Failure;

use table::Report;

const PARTS: &[&str] = &["call", "bad-paths", "in-flight", "import", "queue", "consumer", "generator"];
const RESULTS: &str = "benches/RESULTS.md";

fn main() -> ExitCode {
    match run(std::env::args().skip(1).collect()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // There is no other place to report a failure of this write.
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut arguments: Vec<String>) -> Result<(), Failure> {
    if arguments == ["budget"] {
        return budget::check();
    }
    let all = arguments.len();
    arguments.retain(|argument| argument != "--quick");
    let quick = arguments.len() < all;
    if let Some(unknown) = arguments.iter().find(|argument| !PARTS.contains(&argument.as_str())) {
        return Err(format!(
            "there is no part `{unknown}`: leave it out for all, or give --quick or some of {PARTS:?}"
        )
        .into());
    }
    let results = process::root()?.join(RESULTS);
    let load = machine::load_average()?;
    let mut report = Report::default();
    for part in PARTS.iter().filter(|part| arguments.is_empty() || arguments.iter().any(|argument| argument == *part)) {
        match *part {
            "call" => call::measure(&mut report, if quick { 1 } else { 5 })?,
            "bad-paths" => bad_paths::measure(&mut report, if quick { 1 } else { 5 })?,
            "in-flight" => in_flight::measure(&mut report, if quick { 3 } else { 9 })?,
            "import" => import::measure(&mut report, if quick { 300_000 } else { 10_000_000 })?,
            "queue" if quick => queue::measure(&mut report, 2, 100_000)?,
            "queue" => queue::measure(&mut report, 5, 1_000_000)?,
            "consumer" => consumer::measure(&mut report, if quick { 1 } else { 3 })?,
            _ => generator::measure(&mut report, if quick { 1 } else { 3 })?,
        }
    }
    let text = format!("{}\n{}", machine::heading(&load, quick)?, report.to_markdown());
    std::io::stdout().write_all(text.as_bytes())?;
    // A partial result would look like a complete one.
    if arguments.is_empty() {
        fs::write(results, text)?;
    }
    Ok(())
}
