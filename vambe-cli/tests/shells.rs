//! The completions in the real shells: each completes every option of every command, and files.
#![cfg(target_os = "linux")]

use std::{collections::BTreeSet, fs, process::Command};

use tempfile::TempDir;

use crate::{
    help::COMMANDS,
    support::{program, run, vambe},
    terminal::Terminal,
};

/// Wide enough that no command line wraps.
const COLUMNS: u16 = 200;

/// A directory with the completions of a shell and a file to complete. It is the home of the shell, so that no settings of the
/// machine count.
fn home(shell: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("completions"), run(&mut vambe(&["completions", shell])).stdout).unwrap();
    fs::write(dir.path().join("orders.csv"), "").unwrap();
    dir
}

/// Creates a command of a shell in its home.
fn shell(home: &TempDir, args: &[&str]) -> Command {
    let mut command = Command::new(args[0]);
    let folder = std::path::Path::new(&program()).parent().unwrap().to_owned();
    let path = format!("{}:/usr/bin:/bin", folder.display());
    command.args(&args[1..]).current_dir(home.path()).env_clear();
    command.env("HOME", home.path()).env("PATH", path).env("TERM", "xterm").env("LC_ALL", "C.UTF-8");
    command
}

/// Returns the long options of a command, from its help.
fn options(command: &str) -> BTreeSet<String> {
    let args: Vec<_> = command.split_whitespace().chain(["--help"]).collect();
    let help = run(&mut vambe(&args)).stdout;
    let starts = help.lines().filter_map(|line| {
        let line = line.trim_start();
        let line = line.split_once(", ").filter(|(short, _)| short.len() == 2).map_or(line, |(_, rest)| rest);
        line.starts_with("--").then(|| line.split([' ', '=']).next().unwrap().to_owned())
    });
    let options: BTreeSet<_> = starts.collect();
    assert!(options.contains("--help"), "{help}");
    options
}

/// A shell in which a person presses Tab.
struct Interactive(Terminal);

impl Interactive {
    /// Starts a shell, which has loaded the completions and shows its prompt.
    fn start(home: &TempDir, args: &[&str], setup: &str) -> Self {
        // As the controlling terminal, without which shells complain.
        let mut terminal = Terminal::start(shell(home, &[&["setsid", "--ctty", "--wait"], args].concat()), COLUMNS);
        terminal.keys(&format!("PS1='ready''> '; {setup}\r"));
        terminal.wait_for(&["ready> "]);
        Self(terminal)
    }

    /// Types the start of a command line and Tab, and waits for the rest.
    fn completes(&mut self, typed: &str, expected: &str) {
        // On an empty line at the top of an empty screen.
        self.0.keys("\x15\x0c");
        self.0.keys(&format!("{typed}\t"));
        self.0.wait_for(&[expected]);
    }

    fn completes_everything(&mut self) {
        for command in COMMANDS {
            let options = options(command);
            for option in &options {
                let line = format!("vambe {command} ").replace("  ", " ");
                let typed = option.get(..option.len() - 1).unwrap();
                let mut others = options.iter().filter(|other| other.starts_with(typed) && !other.starts_with(option));
                match others.next() {
                    None => self.completes(&format!("{line}{typed}"), &format!("{line}{option}")),
                    // A second Tab lists all of them.
                    Some(_) => self.completes(&format!("{line}{typed}\t"), option),
                }
            }
        }
        for (typed, expected) in [
            ("vambe ticket metadata imp", "metadata import"),
            ("vambe ticket metadata import ord", "import orders.csv"),
            ("vambe ticket metadata import --dry-run ord", "import --dry-run orders.csv"),
            ("vambe ticket metadata status ord", "status orders.csv"),
            ("vambe ticket metadata report --html ord", "--html orders.csv"),
            ("vambe ticket metadata import --journal ord", "--journal orders.csv"),
            ("vambe ticket metadata import --api-key-file ord", "--api-key-file orders.csv"),
            ("vambe ticket metadata set --format j", "--format json"),
            ("vambe completions fi", "completions fish"),
        ] {
            self.completes(typed, expected);
        }
    }
}

#[test]
fn bash_completes_every_option_and_files() {
    let home = home("bash");
    let bash = ["bash", "--norc", "--noprofile", "-i"];
    Interactive::start(&home, &bash, "bind 'set bell-style none'; . ./completions").completes_everything();
}

#[test]
fn zsh_completes_every_option_and_files() {
    let home = home("zsh");
    let setup = "unsetopt beep; autoload -Uz compinit; compinit -u; . ./completions; compdef _vambe vambe";
    Interactive::start(&home, &["zsh", "-f", "-i"], setup).completes_everything();
}

#[test]
fn fish_completes_every_option_and_files() {
    let home = home("fish");
    let complete = |line: &str| -> BTreeSet<String> {
        let script = format!("source completions; complete --do-complete '{line}'");
        let output = shell(&home, &["fish", "--no-config", "--command", &script]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().filter_map(|line| Some(line.split('\t').next()?.to_owned())).collect()
    };
    for command in COMMANDS {
        let (found, expected) = (complete(&format!("vambe {command} --")), options(command));
        assert!(expected.is_subset(&found), "{command}: {:?}", expected.difference(&found));
    }
    for (line, expected) in [
        ("vambe ticket metadata imp", "import"),
        ("vambe ticket metadata import ord", "orders.csv"),
        ("vambe ticket metadata import --dry-run ord", "orders.csv"),
        ("vambe ticket metadata status ord", "orders.csv"),
        ("vambe ticket metadata report --html ord", "orders.csv"),
        ("vambe ticket metadata import --journal ord", "orders.csv"),
        ("vambe ticket metadata import --api-key-file ord", "orders.csv"),
        ("vambe ticket metadata set --format j", "json"),
        ("vambe completions fi", "fish"),
    ] {
        assert!(complete(line).contains(expected), "{line}: {:?}", complete(line));
    }
}
