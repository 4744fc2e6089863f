//! The requests of the published page, sent to the emulator: what goes out, what comes back, what changes.
//!
//! Run it with `cargo xtask demo`. It needs no account and no network. With `--watch`, updates flow until Ctrl-C, and the
//! emulator's live page shows them.

mod scenes;
mod show;
mod watch;

use std::{env, error::Error, io};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let result = match env::args().nth(1).as_deref() {
        None => scenes::run(&mut anstream::stdout().lock()).await,
        Some("--watch") => watch::run().await,
        Some(_) => Err("use no argument, or --watch".into()),
    };
    match result {
        // Whoever read the output has seen enough.
        Err(error) if error.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe) => {
            Ok(())
        }
        result => result,
    }
}
