//! `vambe queue worker`: sends updates until it is stopped.

use std::io;

use tracing_subscriber::{
    Layer as _,
    filter::{LevelFilter, Targets},
    fmt::{self, format::FmtSpan},
    layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};
use vambe_queue::Worker;

use super::{QueueError, metrics, url};
use crate::{args::WorkerArgs, client, exit::Exit, numbers::plural, output, quota, signals::Signals};

/// Runs a worker, and returns the line about its run.
pub(super) async fn run(args: WorkerArgs) -> Result<String, QueueError> {
    log(args.verbose);
    let url = url(&args.database)?;
    let builder = client::builder(&args.server)?.api_key(client::api_key(&args.server)?);
    let mut worker = Worker::new(builder, &url, &args.quota)?.max_in_flight(args.in_flight);
    let quota_url = quota::url(args.quota_database.as_ref()).unwrap_or_else(|_| url.clone());
    if quota_url != url {
        worker = worker.quota_database(&quota_url)?;
    }
    let mut signals = Signals::new().map_err(QueueError::Signal)?;
    let stop = async move {
        signals.next().await;
        output::note(format_args!("stopping after what is in flight; press Ctrl-C again to stop at once"));
        tokio::spawn(async move {
            signals.next().await;
            // The leases end, and another worker sends the updates again.
            std::process::exit(Exit::Unfinished.code().into());
        });
    };
    output::note(format_args!("sending the updates of the queue; press Ctrl-C to stop"));
    let report = match args.metrics {
        None => worker.run_until(stop).await?,
        Some(address) => {
            let serve = metrics::serve(address, url, quota_url, worker.stats()).await?;
            tokio::select! {
                report = worker.run_until(stop) => report?,
                never = serve => match never {},
            }
        }
    };
    Ok(format!(
        "applied {}; {} rejected, {} to retry, {} not sent\n",
        plural(report.applied, "request"),
        report.rejected,
        report.retried,
        report.not_sent
    ))
}

/// Writes warnings to the standard error, and with `--verbose` a line for each attempt.
fn log(is_verbose: bool) {
    let warnings = Targets::new().with_default(LevelFilter::WARN);
    let targets = if is_verbose { warnings.with_target("vambe_queue", LevelFilter::INFO) } else { warnings };
    let lines = fmt::layer().compact().with_target(false).with_writer(io::stderr).with_span_events(FmtSpan::CLOSE);
    // Fails if there is one already, which then has the lines.
    let _ = tracing_subscriber::registry().with(lines.with_filter(targets)).try_init();
}
