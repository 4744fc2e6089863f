//! The example tests of `docs/emulator.md`, run by their languages against an emulator.

use std::{fs, io, process::Command};

use vambe_emulator::{Emulator, placeholders};

/// Returns the block of the guide in this language.
fn example(language: &str) -> String {
    // Cargo runs tests in the folder of their package.
    let guide = fs::read_to_string("../docs/emulator.md").unwrap().replace("\r\n", "\n");
    let (_, block) = guide.split_once(&format!("```{language}\n")).expect("the guide has an example");
    block.split("```").next().unwrap().to_owned()
}

/// Runs a test file, and checks that it sent what it says.
fn run(language: &str, name: &str, program: &str, arguments: &[&str], package: &str) {
    let emulator = Emulator::builder().control().start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), example(language)).unwrap();
    let mut command = Command::new(program);
    command.args(arguments).arg(name).current_dir(folder.path()).env("VAMBE_BASE_URL", emulator.url());
    // A proxy of this machine is for other hosts.
    command.env("no_proxy", "127.0.0.1");
    let output = match command.output() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            panic!(
                "{program} is not on the PATH: run `cargo xtask test`, or install it (Debian: `apt install {package}`)"
            )
        }
        output => output.unwrap(),
    };
    let text = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&text));
    let statuses: Vec<_> = emulator.requests().iter().map(|request| request.status().unwrap().as_u16()).collect();
    assert_eq!(statuses, [503, 200], "{name}: {}", String::from_utf8_lossy(&text));
    assert_eq!(emulator.ticket(placeholders::TICKET_ID).unwrap().metadata()["status"], "escalated");
}

#[test]
fn the_python_example_passes() {
    let program = if cfg!(windows) { "python" } else { "python3" };
    run("python", "test_escalation.py", program, &["-m", "unittest"], "python3");
}

#[test]
fn the_typescript_example_passes() {
    run("ts", "escalation.test.mjs", "node", &["--test"], "nodejs");
}
