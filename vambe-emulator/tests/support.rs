//! A tiny HTTP client over a plain socket, and the requests most tests start from.

use std::{
    fmt,
    io::{Read as _, Write},
    net::{SocketAddr, TcpStream},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use vambe_emulator::{METADATA_PATH, placeholders};

/// Far above what any test needs: it only keeps a failing one from hanging.
pub(crate) const PATIENCE: Duration = Duration::from_mins(10);

/// A request to send. Whatever a test does not change is right.
#[derive(Clone)]
pub(crate) struct Call {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Call {
    pub(crate) fn new(method: &str, path: &str) -> Self {
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            headers: vec![("host".into(), "localhost".into()), ("connection".into(), "close".into())],
            body: Vec::new(),
        }
    }

    /// An update with the accepted key.
    pub(crate) fn update(body: &Value) -> Self {
        Self::update_raw(body.to_string())
    }

    pub(crate) fn update_raw(body: impl Into<Vec<u8>>) -> Self {
        let call = Self::new("POST", METADATA_PATH)
            .header("x-api-key", placeholders::API_KEY)
            .header("content-type", "application/json");
        Self { body: body.into(), ..call }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(other, _)| other != name);
        self
    }

    /// The request line and the headers, with the blank line at the end.
    pub(crate) fn head(&self) -> String {
        let mut head = format!("{} {} HTTP/1.1\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if !self.headers.iter().any(|(name, _)| name == "transfer-encoding") {
            head.push_str(&format!("content-length: {}\r\n", self.body.len()));
        }
        head + "\r\n"
    }

    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    pub(crate) fn send(&self, address: SocketAddr) -> Answer {
        let mut stream = connect(address);
        stream.write_all(self.head().as_bytes()).unwrap();
        stream.write_all(&self.body).unwrap();
        Answer::read_to_end(&mut stream)
    }

    /// Sends all of it at once, so that a reset cannot come between head and body.
    pub(crate) fn write(&self, stream: &mut impl Write) {
        stream.write_all(&[self.head().as_bytes(), &self.body].concat()).unwrap();
    }
}

/// Waits for what another thread is about to do; fails the test instead of hanging it.
#[track_caller]
pub(crate) fn wait_until(is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "it does not come about");
        thread::yield_now();
    }
}

pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// An answer, as it came.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// Reads until the server closes the connection.
    pub(crate) fn read_to_end(stream: &mut TcpStream) -> Self {
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Self { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
    }

    #[track_caller]
    pub(crate) fn assert_updated(&self) {
        assert_eq!((self.status, self.body.as_str()), (200, r#"{"status":"ok"}"#));
    }

    /// Checks the status and the whole body, byte for byte.
    #[track_caller]
    pub(crate) fn assert_refused(&self, status: u16, message: impl Into<Value>, case: impl fmt::Display) {
        let message: Value = message.into();
        let body = format!(r#"{{"statusCode":{status},"message":{message}}}"#);
        assert_eq!((self.status, self.body.as_str()), (status, body.as_str()), "{case}");
        assert!(self.head.contains("content-type: application/json"), "{case}");
    }
}

/// A body that updates the ticket with the page's id.
pub(crate) fn valid_body() -> Value {
    json!({ "ticket_id": placeholders::TICKET_ID, "metadata": { "status": "escalated" } })
}
