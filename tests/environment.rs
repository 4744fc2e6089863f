//! `Client::from_env`. Each case runs in its own process, since a process has one environment.

use std::process::Command;

use vambe_api::{Client, ClientBuilder, Error, Metadata, TicketRef};
use vambe_emulator::Emulator;

use crate::server::{answering_in_turn, http};

/// Runs in the process of a case; does nothing in a normal run of the tests.
#[test]
fn child() {
    let Ok(prefix) = std::env::var("VAMBE_TESTS_CHILD") else { return };
    let client = match prefix.as_str() {
        "VAMBE" => Client::from_env(),
        prefix => ClientBuilder::from_env_with_prefix(prefix).and_then(ClientBuilder::build),
    };
    let result = client.map(|client| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let ticket = TicketRef::contact_number("+56912345678").unwrap();
            client.update_ticket_metadata(ticket, Metadata::from([("a", "b")])).max_attempts(1).await
        })
    });
    match result {
        Ok(Ok(response)) => println!("outcome: {}", response.status()),
        Ok(Err(error)) => println!("outcome: {error}"),
        Err(error) => {
            println!("outcome: {error}");
            // As a `main` prints it that returns the error.
            println!("Error: {:?}", Error::from(error));
        }
    }
}

fn outcome(variables: &[(&str, &str)]) -> String {
    printed("outcome: ", variables)
}

/// Returns the rest of the line of the child that begins with `prefix`.
fn printed(prefix: &str, variables: &[(&str, &str)]) -> String {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "environment::child", "--nocapture"])
        .env_remove("VAMBE_API_KEY")
        .env_remove("VAMBE_BASE_URL")
        .env("VAMBE_TESTS_CHILD", "VAMBE")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let outcome = output.lines().find_map(|line| line.split_once(prefix));
    outcome.unwrap_or_else(|| panic!("no {prefix:?} in {output}")).1.to_owned()
}

/// It is the first thing that a newcomer sees, since `main` prints an error by its `Debug`.
#[test]
fn a_main_without_a_key_names_the_variable() {
    assert_eq!(printed("Error: ", &[]), r#"Config(MissingApiKey { variable: "VAMBE_API_KEY" })"#);
}

#[test]
fn key_and_base_url_come_from_the_environment() {
    let vambe = Emulator::start().unwrap();
    let outcome = outcome(&[("VAMBE_API_KEY", vambe.api_key()), ("VAMBE_BASE_URL", vambe.url())]);
    assert_eq!(outcome, "200 OK");
    assert_eq!(vambe.requests().len(), 1);
}

#[test]
fn a_prefix_names_the_variables_of_an_account() {
    let vambe = Emulator::start().unwrap();
    let (child, url) = (("VAMBE_TESTS_CHILD", "VAMBE_CHILE"), ("VAMBE_CHILE_BASE_URL", vambe.url()));
    assert_eq!(outcome(&[child, url, ("VAMBE_CHILE_API_KEY", vambe.api_key())]), "200 OK");
    let missing = outcome(&[child, url, ("VAMBE_API_KEY", vambe.api_key())]);
    assert!(missing.starts_with("there is no API key: set VAMBE_CHILE_API_KEY"), "{missing}");
}

#[test]
fn the_system_s_proxy_is_used_for_https() {
    for variable in ["https_proxy", "HTTPS_PROXY", "ALL_PROXY"] {
        let (proxy, seen) = answering_in_turn([http(502, "text/plain", "no tunnel")]);
        let outcome = outcome(&[
            ("VAMBE_API_KEY", "k"),
            ("VAMBE_BASE_URL", "https://vambe.invalid"),
            (variable, &proxy),
            ("no_proxy", ""),
            ("NO_PROXY", ""),
        ]);
        assert!(seen.lock().unwrap()[0].starts_with("CONNECT vambe.invalid:443"), "{variable}: {seen:?}");
        assert!(outcome.contains("nothing was sent"), "{variable}: {outcome}");
    }
}

#[test]
fn https_to_this_host_uses_no_proxy_of_the_environment() {
    let vambe = Emulator::builder().tls_self_signed().start().unwrap();
    let (proxy, seen) = answering_in_turn([http(502, "text/plain", "no tunnel")]);
    let outcome = outcome(&[
        ("VAMBE_API_KEY", vambe.api_key()),
        ("VAMBE_BASE_URL", vambe.url()),
        ("https_proxy", &proxy),
        ("no_proxy", ""),
        ("NO_PROXY", ""),
    ]);
    assert!(outcome.contains("the server's certificate was rejected"), "{outcome}");
    assert!(seen.lock().unwrap().is_empty(), "{seen:?}");
}

/// Invariant: plain HTTP to localhost uses no proxy.
#[test]
fn plain_http_to_this_host_uses_no_proxy() {
    for variable in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
        for host in ["127.0.0.1", "localhost"] {
            let vambe = Emulator::start().unwrap();
            let (proxy, seen) = answering_in_turn([http(200, "application/json", r#"{"status": "ok"}"#)]);
            let outcome = outcome(&[
                ("VAMBE_API_KEY", vambe.api_key()),
                ("VAMBE_BASE_URL", &vambe.url().replace("127.0.0.1", host)),
                (variable, &proxy),
                ("no_proxy", ""),
                ("NO_PROXY", ""),
            ]);
            assert_eq!((outcome.as_str(), vambe.requests().len()), ("200 OK", 1), "{variable} {host}");
            assert!(seen.lock().unwrap().is_empty(), "{variable} {host}: {seen:?}");
        }
    }
}

#[test]
fn an_unusable_variable_is_an_error_that_names_it() {
    let cases: [(&[(&str, &str)], &str); 3] = [
        (&[], "there is no API key: set VAMBE_API_KEY"),
        (&[("VAMBE_API_KEY", "")], "the API key is empty: check VAMBE_API_KEY"),
        (&[("VAMBE_API_KEY", "k"), ("VAMBE_BASE_URL", "nowhere")], "the base URL cannot be used"),
    ];
    for (variables, expected) in cases {
        let outcome = outcome(variables);
        assert!(outcome.starts_with(expected), "{outcome}");
    }
}
