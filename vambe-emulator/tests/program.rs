//! The program `vambe-emulator`, run as a process.

use std::{
    fs,
    io::{self, BufRead as _, BufReader, Read as _},
    net::{SocketAddr, TcpListener},
    process::{Child, ChildStdout, Command, Output, Stdio},
};

use serde_json::json;
use tempfile::TempPath;
use vambe_emulator::{Contact, Fault, FaultMix, Seed, Ticket, Uuid};

use crate::{
    page,
    support::{Call, assert_fixture, valid_body},
};

/// Reads the path at run time: in a copied target folder, a compiled-in path leads into another checkout.
pub(crate) fn program() -> Command {
    let path = std::env::var_os("CARGO_BIN_EXE_vambe-emulator");
    let mut program =
        Command::new(path.expect("CARGO_BIN_EXE_vambe-emulator is not set: run the tests with `cargo test`"));
    // clap would wrap and colour its texts accordingly.
    program.env_remove("COLUMNS").env_remove("CLICOLOR_FORCE").env_remove("NO_COLOR");
    program
}

/// Runs the program until it ends.
fn output(args: &[&str]) -> Output {
    program().args(args).stdin(Stdio::null()).output().unwrap()
}

#[track_caller]
fn assert_fails(args: &[&str], code: i32, words: &[&str]) {
    let output = output(args);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(code), 0), "{args:?}: {stderr}");
    assert!(stderr.starts_with("error: "), "{args:?}: {stderr}");
    for word in words {
        assert!(stderr.contains(word), "{args:?}: {word} is not in {stderr}");
    }
}

/// A running program, which is killed when this is dropped.
pub(crate) struct Running {
    pub(crate) child: Child,
    stdout: BufReader<ChildStdout>,
    pub(crate) address: SocketAddr,
    banner: String,
}

impl Running {
    fn start(args: &[&str]) -> Self {
        Self::spawn(program().args(args).stderr(Stdio::null()))
    }

    pub(crate) fn spawn(program: &mut Command) -> Self {
        let mut child = program.args(["--port", "0"]).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut banner = String::new();
        while !banner.ends_with("Press Ctrl-C to stop.\n") {
            assert_ne!(stdout.read_line(&mut banner).unwrap(), 0, "it ended after {banner:?}");
        }
        let (_, url) = banner.lines().next().unwrap().split_once("http://").unwrap();
        let address = url.parse().unwrap();
        Self { child, stdout, address, banner }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Creates a temporary file whose name ends in `name`.
fn state_file(name: &str, content: &str) -> TempPath {
    let path = tempfile::Builder::new().suffix(name).tempfile().unwrap().into_temp_path();
    fs::write(&path, content).unwrap();
    path
}

#[test]
fn it_accepts_the_examples_of_the_page() {
    let running = Running::start(&[]);
    for (body, _) in page::EXAMPLES {
        page::send_example(running.address, body).assert_updated();
    }
}

#[test]
fn it_prints_the_default_state() {
    let running = Running::start(&[]);
    for word in [
        "your_api_key_here",
        "+56912345678",
        "df980fc8-b6db-4820-bf22-2969482d106d",
        "a1b2c3d4-e5f6-7890-abcd-ef1234567890  active",
        "closed",
    ] {
        assert!(running.banner.contains(word), "{word} is not in {}", running.banner);
    }
}

#[test]
fn the_printed_command_works() {
    let running = Running::start(&[]);
    let banner = running.banner.as_str();
    let quoted = |after: &str| {
        let (_, rest) = banner.split_once(&format!("{after} '")).unwrap();
        rest.split_once('\'').unwrap().0
    };
    assert_eq!(quoted("--request POST"), format!("http://{}/api/public/ticket/metadata", running.address));
    assert!(banner.contains("--header 'Content-Type: application/json'"), "{banner}");
    assert!(banner.contains("--header 'x-api-key: your_api_key_here'"), "{banner}");
    Call::update_raw(quoted("--data-raw")).send(running.address).assert_updated();
}

#[test]
fn it_serves_the_state_of_a_file_without_showing_it() {
    let contact = Contact::new(Uuid::from_u128(1))
        .with_number("+56 999 888 777")
        .with_ticket(Ticket::active(Uuid::from_u128(2)).with_metadata("a", "planted-value"));
    let seed = Seed::new("planted-key").with_contact(contact);
    let path = state_file("served.json", &serde_json::to_string(&seed).unwrap());
    let running = Running::start(&["--state", path.to_str().unwrap()]);

    let body = json!({ "contact_number": "56999888777", "metadata": {} });
    let call = Call::update(&body).without("x-api-key").header("x-api-key", "planted-key");
    call.send(running.address).assert_updated();
    Call::update(&valid_body()).send(running.address).assert_rejected(401, "Unauthorized", "the default key");

    for secret in ["planted", "999 888", "999888"] {
        assert!(!running.banner.contains(secret), "{}", running.banner);
    }
    for word in ["contacts: 1, tickets: 1", "served.json", r#""ticket_id": "00000000-0000-0000-0000-000000000002""#] {
        assert!(running.banner.contains(word), "{word} is not in {}", running.banner);
    }
}

#[test]
fn the_printed_state_is_a_state_file() {
    let printed = output(&["--print-state"]);
    assert!(printed.status.success());
    let printed = String::from_utf8(printed.stdout).unwrap();
    assert_eq!(Seed::from_json(&printed).unwrap(), Seed::default());

    let path = state_file("printed.json", &printed);
    let running = Running::start(&["--state", path.to_str().unwrap()]);
    Call::update(&valid_body()).send(running.address).assert_updated();
}

/// `fixtures/program.txt` holds the texts for review.
#[test]
fn help_and_usage_errors_are_current() {
    let mut texts = String::new();
    for args in [
        &["--help"][..],
        &["-h"],
        &["--list-faults"],
        &["--unknown"],
        &["--port", "65536"],
        &["--host", "example"],
        &["--fault", "reset-after-writ"],
        &["--fault", "status"],
        &["--fault-mix", "none"],
        &["--fault-seed", "1"],
        &["--fault", "none", "--fault-mix", "none=1"],
    ] {
        let Output { status, stdout, stderr } = output(args);
        let text = String::from_utf8([stdout, stderr].concat()).unwrap();
        texts += &format!("$ vambe-emulator {}\n{text}[exit code {}]\n\n", args.join(" "), status.code().unwrap());
    }
    assert_fixture("tests/fixtures/program.txt", &texts);
}

#[test]
fn the_version_is_printed() {
    let version = output(&["--version"]);
    assert!(version.status.success());
    assert_eq!(version.stdout, concat!("vambe-emulator ", env!("CARGO_PKG_VERSION"), "\n").as_bytes());
}

#[test]
fn a_bad_command_line_is_explained() {
    for (args, word) in [
        (&["--unknown"][..], "'--unknown'"),
        (&["file.json"], "file.json"),
        (&["--port", "65536"], "65536 is not in 0..=65535"),
        (&["--host", "example"], "invalid value 'example' for '--host <ADDRESS>'"),
        (&["--state"], "'--state <FILE>'"),
        (
            &["--fault", "reset-after-writ"],
            "'--fault <FAULT>': unknown fault `reset-after-writ`; did you mean `reset-after-write`?",
        ),
        (&["--fault", "status"], "`status` does not match status:STATUS[:WRITE][:retry-after=WHEN]"),
        (&["--fault-mix", "none"], "`none` has no weight"),
        (&["--fault-seed", "1"], "--fault-mix"),
        (&["--fault", "none", "--fault-mix", "none=1"], "cannot be used with"),
    ] {
        assert_fails(args, 2, &[word, "--help"]);
    }
}

#[test]
fn a_taken_port_is_explained() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    assert_fails(
        &["--port", &address.port().to_string()],
        1,
        &[&address.to_string(), "free the port or choose another"],
    );
}

#[test]
fn a_bad_state_file_is_explained() {
    assert_fails(&["--state", "no-such-file.json"], 1, &["no-such-file.json", "check the path"]);
    for (name, content, words) in [
        ("syntax.json", "{\n  \"api_keys\": [\n}", &["line 3, column 1: ", "--print-state"][..]),
        ("field.json", r#"{"keys": []}"#, &["unknown field `keys`", "line 1, column 7: "]),
        ("empty.json", "{}", &["no API key", "add one to `api_keys`"]),
    ] {
        let path = state_file(name, content);
        let mut all = words.to_vec();
        all.push(name);
        assert_fails(&["--state", path.to_str().unwrap()], 1, &all);
    }
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    for args in ["--help", "--version", "--print-state", "--list-faults"] {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let output =
            program().arg(args).stdout(writer).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
        assert!(output.status.success(), "{args}: {:?}", output.status);
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{args}");
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_and_sigterm_end_it_cleanly() {
    for signal in ["INT", "TERM"] {
        let mut running = Running::start(&[]);
        let kill = format!("kill -{signal} {}", running.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
        assert_eq!(running.child.wait().unwrap().code(), Some(0), "{signal}");
        let mut rest = String::new();
        running.stdout.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "");
    }
}

#[test]
fn all_faults_are_listed() {
    let listed = output(&["--list-faults"]);
    assert!(listed.status.success() && listed.stderr.is_empty());
    let listed = String::from_utf8(listed.stdout).unwrap();
    for kind in Fault::kinds() {
        for part in [kind.form(), kind.about(), kind.applied()] {
            assert!(listed.contains(part), "{part} is not in {listed}");
        }
    }
}

#[test]
fn faults_come_in_turn() {
    let running = Running::start(&["--fault", "503", "--fault", "none", "--fault", "429:retry-after=7"]);
    assert!(running.banner.contains("Faults, in turn: status:503 none status:429:retry-after=7\n"));
    let statuses = [(); 6].map(|()| Call::update(&valid_body()).send(running.address).status);
    assert_eq!(statuses, [503, 200, 429, 503, 200, 429]);
}

#[test]
fn faults_are_drawn_by_the_seed() {
    const MIX: &str = "status:503=1,none=2,status:204=1";
    let mix: FaultMix = MIX.parse().unwrap();
    for (args, seed) in [(&["--fault-mix", MIX][..], 0), (&["--fault-mix", MIX, "--fault-seed", "42"], 42)] {
        let running = Running::start(args);
        assert!(running.banner.contains(&format!("Faults, drawn with seed {seed}: {MIX}\n")), "{}", running.banner);
        for fault in mix.clone().with_seed(seed).draws().take(10) {
            let status = Call::update(&valid_body()).send(running.address).status;
            let name = fault.to_string();
            assert_eq!(status.to_string(), name.strip_prefix("status:").unwrap_or("200"));
        }
    }
}

#[test]
fn the_limit_is_shown_and_holds() {
    let running = Running::start(&["--limit", "1/h"]);
    assert!(running.banner.contains("Limit: 1/h\n"), "{}", running.banner);
    let statuses = [(); 2].map(|()| Call::update(&valid_body()).send(running.address).status);
    assert_eq!(statuses, [200, 429]);
}
