//! `vambe emulator` runs the program `vambe-emulator`.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Stdio},
};

use crate::support::{binary, run, vambe};

/// Ends the process also if a test fails.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts one on a free port, and gives its URL. It is the first line that it prints.
fn start() -> (Running, String) {
    let mut command = binary();
    command.args(["emulator", "--port", "0"]).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut running = Running(command.spawn().unwrap());
    let mut banner = String::new();
    let mut stdout = BufReader::new(running.0.stdout.take().unwrap());
    while !banner.ends_with("Press Ctrl-C to stop.\n") {
        assert_ne!(stdout.read_line(&mut banner).unwrap(), 0, "it ended after {banner:?}");
    }
    let url = banner.split_whitespace().find(|word| word.starts_with("http://")).unwrap().to_owned();
    (running, url)
}

#[test]
fn it_serves_what_set_sends() {
    let (_running, url) = start();
    let args = ["ticket", "metadata", "set", "--contact-number", "+56 9 1234 5678", "order_id=ORD-12345"];
    let outcome = run(vambe(&args).env("VAMBE_API_KEY", "your_api_key_here").env("VAMBE_BASE_URL", url));
    assert_eq!(outcome.stdout, "applied: 1 pair, to the ticket named by contact_number\n", "{outcome:?}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_and_sigterm_end_it_cleanly() {
    use rustix::process::{Pid, Signal, kill_process};

    for signal in [Signal::INT, Signal::TERM] {
        let (mut running, _) = start();
        kill_process(Pid::from_child(&running.0), signal).unwrap();
        assert_eq!(running.0.wait().unwrap().code(), Some(0), "{signal:?}");
    }
}

#[test]
fn its_options_and_exit_codes_are_those_of_the_program() {
    let help = run(&mut vambe(&["emulator", "--help"]));
    assert!(help.stdout.contains("Usage: vambe emulator [OPTIONS]"), "{help:?}");
    assert!(run(&mut vambe(&["emulator", "--list-faults"])).stdout.contains("reset-after-write"));
    run(&mut vambe(&["emulator", "--unknown"])).assert(2, &["'--unknown'", "Usage: vambe emulator "]);
    run(&mut vambe(&["emulator", "--state", "no-such-file.json"])).assert(1, &["no-such-file.json"]);
}
