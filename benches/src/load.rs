//! Puts one contender under a load and measures the cost.

use std::{
    fmt::Write as _,
    future::Future,
    io::Write as _,
    time::{Duration, Instant},
};

use nix::time::{ClockId, clock_gettime};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use tokio::runtime;

use crate::{
    Failure,
    contender::{self, Contender},
};

/// A number of calls, with a number of concurrent ones.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// The number of calls.
    pub calls: u64,
    /// The number of concurrent calls: 1 runs on the current thread, more on several threads.
    pub in_flight: u64,
}

/// The program `load CONTENDER URL CALLS IN_FLIGHT`: prints the cost of one call as lines of a name and a number.
///
/// # Errors
///
/// Returns an error if the command line is invalid or a call fails.
pub fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, url, calls, in_flight] = arguments.as_slice() else {
        return Err("usage: load CONTENDER URL CALLS IN_FLIGHT".into());
    };
    let load = Load { calls: calls.parse()?, in_flight: in_flight.parse()? };
    // With its default features, reqwest has a provider; plain HTTP uses none.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut runtime =
        if load.in_flight == 1 { runtime::Builder::new_current_thread() } else { runtime::Builder::new_multi_thread() };
    let report = runtime.enable_all().build()?.block_on(contender::run(name, url, load))?;
    Ok(std::io::stdout().write_all(report.as_bytes())?)
}

/// Measures the cost of a load, after enough calls to open the connections.
pub(crate) async fn measure(contender: impl Contender, load: Load) -> Result<String, Failure> {
    contender.run(Load { calls: load.in_flight * 4, ..load }).await?;
    let before = (Instant::now(), cpu_seconds()?, counted());
    contender.run(load).await?;
    let after = (Instant::now(), cpu_seconds()?, counted());
    let per_call = |cost: f64| cost / load.calls as f64;
    let mut report = String::new();
    writeln!(report, "wall_us {}", per_call((after.0 - before.0).as_secs_f64() * 1e6))?;
    writeln!(report, "cpu_us {}", per_call((after.1 - before.1) * 1e6))?;
    writeln!(report, "allocations {}", per_call((after.2 - before.2) as f64))?;
    Ok(report)
}

/// Returns the statistics of the allocator; zero in a program that does not count.
pub fn counted() -> usize {
    let counter: &StatsAlloc<_> = &INSTRUMENTED_SYSTEM;
    let stats = counter.stats();
    stats.allocations + stats.reallocations
}

/// Returns the processor time of all threads, user and system, including those that have ended; `getrusage` may count in steps of
/// 10 ms.
fn cpu_seconds() -> Result<f64, Failure> {
    Ok(Duration::from(clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID)?).as_secs_f64())
}

/// Makes the calls of a load, one after the other in each task.
pub(crate) async fn one_by_one<F, Fut>(load: Load, call: F) -> Result<(), Failure>
where
    F: Fn() -> Fut + Clone + Send + 'static,
    Fut: Future<Output = Result<(), Failure>> + Send + 'static,
{
    if load.in_flight == 1 {
        return repeat(load.calls, call).await;
    }
    let each = load.calls / load.in_flight;
    let tasks: Vec<_> = (0..load.in_flight).map(|_| tokio::spawn(repeat(each, call.clone()))).collect();
    for task in tasks {
        task.await??;
    }
    Ok(())
}

async fn repeat<F, Fut>(calls: u64, call: F) -> Result<(), Failure>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<(), Failure>>,
{
    for _ in 0..calls {
        call().await?;
    }
    Ok(())
}
