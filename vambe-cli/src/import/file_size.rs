//! The limit on file sizes (`ulimit -f`): makes a write beyond it fail instead of ending the process.

use std::io;

/// Makes writes beyond the limit fail with an error.
///
/// The system also sends SIGXFSZ, which ends a process without a handler. A handler that does nothing is enough, and tokio
/// keeps it installed while the process runs. Must be called on a tokio runtime.
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
