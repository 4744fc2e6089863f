//! The machine and the date of a measurement.

use std::{fs, thread, time::SystemTime};

use vambe_benches::Failure;

use crate::process::output;

/// Returns the number of processes that compete for the processors, over the last minute.
pub(crate) fn load_average() -> Result<String, Failure> {
    let averages = fs::read_to_string("/proc/loadavg")?;
    Ok(averages.split(' ').next().unwrap_or_default().to_owned())
}

/// Returns the heading of the results, with the load average before the run.
pub(crate) fn heading(load: &str, quick: bool) -> Result<String, Failure> {
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cpu = cpuinfo.lines().find_map(|line| Some(line.strip_prefix("model name")?.split_once(": ")?.1));
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let changed = !output("git", &["status", "--porcelain", "--untracked-files=no"])?.is_empty();
    Ok(format!(
        "# What it costs\n\n\
         Written by `cargo xtask bench`: medians of several rounds in turns, with the least and the greatest in brackets. \
         What is measured, and how, is in [README.md](README.md).\n\n\
         - Processor: {}, {} cores; {} {}\n- Kernel: {}\n- Compiler: {}\n- Date: {}\n- Commit: {}{}\n\
         - Load average before and after: {load} and {}; 0 before is a quiet machine\n- Rounds: {}\n",
        cpu.unwrap_or("unknown"),
        thread::available_parallelism()?,
        std::env::consts::ARCH,
        std::env::consts::OS,
        kernel.trim(),
        output("rustc", &["--version"])?.trim(),
        httpdate::fmt_http_date(SystemTime::now()),
        output("git", &["rev-parse", "--short=10", "HEAD"])?.trim(),
        if changed { ", with changes" } else { "" },
        load_average()?,
        if quick { "few, and an import of 300,000 rows (`--quick`)" } else { "all" },
    ))
}
