//! The thread that serves HTTP, and the handle that starts, commands and stops it.

mod app;
mod body;
mod clock;
mod connection;
mod endpoint;
mod fault_response;
#[cfg(feature = "program")]
mod observer;
mod payload;
mod port;
mod received_request;
mod request_log;
mod response;
mod settings;
mod shared;
mod side;
#[cfg(feature = "tls")]
mod tls;
#[cfg(feature = "page")]
mod traffic;
mod update;

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
};

use tokio::{runtime::Runtime, sync::mpsc as commands};

#[cfg(feature = "program")]
pub(crate) use self::observer::{Observed, Observer};
use self::port::{Command, Port};
#[cfg(feature = "tls")]
pub(crate) use self::tls::SelfSigned;
#[cfg(feature = "page")]
pub(crate) use self::traffic::{Traffic, TrafficView};
#[cfg(feature = "page")]
pub(crate) use self::update::identifier;
#[cfg(feature = "control")]
pub(crate) use self::{
    body::Body,
    shared::Inner,
    side::{Answer, ServerBody, Side},
};
pub(crate) use self::{connection::Transport, endpoint::Endpoint, settings::Settings, shared::Shared};
pub use self::{endpoint::METADATA_PATH, received_request::ReceivedRequest, response::Answers};
use crate::error::StartError;

/// A running server, which stops when this is dropped.
///
/// It has its own thread and its own runtime. So it can be started from blocking code and from
/// within any runtime, it keeps responding while the caller's thread is blocked, and its clock runs
/// while the caller's clock is paused.
pub(crate) struct Server {
    address: SocketAddr,
    commands: Option<commands::UnboundedSender<Command>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(address: SocketAddr, transport: Transport, shared: Arc<Shared>) -> Result<Self, StartError> {
        let (listener, address) = listen(address).map_err(|source| StartError::Bind { address, source })?;
        let (ready, is_ready) = mpsc::channel();
        let (commands, received) = commands::unbounded_channel();
        let thread = thread::Builder::new()
            .name("vambe-emulator".to_owned())
            .spawn(move || run(listener, Port::new(address, transport, shared), &ready, received))
            .map_err(StartError::Thread)?;
        // Connections queue up from `listen` on; this waits only for an error of the thread itself.
        is_ready.recv().unwrap_or_else(|_| Err(ended())).map_err(StartError::Thread)?;
        Ok(Self { address, commands: Some(commands), thread: Some(thread) })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops listening and closes all connections; connecting fails from the return on.
    pub(crate) fn refuse(&self) {
        let (done, is_done) = mpsc::channel();
        self.send(Command::Refuse(done));
        // If the thread has ended, nothing listens either.
        let _ = is_done.recv();
    }

    /// Listens again on the same port.
    pub(crate) fn accept(&self) -> Result<(), StartError> {
        let (done, is_done) = mpsc::channel();
        self.send(Command::Accept(done));
        let result = is_done.recv().map_err(|_| StartError::Thread(ended()))?;
        result.map_err(|source| StartError::Bind { address: self.address, source })
    }

    /// Sends a command. If the thread has ended, it is dropped together with its `done` sender.
    fn send(&self, command: Command) {
        let _ = self.commands.as_ref().map(|commands| commands.send(command));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Wakes the receiving end, which then stops.
        drop(self.commands.take());
        if let Some(thread) = self.thread.take() {
            // The panic hook has reported a panic of the thread; a second panic here would abort.
            let _ = thread.join();
        }
    }
}

fn ended() -> io::Error {
    io::Error::other("the thread ended early")
}

fn listen(address: SocketAddr) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

fn run(
    listener: TcpListener,
    port: Port,
    ready: &mpsc::Sender<io::Result<()>>,
    commands: commands::UnboundedReceiver<Command>,
) {
    let (runtime, listener) = match prepare(listener) {
        Ok(prepared) => prepared,
        Err(error) => {
            // The caller may be gone.
            let _ = ready.send(Err(error));
            return;
        }
    };
    let _ = ready.send(Ok(()));
    runtime.block_on(port.serve(listener, commands));
    // Cancels the tasks at once. A graceful shutdown would wait for idle connections.
    runtime.shutdown_background();
}

fn prepare(listener: TcpListener) -> io::Result<(Runtime, tokio::net::TcpListener)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
    let context = runtime.enter();
    let listener = tokio::net::TcpListener::from_std(listener)?;
    drop(context);
    Ok((runtime, listener))
}
