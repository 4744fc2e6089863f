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

use crate::{connection::Transport, shared::Shared};

/// Without descriptors or memory, the next accept would fail at once.
const PAUSE_AFTER_ERROR: Duration = Duration::from_millis(50);
/// That of the standard library.
const BACKLOG: u32 = 128;

/// What the handle asks for; each order says when it is done.
pub(crate) enum Order {
    Refuse(mpsc::Sender<()>),
    Accept(mpsc::Sender<io::Result<()>>),
}

/// A port and its connections.
pub(crate) struct Port {
    address: SocketAddr,
    transport: Transport,
    shared: Arc<Shared>,
    /// All of them end with this.
    connections: JoinSet<()>,
}

/// Whether the port takes connections.
enum State {
    Listening(TcpListener),
    /// Bound without listening, which refuses connections and keeps the port from others. `None`
    /// if the system did not allow it.
    Refusing(Option<TcpSocket>),
}

enum Event {
    Order(Option<Order>),
    Accepted(io::Result<TcpStream>),
}

impl Port {
    pub(crate) fn new(address: SocketAddr, transport: Transport, shared: Arc<Shared>) -> Self {
        Self { address, transport, shared, connections: JoinSet::new() }
    }

    /// Serves until nobody can give orders any more.
    pub(crate) async fn serve(mut self, listener: TcpListener, mut orders: UnboundedReceiver<Order>) {
        let mut state = State::Listening(listener);
        loop {
            match next(&state, &mut orders).await {
                Event::Order(None) => {
                    close(state);
                    return;
                }
                Event::Order(Some(Order::Refuse(done))) => {
                    state = self.refuse(state).await;
                    // Nobody waits for it if the caller is gone.
                    let _ = done.send(());
                }
                Event::Order(Some(Order::Accept(done))) => {
                    let (next, result) = self.accept(state);
                    state = next;
                    let _ = done.send(result);
                }
                Event::Accepted(Ok(stream)) => {
                    self.connections.spawn(self.transport.clone().serve(stream, self.shared.clone()));
                    // Forgets those that have ended.
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
        // First, since a port that is listened on cannot be bound once more.
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
/// A process that is just being started has copies of all sockets for a moment, and would go on
/// listening with its own; a shutdown ends those too. Where the system knows none for what listens,
/// the copies end by themselves.
fn close(state: State) {
    if let State::Listening(listener) = state {
        let _ = SockRef::from(&listener).shutdown(Shutdown::Both);
    }
}

/// Takes a port without listening on it.
fn bind(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // Elsewhere it would take the port from a program that uses it, and what it is needed for here,
    // binding in spite of connections that are just ending, goes without it.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

/// Orders before connections: what was refused is not to be accepted any more.
async fn next(state: &State, orders: &mut UnboundedReceiver<Order>) -> Event {
    poll_fn(|cx| {
        if let Poll::Ready(order) = orders.poll_recv(cx) {
            return Poll::Ready(Event::Order(order));
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
