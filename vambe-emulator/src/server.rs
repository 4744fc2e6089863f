//! The thread that the server runs on, and the orders it takes.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
};

use tokio::{runtime::Runtime, sync::mpsc as orders};

use crate::{
    connection::Transport,
    error::StartError,
    port::{Order, Port},
    shared::Shared,
};

/// A running server. Dropping it stops it.
///
/// It has a thread and a runtime of its own. So it starts from blocking code and inside of any
/// runtime alike, it keeps answering while the caller's thread is blocked, and its clock goes on
/// while the caller's is paused.
pub(crate) struct Server {
    address: SocketAddr,
    orders: Option<orders::UnboundedSender<Order>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(address: SocketAddr, transport: Transport, shared: Arc<Shared>) -> Result<Self, StartError> {
        let (listener, address) = listen(address).map_err(|source| StartError::Bind { address, source })?;
        let (ready, is_ready) = mpsc::channel();
        let (orders, taken) = orders::unbounded_channel();
        let thread = thread::Builder::new()
            .name("vambe-emulator".to_owned())
            .spawn(move || run(listener, Port::new(address, transport, shared), &ready, taken))
            .map_err(StartError::Thread)?;
        // Connections queue up from `listen` on; this waits only for the thread's own faults.
        is_ready.recv().unwrap_or_else(|_| Err(ended())).map_err(StartError::Thread)?;
        Ok(Self { address, orders: Some(orders), thread: Some(thread) })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops listening and closes all connections; connecting is refused when this returns.
    pub(crate) fn refuse(&self) {
        let (done, is_done) = mpsc::channel();
        self.order(Order::Refuse(done));
        // Nothing listens either if the thread has ended.
        let _ = is_done.recv();
    }

    /// Listens again on the same port.
    pub(crate) fn accept(&self) -> Result<(), StartError> {
        let (done, is_done) = mpsc::channel();
        self.order(Order::Accept(done));
        let result = is_done.recv().map_err(|_| StartError::Thread(ended()))?;
        result.map_err(|source| StartError::Bind { address: self.address, source })
    }

    /// An order that nobody takes is dropped, and its sender sees that.
    fn order(&self, order: Order) {
        let _ = self.orders.as_ref().map(|orders| orders.send(order));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The other end is woken by the loss of this one.
        drop(self.orders.take());
        if let Some(thread) = self.thread.take() {
            // A panic over there was reported by the panic hook; a second one here would abort.
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
    orders: orders::UnboundedReceiver<Order>,
) {
    let (runtime, listener) = match prepare(listener) {
        Ok(prepared) => prepared,
        Err(error) => {
            // Nobody waits for it if the caller is gone.
            let _ = ready.send(Err(error));
            return;
        }
    };
    let _ = ready.send(Ok(()));
    runtime.block_on(port.serve(listener, orders));
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
