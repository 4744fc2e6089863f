//! Examples of single tasks, one file each: `cargo run --package recipes` runs them all against the emulator.

mod backfill;
mod own_api;
mod proxy;
mod script_without_async;

use std::{
    error::Error,
    io::{Write as _, stdout},
};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let vambe = vambe_emulator::Emulator::start()?;
    let builder = vambe_api::Client::builder().api_key(vambe.api_key()).base_url(vambe.url());
    let status = script_without_async::run(builder.clone())?;
    writeln!(stdout(), "without async: {status}")?;

    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let failed = backfill::run(&builder.build()?).await;
        writeln!(stdout(), "back-fill: {failed:?}")?;
        writeln!(stdout(), "schema of an API of one's own: {:#}", own_api::schema())?;
        Ok(())
    })
}
