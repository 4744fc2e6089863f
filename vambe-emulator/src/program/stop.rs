//! Handling the signals that stop the program.

use std::{future::Future, io};

/// Installs handlers for Ctrl-C and SIGTERM; the future ends with the first signal.
#[cfg(unix)]
pub(super) fn listen() -> io::Result<impl Future<Output = ()>> {
    use std::{future::poll_fn, task::Poll};

    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(poll_fn(move |cx| {
        let stopped = interrupt.poll_recv(cx).is_ready() || terminate.poll_recv(cx).is_ready();
        if stopped { Poll::Ready(()) } else { Poll::Pending }
    }))
}

/// Installs a handler for Ctrl-C; the future ends with the first signal.
#[cfg(windows)]
pub(super) fn listen() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}
