//! Ctrl-C, SIGTERM and SIGHUP: the first lets a run end, the second ends it.

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
    /// That the terminal was closed; none under `nohup`, which lets a run survive that.
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

/// Whether whoever started the process has it ignore SIGHUP, as `nohup` does.
#[cfg(target_os = "linux")]
fn is_hangup_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    // One bit for each signal, from 1, and SIGHUP is the first.
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}

/// Elsewhere this takes unsafe code to ask. Under `nohup` the standard error is never a terminal.
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
            // Then the system ends the process itself.
            std::future::pending::<()>().await;
        }
    }
}
