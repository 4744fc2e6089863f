//! Waiting for the signal to stop.

use std::{future::Future, io};

/// Takes the signals over at once; the future ends with the first of them.
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

/// Takes Ctrl-C over at once; the future ends with the first one.
#[cfg(windows)]
pub(super) fn listen() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}
