//! The limit on the size of files (`ulimit -f`): a write beyond it fails, and does not end the process.

use std::io;

/// Lets a write beyond the limit fail with an error that can be reported, from now on.
///
/// The system also sends SIGXFSZ, which ends a process that does not handle it. A handler that does nothing is enough; tokio
/// keeps it installed for as long as the process runs. It has to be called on a tokio runtime.
#[cfg(unix)]
pub(super) fn report_as_error() -> io::Result<()> {
    use rustix::process::Signal;
    use tokio::signal::unix::{SignalKind, signal};

    signal(SignalKind::from_raw(Signal::XFSZ.as_raw())).map(drop)
}

/// Other systems have no such signal.
#[cfg(not(unix))]
pub(super) fn report_as_error() -> io::Result<()> {
    Ok(())
}
