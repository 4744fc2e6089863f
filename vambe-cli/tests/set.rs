//! `vambe ticket metadata set` against the emulator: requests, output and exit codes.

use serde_json::{Value, json};
use vambe_emulator::{Contact, Emulator, Ticket};

use crate::{
    import::schema,
    support::{API_KEY, Outcome, contact, contact_id, emulator, number, run, ticket_id, vambe_with},
};

/// A value that must not be printed.
const SECRET: &str = "hunter2";

/// Runs it once, without the waits between attempts.
#[track_caller]
fn set(emulator: &Emulator, args: &[&str]) -> Outcome {
    let outcome = run(vambe_with(emulator, &["ticket", "metadata", "set", "--max-attempts", "1"]).args(args));
    outcome.assert_hides(&[SECRET, &number(1), number(1).trim_start_matches('+')]);
    outcome
}

/// Runs it with a pair and a number.
#[track_caller]
fn set_one(emulator: &Emulator, args: &[&str]) -> Outcome {
    let number = number(1);
    let mut all = vec!["--contact-number", &number, "note=hunter2"];
    all.extend(args);
    set(emulator, &all)
}

#[test]
fn sends_each_identifier_and_the_pairs_as_given() {
    let (number, contact_id, ticket_id) = (number(1), contact_id(1).to_string(), ticket_id(1).to_string());
    for (option, field, id) in [
        ("--contact-number", "contact_number", number.as_str()),
        ("--ai-contact-id", "ai_contact_id", &contact_id),
        ("--ticket-id", "ticket_id", &ticket_id),
    ] {
        let emulator = emulator([contact(1)]);
        let outcome = set(&emulator, &[option, id, "note=hunter2=", "empty="]);
        outcome.assert(0, &[]);
        assert_eq!(outcome.stdout, format!("applied: 2 pairs, to the ticket named by {field}\n"));
        assert_eq!(outcome.stderr, "");
        let requests = emulator.requests();
        let [request] = requests.as_slice() else { panic!("{requests:?}") };
        assert_eq!(request.json().unwrap(), json!({ field: id, "metadata": { "note": "hunter2=", "empty": "" } }));
        assert_eq!(request.headers()["x-api-key"], API_KEY);
        let user_agent = request.headers()["user-agent"].to_str().unwrap();
        assert!(user_agent.starts_with("vambe-api/"), "{user_agent}");
        assert_eq!(emulator.updates(), 1);
    }
}

#[test]
fn a_closed_ticket_is_updated_only_if_allowed() {
    let closed = Contact::new(contact_id(1)).with_number(number(1)).with_ticket(Ticket::closed(ticket_id(1)));
    let emulator = emulator([closed]);
    set_one(&emulator, &[]).assert(1, &["404 Not Found", "help: ", "--allow-closed-ticket"]);
    assert_eq!(emulator.updates(), 0);
    set_one(&emulator, &["--allow-closed-ticket"]).assert(0, &[]);
    assert_eq!(emulator.updates(), 1);
}

#[test]
fn each_end_has_its_exit_code_and_advice() {
    for (fault, code, outcome, status, words) in [
        ("none", 0, "applied", Some(200), &[][..]),
        ("204", 0, "applied", Some(204), &[]),
        ("html-200", 0, "applied", Some(200), &[]),
        ("400", 1, "rejected", Some(400), &["nothing was changed", "retrying will not help"]),
        ("422", 1, "rejected", Some(422), &["nothing was changed"]),
        ("redirect:307:http://127.0.0.1:9/x", 1, "rejected", Some(307), &["check the base URL"]),
        ("429:retry-after=7", 3, "rejected", Some(429), &["retry after 7 s", "run the same command again later"]),
        ("503", 3, "unknown", Some(503), &["run the same command again"]),
        ("reset-before-write", 3, "unknown", None, &["caused by: ", "run the same command again"]),
        ("reset-after-write", 3, "unknown", None, &["caused by: ", "run the same command again"]),
        ("redirect:302:http://127.0.0.1:9/x", 3, "unknown", Some(302), &["check the base URL"]),
        ("401", 4, "rejected", Some(401), &["the key in VAMBE_API_KEY"]),
        ("403", 1, "rejected", Some(403), &["permissions of the API key", "firewall that blocks this request"]),
    ] {
        let emulator = emulator([contact(1)]);
        emulator.inject_always(fault.parse().unwrap());
        let text = set_one(&emulator, &[]);
        text.assert(code, words);
        assert_eq!((text.stdout.is_empty(), text.stderr.starts_with("error: ")), (code != 0, code != 0), "{fault}");

        let printed = set_one(&emulator, &["--format", "json"]);
        printed.assert(code, words);
        let events = schema::events(&printed.stdout);
        let [object] = events.as_slice() else { panic!("{printed:?}") };
        assert_eq!(object["outcome"], outcome, "{fault}");
        assert_eq!(object["status"], json!(status), "{fault}");
        assert_eq!(object["attempts"], 1, "{fault}");
        assert_eq!(object["message"].is_string(), code != 0, "{fault}");
    }
}

#[test]
fn the_object_has_all_fields_in_every_case() {
    let emulator = emulator([]);
    let outcome = set_one(&emulator, &["--format", "json"]);
    let message =
        "the server answered 404 Not Found: Contact not found (the contact number was read as one of Chile (+56))";
    let expected = json!({
        "schema": 1, "event": "update", "outcome": "rejected", "status": 404, "attempts": 1, "message": message, "request_id": null
    });
    assert_eq!(serde_json::from_str::<Value>(&outcome.stdout).unwrap(), expected);
    assert!(outcome.stderr.starts_with(&format!("error: {message}\nhelp: ")), "{outcome:?}");
}

#[test]
fn without_a_connection_nothing_is_sent() {
    let emulator = emulator([contact(1)]);
    emulator.refuse_connections();
    let outcome = set_one(&emulator, &["--format", "json"]);
    outcome.assert(
        3,
        &["could not connect to the server", "caused by: ", "help: nothing was changed; run the same command"],
    );
    assert_eq!(serde_json::from_str::<Value>(&outcome.stdout).unwrap()["outcome"], "not_sent");
    assert_eq!(emulator.updates(), 0);
}

#[test]
fn a_wrong_key_has_an_exit_code_of_its_own() {
    let emulator = emulator([contact(1)]);
    let number = number(1);
    let args = ["ticket", "metadata", "set", "--contact-number", &number, "note=hunter2"];
    let outcome = run(vambe_with(&emulator, &args).env("VAMBE_API_KEY", "wrong-key"));
    outcome.assert(4, &["401 Unauthorized", "help: check the key in VAMBE_API_KEY"]).assert_hides(&["wrong-key"]);
    assert_eq!(emulator.updates(), 0);
}

#[test]
fn retries_as_often_as_allowed() {
    let emulator = emulator([contact(1)]);
    emulator.inject("503".parse().unwrap());
    let outcome = set_one(&emulator, &["--format", "json", "--max-attempts", "2"]);
    assert_eq!(outcome.code, 2, "an option counts once: {outcome:?}");

    let number = number(1);
    let args = ["ticket", "metadata", "set", "--contact-number", &number, "a=b", "--format=json", "--max-attempts=2"];
    let outcome = run(&mut vambe_with(&emulator, &args));
    assert_eq!(serde_json::from_str::<Value>(&outcome.stdout).unwrap()["attempts"], 2, "{outcome:?}");
    assert_eq!((emulator.requests().len(), emulator.updates()), (2, 1));
}

#[test]
fn stops_waiting_for_a_server_that_does_not_respond() {
    let emulator = emulator([contact(1)]);
    emulator.inject_always("latency:3600s".parse().unwrap());
    set_one(&emulator, &["--timeout", "50ms"]).assert(3, &["again"]);
}
