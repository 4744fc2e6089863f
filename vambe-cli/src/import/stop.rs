//! Ctrl-C, SIGTERM and SIGHUP: the first stops a run gracefully, the second at once.

use std::io;

use vambe_api::bulk::Control;

use super::progress::Display;
use crate::{exit::Exit, numbers::plural, signals::Signals};

/// Waits for signals; to be polled for the whole run.
pub(super) async fn on_signal(control: &Control, display: &Display) -> io::Result<()> {
    let mut signals = Signals::new()?;
    signals.next().await;
    control.stop();
    match control.progress().in_flight {
        0 => display.end(format_args!("stopping")),
        // Requests that are cut off are unknown, and the next run sends them again.
        some => display.end(format_args!(
            "stopping after {} in flight; press Ctrl-C again to stop at once",
            plural(some as u64, "request")
        )),
    }
    signals.next().await;
    display.clear();
    // Every reported outcome is in the journal, and the next run truncates a torn line.
    std::process::exit(Exit::Unfinished.code().into());
}
