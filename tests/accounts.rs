//! Headers and account of a call, several accounts, and the rotation of an API key.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use vambe_api::{
    Client, Error, InvalidHeader, InvalidRequest, Metadata, Observation, Observer, RateLimit, TicketRef,
    UpdateTicketMetadata,
};

use crate::server::{answering_in_turn, http};

fn call(client: &Client) -> UpdateTicketMetadata {
    client
        .update_ticket_metadata(TicketRef::contact_number("+56912345678").unwrap(), Metadata::from([("key", "value")]))
}

fn ok() -> String {
    http(200, "application/json", r#"{"status": "ok"}"#)
}

#[tokio::test]
async fn a_header_of_a_call_is_sent_with_each_attempt() {
    let (url, seen) = answering_in_turn([http(503, "text/plain", ""), ok()]);
    let client = Client::builder().api_key("k").base_url(url).backoff(Duration::ZERO, Duration::ZERO).build().unwrap();
    let with_headers = call(&client).header("traceparent", "00-trace").header("Idempotency-Key", String::from("i-1"));
    assert!(!format!("{with_headers:?}").contains("i-1"));
    with_headers.await.unwrap();
    call(&client).await.unwrap();
    let seen = seen.lock().unwrap();
    let has = |request: &str| request.contains("traceparent: 00-trace\n") && request.contains("idempotency-key: i-1\n");
    assert_eq!(seen.iter().map(|request| has(request)).collect::<Vec<_>>(), [true, true, false]);
}

#[tokio::test]
async fn a_header_of_the_client_or_an_invalid_one_is_not_sent() {
    let (url, seen) = answering_in_turn([ok()]);
    let client = Client::builder().api_key("k").base_url(url).build().unwrap();
    for (name, value, expected) in [
        ("x-api-key", "planted", "the client sets the header `x-api-key` itself"),
        ("Content-Type", "planted", "the client sets the header `content-type` itself"),
        ("host", "planted", "the client sets the header `host` itself"),
        ("a b", "planted", "the name of a header is invalid"),
        ("traceparent", "planted\n", "the value of the header `traceparent` has invalid characters"),
    ] {
        let error = call(&client).header(name, value).header("x-other", "b").await.unwrap_err();
        let Error::InvalidRequest(InvalidRequest::Header(cause)) = &error else { panic!("{error:?}") };
        assert!(cause.to_string().starts_with(expected), "{cause}");
        assert!(!format!("{error:?} {cause}").contains("planted"));
        assert_eq!(matches!(cause, InvalidHeader::Name), name == "a b");
    }
    assert!(seen.lock().unwrap().is_empty());
}

#[tokio::test]
async fn the_server_s_repetition_of_a_header_is_redacted() {
    let (url, _) = answering_in_turn([http(400, "application/json", r#"{"message": "unknown token planted-token"}"#)]);
    let client = Client::builder().api_key("k").base_url(url).build().unwrap();
    let error = call(&client).header("x-token", "planted-token").await.unwrap_err();
    assert_eq!(error.redacted_message(), Some("unknown token [redacted]"));
}

#[derive(Clone, Default)]
struct Accounts(Arc<Mutex<Vec<Option<String>>>>);

impl Observer for Accounts {
    fn on_call(&self, call: &Observation<'_>) {
        self.0.lock().unwrap().push(call.account.map(str::to_owned));
    }
}

#[tokio::test]
async fn the_account_of_a_call_or_of_its_client_is_observed() {
    let (url, seen) = answering_in_turn([ok()]);
    let accounts = Accounts::default();
    let builder = Client::builder().api_key("k").base_url(url).observer(accounts.clone());
    call(&builder.clone().build().unwrap()).await.unwrap();
    let client = builder.account("chile").build().unwrap();
    call(&client).await.unwrap();
    call(&client).account("peru").await.unwrap();
    call(&client.to_builder().api_key("k").build().unwrap()).await.unwrap();
    assert_eq!(*accounts.0.lock().unwrap(), [None, Some("chile".to_owned()), Some("peru".to_owned()), None]);
    assert!(!seen.lock().unwrap().concat().contains("peru"));
}

/// Returns the API keys of the requests.
fn keys(requests: &Mutex<Vec<String>>) -> Vec<String> {
    let requests = requests.lock().unwrap();
    let key = |request: &String| request.lines().find_map(|line| line.strip_prefix("x-api-key: ").map(str::to_owned));
    requests.iter().filter_map(key).collect()
}

#[tokio::test]
async fn a_rotated_key_is_used_by_all_clones_and_keeps_the_limits() {
    let repeats_key = http(400, "application/json", r#"{"message": "rejected second-key"}"#);
    let (url, seen) = answering_in_turn([ok(), ok(), repeats_key]);
    let limit = RateLimit::new(5.try_into().unwrap(), Duration::from_secs(3600));
    let client = Client::builder().api_key("first-key").base_url(url).rate_limit(limit).build().unwrap();
    let clone = client.clone();
    call(&clone).await.unwrap();
    let created_before = call(&clone);
    client.set_api_key("second-key").unwrap();
    assert!(client.set_api_key("").is_err(), "the key stays as it is");
    created_before.await.unwrap();
    let error = call(&clone).await.unwrap_err();
    assert_eq!(error.redacted_message(), Some("rejected [redacted]"));
    assert_eq!(keys(&seen), ["first-key", "second-key", "second-key"]);
    assert_eq!(client.stats().window_used, Some(3));
    assert!(!format!("{client:?}").contains("-key"));
}

/// Answers the requests of a connection with successes until it is closed.
fn keep_alive(stream: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(&stream);
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap_or(0);
            }
            if line.trim().is_empty() {
                break;
            }
        }
        reader.by_ref().take(length).read_to_end(&mut Vec::new())?;
        (&stream).write_all(
            b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 16\r\n\r\n{\"status\": \"ok\"}",
        )?;
    }
}

#[tokio::test]
async fn clients_of_several_accounts_share_connections_and_no_limits() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let connections = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&connections);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            count.fetch_add(1, Ordering::SeqCst);
            thread::spawn(move || keep_alive(stream));
        }
    });
    let limit = RateLimit::new(1.try_into().unwrap(), Duration::from_secs(3600));
    let chile = Client::builder().api_key("chile").base_url(url).rate_limit(limit).build().unwrap();
    let peru = chile.to_builder().api_key("peru").build().unwrap();
    for client in [&chile, &peru] {
        call(client).await.unwrap();
        assert_eq!(client.stats().window_used, Some(1), "each account has a window of its own");
    }
    assert_eq!(connections.load(Ordering::SeqCst), 1);

    let own = chile.to_builder().connect_timeout(Duration::from_secs(9)).api_key("own").build().unwrap();
    call(&own).await.unwrap();
    assert_eq!(connections.load(Ordering::SeqCst), 2, "another time-out needs connections of its own");
    chile.drain().await;
    assert!(matches!(call(&chile).await.unwrap_err(), Error::Drained));
    assert!(chile.to_builder().build().is_err(), "the key is not taken over");
}
