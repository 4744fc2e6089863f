//! The lines that the program writes, one per request.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    process::{Command, Stdio},
};

use serde_json::json;
use vambe_emulator::placeholders;

use crate::{
    program::{Running, program},
    support::{Call, assert_fixture, connect, valid_body},
};

/// Sends each request after the response to the one before. Returns the lines without their times.
fn lines(command: &mut Command, calls: &[Call]) -> String {
    let mut running = Running::spawn(command.stderr(Stdio::piped()));
    let mut stderr = BufReader::new(running.child.stderr.take().unwrap());
    let mut lines = String::new();
    for call in calls {
        let mut stream = connect(running.address);
        call.write(&mut stream);
        // A fault may reset the connection.
        let _ = stream.read_to_end(&mut Vec::new());
        let mut line = String::new();
        stderr.read_line(&mut line).unwrap();
        let (before, after) = line.split_once(" ms ").unwrap();
        let (status, _time) = before.rsplit_once(' ').unwrap();
        lines += &format!("{} N ms {after}", status.trim_end());
    }
    lines
}

#[test]
fn each_request_gets_one_line_without_values() {
    let planted = json!({ "planted": "planted" });
    let update = |name: &str, value: &str| Call::update(&json!({ name: value, "metadata": planted }));
    let number = || update("contact_number", placeholders::CONTACT_NUMBER);
    let ticket = || update("ticket_id", &placeholders::TICKET_ID.to_string());
    let calls = [
        number(),
        update("contact_number", "+1 555 0100"),
        update("ai_contact_id", &placeholders::AI_CONTACT_ID.to_string()),
        update("planted", "planted"),
        Call::update_raw("planted"),
        number().without("x-api-key").header("x-api-key", "planted"),
        Call::new("GET", "/favicon.ico?planted=planted"),
        ticket(),
        ticket(),
        ticket(),
        ticket(),
        ticket(),
    ];
    let mut command = program();
    for fault in ["none"; 6].into_iter().chain([
        "503",
        "503:after-write",
        "reset-after-write",
        "reset-before-reading",
        "200:before-write",
    ]) {
        command.args(["--fault", fault]);
    }
    let lines = lines(&mut command, &calls);
    for value in ["planted", "56912345678", "555", "df980fc8", "a1b2c3d4"] {
        assert!(!lines.contains(value), "{value} is in {lines}");
    }
    assert_fixture("tests/fixtures/request_lines.txt", &lines);
}

#[test]
fn colours_are_for_terminals_and_whoever_asks_for_them() {
    let call = [Call::update(&valid_body())];
    assert!(!lines(&mut program(), &call).contains('\u{1b}'));
    assert!(lines(program().env("CLICOLOR_FORCE", "1"), &call).contains("\u{1b}[32m"));
    assert!(!lines(program().env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1"), &call).contains('\u{1b}'));
}

#[test]
fn quiet_prints_no_line() {
    let mut running = Running::spawn(program().arg("--quiet").stderr(Stdio::piped()));
    Call::update(&valid_body()).send(running.address).assert_updated();
    let mut stderr = running.child.stderr.take().unwrap();
    drop(running);
    let mut text = String::new();
    stderr.read_to_string(&mut text).unwrap();
    assert_eq!(text, "");
}
