//! A worker as a program of its own, which sends the updates of a queue until Ctrl-C.
//!
//! It reads `VAMBE_API_KEY`, `VAMBE_BASE_URL` and `VAMBE_QUEUE_URL`; its argument is the name of the quota. `vambe queue worker` is
//! the same with metrics and messages. The tests start this program and end it with signals.

use std::{env, error::Error, io::Write as _};

use vambe_api::ClientBuilder;
use vambe_queue::Worker;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = env::var("VAMBE_QUEUE_URL").map_err(|_| "set VAMBE_QUEUE_URL to the URL of the database")?;
    let quota = env::args().nth(1).ok_or("give the name of the quota")?;
    let worker = Worker::new(ClientBuilder::from_env()?, &url, quota)?;
    let report = worker.run_until(async { tokio::signal::ctrl_c().await.unwrap_or(()) }).await?;
    writeln!(std::io::stdout().lock(), "{report:?}")?;
    Ok(())
}
