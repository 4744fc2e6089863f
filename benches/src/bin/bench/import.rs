//! Part `import`: the command `vambe` with a file of many rows: its memory, the cost of a row, and the time of its other threads.

use std::{
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use vambe_benches::Failure;

use crate::{
    call::{callgrind, heap_allocations},
    process::{Server, program},
    table::{Bar, Report, Samples},
};

/// So few rows that no buffer is full.
const FEW: u64 = 1_000;

/// So many rows that the memory of each connection has its full size.
const STEADY: u64 = 10_000;

/// The two lengths of an import under valgrind. Their difference excludes common costs, such as start-up.
const SHORT: u64 = 2_000;
const LONG: u64 = 7_000;

const ROW: &str = "a row";

pub(crate) fn measure(report: &mut Report, many: u64) -> Result<(), Failure> {
    let server = Server::start()?;
    let (mut memory, mut others, mut pace) = (Samples::default(), Samples::default(), Samples::default());
    for rows in [FEW, STEADY, many] {
        let name = format!("{rows} rows");
        let cost = import(&server, rows)?;
        memory.push(&name, cost.peak_kib);
        pace.push(&name, rows as f64 / cost.wall.as_secs_f64());
        if rows == many {
            others.push("of the processor time", cost.others);
        }
    }
    let row = cost_of_row(&server)?;
    let (mut instructions, mut allocations) = (Samples::default(), Samples::default());
    instructions.push(ROW, row.instructions);
    allocations.push(ROW, row.allocations);
    let (few, many) = (format!("{FEW} rows"), format!("{many} rows"));
    report.table("Peak memory of an import", "KiB", 0, &memory, Some(&few));
    report.table("Rows a second of an import", "rows/s", 0, &pace, None);
    report.table("Threads of an import that read the input and write the journal", "share", 3, &others, None);
    report.table("Instructions of a row of an import", "instructions", 0, &instructions, None);
    report.table("Heap allocations of a row of an import", "allocations", 0, &allocations, None);
    let of_row = Bar::at_most(75_000.0).tried(
        "Tried and kept on 2026-11-30: a search for the next delimiter instead of a look at each byte, the JSON of a journal line \
         written in its place, fewer allocations, and tasks of the run that are reused, which took a row from 84,800 to about 75,000 \
         instructions; then SHA-256 of each byte only once, which saved 1,160. It still takes 1,400, since valgrind hides the \
         processor's instructions for it. Tried and dropped: our own `Content-Length`, with which the map of headers grows (500 more); \
         a shortcut for rows without `vambe_later` (about 150 less). The same program varies by 1,000: the number of polls of connections, \
         and how long the allocator searches.",
    );
    let other_threads = Bar::at_most(0.09).tried(
        "Tried and kept: the journal gathers its batches for 10 ms, the reader wakes once for 192 rows, and one thread does the rest. \
         More than half of the share is the thread of the journal, and 80 % of that is the kernel's. It syncs once for about 125 rows, \
         and the bound on unwritten outcomes is 128; each sync sleeps several times, for the data, for the length of the file and for \
         the disk. A third of the reader's time is the allocator's, since another thread frees the memory of the rows. Not done: \
         parsing rows on the sending thread, which moves most of that time instead of saving it; a file that is longer than its \
         content, in which a crash leaves zeros.",
    );
    report.value_bar("instructions of a row of an import", &instructions, ROW, &of_row);
    let peak = Bar::at_most(1.05).tried(
        "Nearly all of it is in use after 10,000 rows: without the pages of the program's file, 1,000 rows took 4.2 MB, 10,000 5.0 MB \
         and 10,000,000 5.3 MB. With 1,000 rows, each of the 64 connections has sent fewer than 32 requests. After that, hyper's queue \
         of each connection takes a second block of 9 KB, and more pages of the first one and of the buffers are in use. Pages of the \
         program's file count too, and depend on the machine: from 1.04 to 1.13 were measured. Tried and kept on 2026-11-30: less \
         memory for the channels of a run's tasks.",
    );
    report.ratio_bar("peak memory of an import", &memory, &many, &few, &peak);
    report.value_bar("share of reading and journal in an import", &others, "of the processor time", &other_threads);
    Ok(())
}

/// The cost of one row, with all threads.
pub(crate) struct RowCost {
    pub(crate) instructions: f64,
    pub(crate) allocations: f64,
}

pub(crate) fn cost_of_row(server: &Server) -> Result<RowCost, Failure> {
    let per_row = |measure: fn(&Path, &[&str]) -> Result<f64, Failure>| -> Result<f64, Failure> {
        let of = |rows: u64| -> Result<f64, Failure> {
            let folder = tempfile::tempdir()?;
            let (input, key) = (folder.path().join("rows.csv"), folder.path().join("key"));
            write_rows(&input, rows)?;
            fs::write(&key, "any")?;
            let (input, key) = (input.display().to_string(), key.display().to_string());
            let arguments = ["ticket", "metadata", "import", &input, "--in-flight", "64", "--api-key-file", &key];
            measure(&program("vambe")?, &[&arguments[..], &["--base-url", &server.url]].concat())
        };
        Ok((of(LONG)? - of(SHORT)?) / (LONG - SHORT) as f64)
    };
    Ok(RowCost { instructions: per_row(callgrind)?, allocations: per_row(heap_allocations)? })
}

struct Cost {
    wall: Duration,
    peak_kib: f64,
    /// The share of the processor time of all threads but the sending one.
    others: f64,
}

fn import(server: &Server, rows: u64) -> Result<Cost, Failure> {
    let folder = tempfile::tempdir()?;
    let input = folder.path().join("rows.csv");
    write_rows(&input, rows)?;
    let start = Instant::now();
    let mut process = Command::new(program("vambe")?)
        .args(["ticket", "metadata", "import", "rows.csv", "--in-flight", "64", "--base-url", &server.url])
        .env("VAMBE_API_KEY", "any")
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let proc = Path::new("/proc").join(process.id().to_string());
    let mut peak_kib = 0.0;
    // A process that has ended and was not waited for still reports its times, but not its memory.
    let (all, sending) = loop {
        let status = fs::read_to_string(proc.join("status"))?;
        let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim();
        if let Some(peak) = field("VmHWM:").split(' ').next().and_then(|kib| kib.parse::<f64>().ok()) {
            peak_kib = peak;
        }
        if field("State:").starts_with('Z') {
            let main = proc.join("task").join(process.id().to_string());
            break (ticks(&proc)?, ticks(&main)?);
        }
        thread::sleep(Duration::from_millis(2));
    };
    let wall = start.elapsed();
    if !process.wait()?.success() {
        return Err("the import failed".into());
    }
    Ok(Cost { wall, peak_kib, others: (all - sending) / all })
}

/// Returns the processor time of a process or a thread, in ticks.
fn ticks(proc: &Path) -> Result<f64, Failure> {
    let stat = fs::read_to_string(proc.join("stat"))?;
    // The name, in parentheses, may contain spaces. After it, these are the 12th and the 13th field.
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields).split_whitespace();
    Ok(fields.skip(11).take(2).map(str::parse::<f64>).sum::<Result<f64, _>>()?)
}

fn write_rows(path: &Path, rows: u64) -> Result<(), Failure> {
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "contact_number,order_id,priority")?;
    for row in 0..rows {
        writeln!(file, "+569{row:08},ORD-{row},high")?;
    }
    Ok(file.flush()?)
}
