//! A server that answers every request with the same bytes, for what the emulator would never say.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// Starts one on a free port; gives its URL. It ends with the test's process.
pub(crate) fn answering(answer: impl Into<Vec<u8>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = answer.into();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that goes away is the client's matter.
            let _ = answer_one(stream, &answer, drop);
        }
    });
    url
}

/// Starts one that gives these answers in turn, the last one again and again; gives its URL, and the requests as they came:
/// the lines of their heads, an empty line, and the body.
pub(crate) fn answering_in_turn(answers: impl IntoIterator<Item = String>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (answers, requests): (Vec<String>, _) = (answers.into_iter().collect(), Arc::clone(&seen));
    thread::spawn(move || {
        for (turn, stream) in listener.incoming().flatten().enumerate() {
            let answer = answers.get(turn).or(answers.last()).map_or("", String::as_str);
            // A client that goes away is the client's matter.
            let _ = answer_one(stream, answer.as_bytes(), |request| requests.lock().unwrap().push(request));
        }
    });
    (url, seen)
}

/// An answer with a status, a content type and a body.
pub(crate) fn http(status: u16, content_type: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status} Status\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\nx-request-id: r-1\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    )
}

fn answer_one(stream: TcpStream, answer: &[u8], see: impl FnOnce(String)) -> std::io::Result<()> {
    let mut reader = BufReader::new(&stream);
    let mut length = 0;
    let mut head = String::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        if line.trim().is_empty() {
            break;
        }
        head.push_str(&line.replace("\r\n", "\n"));
    }
    // Read to its end: closing with unread bytes would reset the connection under the answer.
    let mut body = String::new();
    reader.take(length).read_to_string(&mut body)?;
    see(format!("{head}\n{body}"));
    (&stream).write_all(answer)
}
