//! Ctrl-C, SIGTERM and SIGHUP: the first stops a run gracefully, the second at once.

use std::io;

use vambe_api::bulk::Control;

use super::progress::Display;
use crate::{exit::Exit, numbers::plural};

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

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    /// The terminal was closed. `None` under `nohup`, so that the run survives that.
    hangup: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let hangup = if is_hangup_ignored() { None } else { Some(signal(SignalKind::hangup())?) };
        let (interrupt, terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        Ok(Self { interrupt, terminate, hangup })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            Some(_) = async { self.hangup.as_mut()?.recv().await } => {}
        }
    }
}

/// Returns true if the process was started with SIGHUP ignored, as `nohup` does.
#[cfg(target_os = "linux")]
fn is_hangup_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    // A bit mask of signals; SIGHUP is bit 0.
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}

/// Other systems need unsafe code to ask. Under `nohup` the standard error is never a terminal.
#[cfg(all(unix, not(target_os = "linux")))]
fn is_hangup_ignored() -> bool {
    use std::io::IsTerminal as _;
    !io::stderr().is_terminal()
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
            // Without a handler, Ctrl-C ends the process.
            std::future::pending::<()>().await;
        }
    }
}
