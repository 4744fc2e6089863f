//! The thread that listens and serves until it is told to stop.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::mpsc,
    thread::{self, JoinHandle},
};

use axum::Router;
use tokio::{runtime::Runtime, sync::oneshot};

use crate::error::StartError;

/// A running server. Dropping it stops it.
///
/// It has a thread and a runtime of its own. So it starts from blocking code and inside of any
/// runtime alike, it keeps answering while the caller's thread is blocked, and its clock goes on
/// while the caller's is paused.
pub(crate) struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(address: SocketAddr, app: Router) -> Result<Self, StartError> {
        let (listener, address) = listen(address).map_err(|source| StartError::Bind { address, source })?;
        let (ready, is_ready) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new()
            .name("vambe-emulator".to_owned())
            .spawn(move || run(listener, app, &ready, stopped))
            .map_err(StartError::Thread)?;
        // Connections queue up from `listen` on; this waits only for the thread's own faults.
        is_ready
            .recv()
            .unwrap_or_else(|_| Err(io::Error::other("the thread ended early")))
            .map_err(StartError::Thread)?;
        Ok(Self { address, stop: Some(stop), thread: Some(thread) })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The other end is woken by the loss of this one.
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic over there was reported by the panic hook; a second one here would abort.
            let _ = thread.join();
        }
    }
}

fn listen(address: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

fn run(listener: TcpListener, app: Router, ready: &mpsc::Sender<io::Result<()>>, stopped: oneshot::Receiver<()>) {
    let (runtime, listener) = match prepare(listener) {
        Ok(prepared) => prepared,
        Err(error) => {
            // Nobody waits for it if the caller is gone.
            let _ = ready.send(Err(error));
            return;
        }
    };
    runtime.spawn(axum::serve(listener, app).into_future());
    let _ = ready.send(Ok(()));
    // The sender never sends: it is only ever dropped.
    let _ = runtime.block_on(stopped);
    // Ends the tasks where they stand. A graceful end would wait for idle connections.
    runtime.shutdown_background();
}

fn prepare(listener: TcpListener) -> io::Result<(Runtime, tokio::net::TcpListener)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
    let context = runtime.enter();
    let listener = tokio::net::TcpListener::from_std(listener)?;
    drop(context);
    Ok((runtime, listener))
}
