//! A network that fails: a proxy on loopback.
//!
//! Not a network namespace: that would need privileges, and the sockets of the worker see the same here.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    select,
    sync::watch,
};

/// The state of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    Up,
    /// Nothing passes, and neither side notices.
    Silent,
    /// What the worker sends passes, and the answers do not.
    OneWay,
    /// It is closed.
    Cut,
}

/// A proxy before a server.
pub(crate) struct Proxy {
    port: u16,
    /// The state of new connections, and of those that were made since it was replaced.
    link: Mutex<watch::Sender<Link>>,
    forgotten: Mutex<Vec<watch::Sender<Link>>>,
}

impl Proxy {
    /// Starts a proxy before a server on a port of 127.0.0.1.
    pub(crate) async fn start(server: u16) -> Arc<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let link = Mutex::new(watch::Sender::new(Link::Up));
        let proxy = Arc::new(Self { port, link, forgotten: Mutex::default() });
        let weak = Arc::downgrade(&proxy);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Some(proxy) = weak.upgrade() else { break };
                tokio::spawn(connect(client, server, proxy.subscribe()));
            }
        });
        proxy
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    fn subscribe(&self) -> watch::Receiver<Link> {
        self.link.lock().unwrap_or_else(PoisonError::into_inner).subscribe()
    }

    /// Changes the state of the connections, also of those to come.
    pub(crate) fn set(&self, state: Link) {
        self.link.lock().unwrap_or_else(PoisonError::into_inner).send_replace(state);
    }

    /// Makes the connections silent for good, as a router that has lost its table does. New ones are up.
    pub(crate) fn forget_connections(&self) {
        let link = self.replace_link();
        link.send_replace(Link::Silent);
        self.forgotten.lock().unwrap_or_else(PoisonError::into_inner).push(link);
    }

    /// Closes the connections, and drops what is on its way. New ones are up.
    pub(crate) fn cut_connections(&self) {
        self.replace_link().send_replace(Link::Cut);
    }

    fn replace_link(&self) -> watch::Sender<Link> {
        let mut link = self.link.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut *link, watch::Sender::new(Link::Up))
    }
}

async fn connect(client: TcpStream, server: u16, link: watch::Receiver<Link>) {
    let (mut cut, mut opened) = (link.clone(), link.clone());
    let run = async {
        if opened.wait_for(|link| *link != Link::Silent).await.is_err() {
            return;
        }
        let Ok(server) = TcpStream::connect(("127.0.0.1", server)).await else { return };
        let ((client, to_client), (server, to_server)) = (client.into_split(), server.into_split());
        select! {
            () = pass(client, to_server, link.clone(), &[Link::Up, Link::OneWay]) => {}
            () = pass(server, to_client, link, &[Link::Up]) => {}
        }
    };
    select! {
        () = run => {}
        _ = cut.wait_for(|link| *link == Link::Cut) => {}
    }
}

/// Passes bytes on while the link is in one of these states.
async fn pass(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut link: watch::Receiver<Link>,
    states: &[Link],
) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        if link.wait_for(|link| states.contains(link)).await.is_err() {
            return;
        }
        let read = select! {
            read = from.read(&mut buffer) => read,
            _ = link.wait_for(|link| !states.contains(link)) => continue,
        };
        let Some(bytes) = read.ok().filter(|read| *read > 0).and_then(|read| buffer.get(..read)) else { return };
        if to.write_all(bytes).await.is_err() {
            return;
        }
    }
}
