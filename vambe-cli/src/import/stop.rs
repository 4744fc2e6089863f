//! Ctrl-C and its like: the first lets a run end, the second ends it.

use std::io;

use vambe_api::bulk::Control;

use super::progress::{Display, plural};
use crate::exit::Exit;

/// Waits for signals, for as long as it is polled.
pub(super) async fn on_signal(control: &Control, display: &Display) -> io::Result<()> {
    let mut signals = Signals::new()?;
    signals.next().await;
    control.stop();
    match control.progress().in_flight {
        0 => display.end(format_args!("stopping")),
        // What is then cut off is unknown, and sent again in the next run.
        some => display.end(format_args!(
            "stopping once {} in flight have ended; Ctrl-C again stops at once",
            plural(some as u64, "request")
        )),
    }
    signals.next().await;
    display.clear();
    // The journal has every outcome that was reported, and a torn line does no harm.
    std::process::exit(Exit::Unfinished.code().into());
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            // Then the system ends the process itself.
            std::future::pending::<()>().await;
        }
    }
}
