//! The thread that blocking calls are carried out on.

use std::{
    future::Future,
    io,
    pin::pin,
    sync::{Arc, mpsc},
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
};

use tokio::{
    runtime::{Builder, Handle},
    sync::oneshot,
    task::coop,
};

use crate::{Error, InvalidRequest};

/// More than the steps that tokio lets a task make before it has to yield.
const MORE_THAN_A_BUDGET: usize = 1_000;

/// A thread with a runtime, which ends when this is dropped.
#[derive(Debug)]
pub(super) struct Runtime {
    handle: Handle,
    /// The other end ends the thread when this one goes away.
    _stop: oneshot::Sender<()>,
}

impl Runtime {
    pub(super) fn start() -> io::Result<Self> {
        Self::start_on(|work| thread::Builder::new().name("vambe-api-blocking".to_owned()).spawn(work).map(drop))
    }

    /// Builds the runtime on a thread that `spawn` starts.
    ///
    /// Not on this one: where the thread cannot be started, the runtime would be dropped here, at which tokio panics in async code.
    fn start_on(spawn: impl FnOnce(Box<dyn FnOnce() + Send>) -> io::Result<()>) -> io::Result<Self> {
        let (started, receive) = mpsc::sync_channel(1);
        let (stop, stopped) = oneshot::channel::<()>();
        spawn(Box::new(move || match Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => {
                // The receiver waits below. Nothing is ever sent on `stopped`: the end of the sender is what is waited for.
                if started.send(Ok(runtime.handle().clone())).is_ok() {
                    let _ = runtime.block_on(stopped);
                }
            }
            Err(error) => {
                let _ = started.send(Err(error));
            }
        }))?;
        // Without an answer the thread has panicked within tokio.
        let handle = receive.recv().unwrap_or_else(|_| Err(io::Error::other("the thread ended at its start")))?;
        Ok(Self { handle, _stop: stop })
    }

    /// Carries a call out on the thread, and waits for it.
    pub(super) fn block_on<T: Send + 'static>(
        &self,
        call: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        if is_async() {
            return Err(InvalidRequest::BlockingInAsync.into());
        }
        // Without a result, the call has panicked, which only a caller's own hook can do.
        wait(self.handle.spawn(call)).unwrap_or_else(|_| Err(Error::lost()))
    }
}

/// Waits for a future on this thread. `Handle::block_on` would panic in a task that `tokio::task::unconstrained` gives no budget.
fn wait<F: Future>(future: F) -> F::Output {
    let waker = Arc::new(Unpark(thread::current())).into();
    let (mut future, mut context) = (pin!(future), Context::from_waker(&waker));
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Returns `true` within the poll of a task, where other tasks wait for it to end.
///
/// `Handle::try_current` would also say so within `spawn_blocking`, where blocking is intended. tokio gives each poll of a task a
/// budget of steps, and none to blocking code; so code that runs out of it is in a task. There, this check costs the task the
/// rest of its turn.
fn is_async() -> bool {
    if Handle::try_current().is_err() {
        return false;
    }
    let mut context = Context::from_waker(Waker::noop());
    (0..MORE_THAN_A_BUDGET).any(|_| match coop::poll_proceed(&mut context) {
        Poll::Ready(step) => {
            step.made_progress();
            false
        }
        Poll::Pending => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_cannot_be_started_is_an_error_in_async_code() {
        let runtime = Builder::new_current_thread().build().unwrap();
        for spawn in [
            // Dropped on this thread, as by the standard library where the system has no more threads.
            |work: Box<dyn FnOnce() + Send>| {
                drop(work);
                Err(io::Error::from(io::ErrorKind::WouldBlock))
            },
            |work: Box<dyn FnOnce() + Send>| {
                drop(work);
                Ok(())
            },
        ] {
            assert!(runtime.block_on(async { Runtime::start_on(spawn) }).is_err());
        }
    }

    #[test]
    fn only_the_poll_of_a_task_is_async() {
        assert!(!is_async());
        for runtime in [Builder::new_current_thread().build().unwrap(), Builder::new_multi_thread().build().unwrap()] {
            assert!(!is_async());
            let _entered = runtime.enter();
            assert!(!is_async(), "a thread may have entered a runtime to spawn on it");
            drop(_entered);
            assert!(runtime.block_on(async { is_async() }));
            assert!(runtime.block_on(async { tokio::spawn(async { is_async() }).await.unwrap() }));
            assert!(!runtime.block_on(async { tokio::task::spawn_blocking(is_async).await.unwrap() }));
        }
    }
}
