//! `vambe doctor` against the emulator, and against servers that fail in other ways.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    thread,
};

use vambe_emulator::{Emulator, Seed};

use crate::support::{API_KEY, Outcome, contact, emulator, run, vambe, vambe_with};

/// Asserts the exit code and lines of the report, each without its alignment.
#[track_caller]
fn assert_says(outcome: &Outcome, code: i32, lines: &[&str]) {
    assert_eq!(outcome.code, code, "{outcome:?}");
    let found: Vec<_> =
        outcome.stdout.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    for line in lines {
        assert!(found.iter().any(|found| found.starts_with(line)), "{line:?} is not in {outcome:#?}");
    }
}

/// Runs the command for a base URL, with a valid key.
fn doctor_at(url: &str) -> Outcome {
    run(vambe(&["doctor", "--base-url", url]).env("VAMBE_API_KEY", API_KEY))
}

/// Starts a server that gives the same response to every request; returns its address.
fn server(response: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = Vec::new();
            // The head, and the body of the doctor's request, which a CONNECT does not have.
            while !(request.ends_with(b"{}}") || request.starts_with(b"CONNECT") && request.ends_with(b"\r\n\r\n")) {
                let mut byte = [0];
                if stream.read(&mut byte).unwrap_or(0) == 0 {
                    break;
                }
                request.push(byte[0]);
            }
            let _ = stream.write_all(response.as_bytes());
        }
    });
    address
}

fn response(status: &str, headers: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: 0\r\nConnection: close\r\n\r\n")
}

#[test]
fn a_healthy_start_shows_its_request_and_changes_nothing() {
    let emulator = emulator([contact(1)]);
    let outcome = run(&mut vambe_with(&emulator, &["doctor"]));
    let url = emulator.url();
    assert_says(
        &outcome,
        0,
        &[
            &format!("settings ok base URL {url}; API key in VAMBE_API_KEY"),
            "proxy - this host is reached without one",
            "DNS - the host is an address",
            "TCP ok connected to port",
            &format!(
                "sending without and then with the API key: POST {url}/api/public/ticket/metadata {{\"metadata\":{{}}}}"
            ),
            "the request names no ticket, so the server has to reject it and changes nothing",
            "TLS - not used: the base URL is http",
            "clock ok this host and the server agree",
            "API key ok accepted: 401 Unauthorized without it, 400 Bad Request for the content of the request with it",
        ],
    );
    let requests = emulator.requests();
    assert_eq!((requests.len(), emulator.updates(), outcome.stderr.as_str()), (2, 0, ""));
}

#[test]
fn the_settings_and_the_key_are_problems_of_their_own() {
    let emulator = emulator([contact(1)]);
    let outcome = run(vambe_with(&emulator, &["doctor"]).env("VAMBE_API_KEY", "wrong-key"));
    let next = "next: check the key in VAMBE_API_KEY and its permissions";
    assert_says(&outcome, 4, &["API key problem the server rejects it: 401 Unauthorized", next]);
    outcome.assert_hides(&["wrong-key"]);
    let outcome = run(vambe_with(&emulator, &["doctor"]).env_remove("VAMBE_API_KEY"));
    assert_says(
        &outcome,
        2,
        &["settings problem no API key: set VAMBE_API_KEY", "clock ok", "API key - no key to check"],
    );
    let outcome = doctor_at("http://example.com");
    assert_says(&outcome, 2, &["settings problem the base URL uses http, which would expose the API key"]);
    let outcome = doctor_at(&format!("{}/v2", emulator.url()));
    assert_says(&outcome, 2, &["server problem the server does not know this address: 404", "next: check the path in"]);
    assert_eq!(emulator.updates(), 0);
}

#[test]
fn each_failure_of_the_network_has_a_reason_and_a_next_step() {
    let emulator = emulator([contact(1)]);
    let url = emulator.url().to_owned();
    let outcome = doctor_at(&url.replace("http:", "https:"));
    assert_says(
        &outcome,
        3,
        &["TLS problem no encrypted connection is possible:", "next: check the port in the base URL"],
    );
    emulator.refuse_connections();
    let outcome = doctor_at(&url);
    assert_says(&outcome, 3, &["TCP problem cannot connect to port", "next: check the port in the URL"]);
    // A label of more than 63 characters, so that no resolver is asked.
    let outcome = doctor_at(&format!("https://{}.invalid", "x".repeat(70)));
    assert_says(&outcome, 3, &["DNS problem cannot find xxx", "next: check the base URL and the network"]);

    let untrusted = Emulator::builder().state(Seed::new(API_KEY)).tls_self_signed().start().unwrap();
    let outcome = doctor_at(untrusted.url());
    assert_says(
        &outcome,
        3,
        &["TLS problem the server's certificate is rejected:", "next: check the clock and the base URL"],
    );
}

#[test]
fn a_proxy_is_checked_instead_of_the_server() {
    let with_proxy = |address: &str| {
        let mut command = vambe(&["doctor", "--base-url", "https://vambe.invalid"]);
        let proxy = format!("http://hunter2:hunter2@{address}");
        run(command.env("VAMBE_API_KEY", API_KEY).env("HTTPS_PROXY", proxy))
    };
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let outcome = with_proxy(&closed);
    let through = format!("proxy ok requests go through http://{closed}, from HTTPS_PROXY");
    assert_says(&outcome, 3, &[&through, "TCP problem cannot connect to port"]);
    outcome.assert_hides(&["hunter2"]);
    let outcome = with_proxy(&server(response("407 Proxy Authentication Required", "")));
    assert_says(
        &outcome,
        3,
        &["TCP ok", "proxy problem the proxy does not lead to the server", "next: check user name"],
    );
    outcome.assert_hides(&["hunter2"]);
}

#[test]
fn answers_are_judged_by_their_status() {
    for (response, code, lines) in [
        (
            response("503 Service Unavailable", ""),
            3,
            ["server problem the server, or a proxy before it, is in trouble: 503", ""],
        ),
        (
            response("429 Too Many Requests", ""),
            3,
            ["server problem the rate limit is reached: 429", "next: run the command"],
        ),
        (
            response("302 Found", "Location: https://example.com\r\n"),
            2,
            ["server problem the server refers to another", ""],
        ),
        (
            response("200 OK", ""),
            2,
            ["server problem this is not the answer of the API: 200 OK", "next: check the base URL"],
        ),
        (
            response("400 Bad Request", ""),
            0,
            ["API key warning not proven: the server rejects the content (400", "next: try one row: `vambe ticket"],
        ),
        (
            response("403 Forbidden", "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"),
            4,
            ["clock warning this host is", "API key problem the server rejects it: 403"],
        ),
        (String::new(), 3, ["server problem there is no response:", "next: check the base URL and the network"]),
    ] {
        let outcome = doctor_at(&format!("http://{}", server(response.clone())));
        assert_says(&outcome, code, &lines);
    }
}
