//! The machine and the date of a measurement.

use std::{
    fs,
    os::unix::fs::FileExt as _,
    thread,
    time::{Instant, SystemTime},
};

use vambe_benches::Failure;

use crate::{process::output, table::median};

/// Returns the number of processes that compete for the processors, over the last minute.
pub(crate) fn load_average() -> Result<String, Failure> {
    let averages = fs::read_to_string("/proc/loadavg")?;
    Ok(averages.split(' ').next().unwrap_or_default().to_owned())
}

/// Returns the heading of the results, with the load average before the run.
pub(crate) fn heading(load: &str, quick: bool) -> Result<String, Failure> {
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let cpu = cpuinfo.lines().find_map(|line| Some(line.strip_prefix("model name")?.split_once(": ")?.1));
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let memory =
        memory.lines().find_map(|line| line.strip_prefix("MemTotal:")?.trim().strip_suffix(" kB")?.parse().ok());
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let changed = !output("git", &["status", "--porcelain", "--untracked-files=no"])?.is_empty();
    Ok(format!(
        "# What it costs\n\n\
         Written by `cargo xtask bench`: medians, with the least and the greatest of several rounds in brackets. \
         What is measured, and how, is in [README.md](README.md).\n\n\
         - Processor: {}, {} cores; {} {}\n- Memory: {:.0} GiB\n\
         - Disk of the database and the journals: {:.2} ms for an fdatasync of 8 KiB\n- Kernel: {}\n- Compiler: {}\n- Date: {}\n- Commit: {}{}\n\
         - Load average before and after: {load} and {}; 0 before is a quiet machine\n- Run: {}\n",
        cpu.unwrap_or("unknown"),
        thread::available_parallelism()?,
        std::env::consts::ARCH,
        std::env::consts::OS,
        memory.unwrap_or(f64::NAN) / 1024.0 / 1024.0,
        sync_ms()?,
        kernel.trim(),
        output("rustc", &["--version"])?.trim(),
        httpdate::fmt_http_date(SystemTime::now()),
        output("git", &["rev-parse", "--short=10", "HEAD"])?.trim(),
        if changed { ", with changes" } else { "" },
        load_average()?,
        if quick { "quick, with fewer rounds and rows (`--quick`)" } else { "full" },
    ))
}

/// Returns the median time of an fdatasync, on which the commits of the database and the journal of an import wait.
fn sync_ms() -> Result<f64, Failure> {
    let file = tempfile::tempfile()?;
    let mut times = Vec::new();
    for _ in 0..101 {
        // At the same place, as a log is written whose file has its length already.
        file.write_all_at(&[0; 8192], 0)?;
        let start = Instant::now();
        file.sync_data()?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    Ok(median(&times))
}
