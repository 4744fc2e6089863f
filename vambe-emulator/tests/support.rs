//! A small HTTP client over a plain socket, and the requests that most tests start from.

use std::{
    env, fmt, fs,
    io::{Read as _, Write},
    net::{SocketAddr, TcpStream},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use vambe_emulator::{METADATA_PATH, placeholders};

/// Far more than any test needs; it only keeps a failing test from hanging.
pub(crate) const PATIENCE: Duration = Duration::from_mins(10);

/// A request to send, valid unless a test changes it.
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

    /// Creates an update with the accepted key.
    pub(crate) fn update(body: &Value) -> Self {
        Self::update_raw(body.to_string())
    }

    pub(crate) fn update_raw(body: impl Into<Vec<u8>>) -> Self {
        let call = Self::new("POST", METADATA_PATH)
            .header("x-api-key", placeholders::API_KEY)
            .header("content-type", "application/json");
        call.with_body(body)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn with_body(self, body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), ..self }
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(other, _)| other != name);
        self
    }

    /// Returns the request line and the headers, with the final blank line.
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

    pub(crate) fn send(&self, address: SocketAddr) -> Response {
        let mut stream = connect(address);
        stream.write_all(self.head().as_bytes()).unwrap();
        stream.write_all(&self.body).unwrap();
        Response::read_to_end(&mut stream)
    }

    /// Sends head and body in one write, so that no reset can arrive between them.
    pub(crate) fn write(&self, stream: &mut impl Write) {
        stream.write_all(&[self.head().as_bytes(), &self.body].concat()).unwrap();
    }
}

/// Waits until the condition holds; fails the test instead of hanging.
#[track_caller]
pub(crate) fn wait_until(is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "the condition never holds");
        thread::yield_now();
    }
}

pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// A received response.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Response {
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

    /// Asserts the status and the whole body.
    #[track_caller]
    pub(crate) fn assert_rejected(&self, status: u16, message: impl Into<Value>, case: impl fmt::Display) {
        let message: Value = message.into();
        let body = format!(r#"{{"statusCode":{status},"message":{message}}}"#);
        assert_eq!((self.status, self.body.as_str()), (status, body.as_str()), "{case}");
        assert!(self.head.contains("content-type: application/json"), "{case}");
    }
}

/// Returns a body that updates the ticket of the page.
pub(crate) fn valid_body() -> Value {
    json!({ "ticket_id": placeholders::TICKET_ID, "metadata": { "status": "escalated" } })
}

/// Compares the text with a file; with `UPDATE_FIXTURES=1`, writes the file first.
#[track_caller]
pub(crate) fn assert_fixture(path: &str, text: &str) {
    // Cargo runs tests in the folder of their package.
    if env::var_os("UPDATE_FIXTURES").is_some() {
        fs::write(path, text).unwrap();
    }
    let expected = fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    assert!(expected == text, "{path}: run `UPDATE_FIXTURES=1 cargo test --package vambe-emulator` and read the diff");
}
