//! Accepting connections on a port, or refusing them.

use std::{
    future::poll_fn,
    io,
    net::{Shutdown, SocketAddr},
    sync::{Arc, mpsc},
    task::Poll,
    time::Duration,
};

use socket2::SockRef;
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    sync::mpsc::UnboundedReceiver,
    task::JoinSet,
    time::sleep,
};

use super::{connection::Transport, shared::Shared};

/// An accept that fails for lack of descriptors or memory would fail again at once.
const PAUSE_AFTER_ERROR: Duration = Duration::from_millis(50);
/// The backlog that the standard library uses.
const BACKLOG: u32 = 128;

/// A command of the handle; the sender reports when it is done.
pub(super) enum Command {
    Refuse(mpsc::Sender<()>),
    Accept(mpsc::Sender<io::Result<()>>),
}

/// A port and its connections.
pub(super) struct Port {
    address: SocketAddr,
    transport: Transport,
    shared: Arc<Shared>,
    /// Dropping the set ends all of them.
    connections: JoinSet<()>,
}

/// The state of the port.
enum State {
    Listening(TcpListener),
    /// Bound without listening, which refuses connections and keeps the port reserved. `None` if
    /// the system did not allow the bind.
    Refusing(Option<TcpSocket>),
}

enum Event {
    Command(Option<Command>),
    Accepted(io::Result<TcpStream>),
}

impl Port {
    pub(super) fn new(address: SocketAddr, transport: Transport, shared: Arc<Shared>) -> Self {
        Self { address, transport, shared, connections: JoinSet::new() }
    }

    /// Serves until the sender of the commands is dropped.
    pub(super) async fn serve(mut self, listener: TcpListener, mut commands: UnboundedReceiver<Command>) {
        let mut state = State::Listening(listener);
        loop {
            match next(&state, &mut commands).await {
                Event::Command(None) => {
                    close(state);
                    return;
                }
                Event::Command(Some(Command::Refuse(done))) => {
                    state = self.refuse(state).await;
                    // The caller may be gone.
                    let _ = done.send(());
                }
                Event::Command(Some(Command::Accept(done))) => {
                    let (next, result) = self.accept(state);
                    state = next;
                    let _ = done.send(result);
                }
                Event::Accepted(Ok(stream)) => {
                    self.connections.spawn(self.transport.clone().serve(stream, self.shared.clone()));
                    // Frees the tasks that have ended.
                    while self.connections.try_join_next().is_some() {}
                }
                Event::Accepted(Err(_)) => sleep(PAUSE_AFTER_ERROR).await,
            }
        }
    }

    async fn refuse(&mut self, state: State) -> State {
        if matches!(state, State::Refusing(_)) {
            return state;
        }
        // First, because a port with a listener cannot be bound a second time.
        close(state);
        self.connections.shutdown().await;
        State::Refusing(bind(self.address).ok())
    }

    fn accept(&self, state: State) -> (State, io::Result<()>) {
        let State::Refusing(socket) = state else { return (state, Ok(())) };
        match socket.map_or_else(|| bind(self.address), Ok).and_then(|socket| socket.listen(BACKLOG)) {
            Ok(listener) => (State::Listening(listener), Ok(())),
            Err(error) => (State::Refusing(None), Err(error)),
        }
    }
}

/// Stops listening.
///
/// A child process that is just being started holds copies of all sockets for a moment, and would
/// keep listening with its copy; a shutdown stops the copies too. On systems without a shutdown of
/// listening sockets, the copies close soon by themselves.
fn close(state: State) {
    if let State::Listening(listener) = state {
        let _ = SockRef::from(&listener).shutdown(Shutdown::Both);
    }
}

/// Binds the port without listening on it.
fn bind(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // On Unix, a bind fails without it while old connections are closing. On Windows, a bind needs
    // no help for that, and the option would take the port from another program.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

/// Waits for the next event. Commands come first, so that no connection is accepted after a refusal.
async fn next(state: &State, commands: &mut UnboundedReceiver<Command>) -> Event {
    poll_fn(|cx| {
        if let Poll::Ready(command) = commands.poll_recv(cx) {
            return Poll::Ready(Event::Command(command));
        }
        match state {
            State::Listening(listener) => {
                listener.poll_accept(cx).map(|accepted| Event::Accepted(accepted.map(|(stream, _)| stream)))
            }
            State::Refusing(_) => Poll::Pending,
        }
    })
    .await
}
