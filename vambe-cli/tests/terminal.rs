//! An import on a terminal: the real binary on a pseudo-terminal, and its screen.
#![cfg(target_os = "linux")]

use std::{
    ffi::OsStr,
    fs::{File, OpenOptions},
    io::{Read as _, Write as _},
    num::NonZeroU16,
    os::unix::ffi::OsStrExt as _,
    path::Path,
    process::{Child, Command},
    sync::mpsc::{self, Receiver},
    thread,
    time::Instant,
};

use rustix::{
    process::{Pid, Signal, kill_process},
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{Winsize, tcsetwinsize},
};
use vambe_emulator::{Emulator, Fault};

use crate::support::{API_KEY, PATIENCE, binary, contact, emulator, number};

const ROWS: u16 = 24;

/// A command on a terminal of its own.
pub(crate) struct Terminal {
    child: Child,
    keyboard: File,
    output: Receiver<Vec<u8>>,
    bytes: Vec<u8>,
    parser: vt100::Parser,
}

impl Terminal {
    /// Starts an import on a terminal with this many columns, in the folder of its input.
    pub(crate) fn import(emulator: &Emulator, columns: u16, term: &str, input: &Path, args: &[&str]) -> Self {
        Self::start(import(emulator, term, input, args), columns)
    }

    /// Starts a command on a terminal of its own.
    pub(crate) fn start(mut command: Command, columns: u16) -> Self {
        let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&controller).unwrap();
        unlockpt(&controller).unwrap();
        tcsetwinsize(&controller, Winsize { ws_row: ROWS, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
        let name = ptsname(&controller, Vec::new()).unwrap();
        let terminal = OpenOptions::new().read(true).write(true).open(OsStr::from_bytes(name.as_bytes())).unwrap();
        let [input, output] = [(); 2].map(|()| terminal.try_clone().unwrap());
        command.stdin(input).stdout(output).stderr(terminal);
        let child = command.spawn().unwrap();

        let (sender, output) = mpsc::channel();
        let mut controller = File::from(controller);
        let keyboard = controller.try_clone().unwrap();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            // Reading fails once no process has the terminal open.
            while let Ok(count @ 1..) = controller.read(&mut buffer) {
                let _ = sender.send(buffer[..count].to_vec());
            }
        });
        let size = [ROWS, columns].map(|size| NonZeroU16::new(size).unwrap());
        Self { child, keyboard, output, bytes: Vec::new(), parser: vt100::Parser::new(size[0], size[1], 0) }
    }

    /// Returns the lines of the screen.
    fn lines(&self) -> Vec<String> {
        let (_, columns) = self.parser.screen().size();
        let lines = self.parser.screen().rows(0, columns.get()).map(|line| line.trim_end().to_owned());
        let mut lines: Vec<_> = lines.collect();
        lines.truncate(lines.iter().rposition(|line| !line.is_empty()).map_or(0, |last| last + 1));
        lines
    }

    /// Returns the lines of the screen as they are coloured: texts of one colour each.
    pub(crate) fn coloured_lines(&self) -> Vec<Vec<(vt100::Color, String)>> {
        let (_, columns) = self.parser.screen().size();
        let coloured = |row| {
            let cells = (0..columns.get()).filter_map(move |column| self.parser.screen().cell(row, column));
            cells.fold(Vec::<(vt100::Color, String)>::new(), |mut texts, cell| {
                let text = if cell.has_contents() { cell.contents() } else { " " };
                match texts.last_mut() {
                    Some((colour, last)) if *colour == cell.fgcolor() => last.push_str(text),
                    _ => texts.push((cell.fgcolor(), text.to_owned())),
                }
                texts
            })
        };
        (0..).take(self.lines().len()).map(coloured).collect()
    }

    /// Returns the text on the screen, with wrapped lines joined.
    fn screen(&self) -> String {
        self.parser.screen().contents()
    }

    /// Processes the next output; returns false at its end.
    fn read(&mut self, deadline: Instant) -> bool {
        match self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(bytes) => {
                self.parser.process(&bytes);
                self.bytes.extend(bytes);
                true
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => false,
            Err(mpsc::RecvTimeoutError::Timeout) => panic!("timed out; the screen has\n{}", self.screen()),
        }
    }

    /// Waits until all these words are on the screen.
    pub(crate) fn wait_for(&mut self, words: &[&str]) {
        let deadline = Instant::now() + PATIENCE;
        while !words.iter().all(|word| self.screen().contains(word)) {
            assert!(self.read(deadline), "{words:?} are not on the screen:\n{}", self.screen());
        }
    }

    /// Types a text.
    pub(crate) fn keys(&mut self, text: &str) {
        self.keyboard.write_all(text.as_bytes()).unwrap();
    }

    /// Presses Ctrl-C: echoes it and sends the signal. A terminal would signal its foreground process, but setting that takes
    /// unsafe code.
    pub(crate) fn interrupt(&mut self) {
        self.keyboard.write_all(b"\x03").unwrap();
        self.wait_for(&["^C"]);
        kill_process(Pid::from_child(&self.child), Signal::INT).unwrap();
    }

    /// Reads to the end; returns the exit code.
    pub(crate) fn wait(&mut self) -> Option<i32> {
        let deadline = Instant::now() + PATIENCE;
        while self.read(deadline) {}
        self.child.wait().unwrap().code()
    }

    /// Reads to the end; returns the exit code, the lines of the screen as it is left, and all that was written.
    pub(crate) fn end(mut self) -> (Option<i32>, Vec<String>, String) {
        let code = self.wait();
        let bytes = String::from_utf8(std::mem::take(&mut self.bytes)).unwrap();
        for secret in [API_KEY, &number(1)] {
            assert!(!bytes.contains(secret), "{bytes}");
        }
        (code, self.lines(), bytes)
    }
}

impl Drop for Terminal {
    /// Kills the process if the test fails.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Creates an import in the folder of its input.
pub(crate) fn import(emulator: &Emulator, term: &str, input: &Path, args: &[&str]) -> Command {
    let mut command = binary();
    command.args(["ticket", "metadata", "import"]).arg(input.file_name().unwrap()).args(args);
    command.current_dir(input.parent().unwrap());
    command.env("TERM", term).env("VAMBE_API_KEY", emulator.api_key()).env("VAMBE_BASE_URL", emulator.url());
    command
}

/// Creates a file with a row for each of the contacts 50 to 1.
pub(crate) fn fifty(dir: &tempfile::TempDir) -> std::path::PathBuf {
    let input = dir.path().join("orders.csv");
    let rows = (1..=50).rev().map(|index| format!("{},ORD-{index}\n", number(index)));
    std::fs::write(&input, format!("contact_number,order_id\n{}", rows.collect::<String>())).unwrap();
    input
}

#[test]
fn the_bar_shows_counts_speed_and_waits_until_ctrl_c() {
    let dir = tempfile::tempdir().unwrap();
    for columns in [80, 120] {
        // Contacts 49 and 50, of the first rows, do not exist.
        let emulator = emulator((1..=48).map(contact));
        emulator.inject_all(["none", "none", "503"].map(|fault| fault.parse::<Fault>().unwrap()));
        let journal = dir.path().join(columns.to_string());
        let args = ["--rate", "20/h", "--in-flight", "1", "--journal", journal.to_str().unwrap()];
        let mut terminal = Terminal::import(&emulator, columns, "xterm", &fifty(&dir), &args);

        // The fault takes one of the 20 requests of this hour.
        terminal.wait_for(&["19 of 50 rows", " left; waiting ", " for the rate limit"]);
        let lines = terminal.lines();
        let [bar, counts, speed] = lines.as_slice() else { panic!("three lines, and nothing else: {lines:#?}") };
        assert_eq!(bar.len(), usize::from(columns), "{bar}");
        assert!(bar.starts_with("[####") && bar.ends_with("-]  38.0%  19 of 50 rows"), "{bar}");
        assert_eq!(counts, "17 applied, 2 rejected, 1 retried");
        assert!(speed.starts_with("20/h, 1h 33min left; waiting "), "{speed}");

        terminal.interrupt();
        let (code, lines, bytes) = terminal.end();
        assert_eq!(code, Some(3), "{lines:#?}");
        let [bar, _, _, key, stopping, summary @ ..] = lines.as_slice() else { panic!("{lines:#?}") };
        assert!(bar.starts_with("[####") && key == "^C" && *stopping == "stopping", "{lines:#?}");
        assert!(summary.contains(&"50 rows: 17 applied, 2 rejected, 31 not sent".to_owned()), "{lines:#?}");
        assert!(summary.iter().all(|line| !line.starts_with('[')), "it is not drawn any more: {lines:#?}");
        for coloured in ["\u{1b}[32m17 applied\u{1b}[0m", "\u{1b}[31m2 rejected\u{1b}[0m"] {
            assert!(bytes.contains(coloured), "{coloured:?}: {bytes:?}");
        }
    }
}

#[test]
fn a_narrow_terminal_shows_everything_once() {
    let dir = tempfile::tempdir().unwrap();
    for columns in [20, 40] {
        let emulator = emulator((1..=50).map(contact));
        let journal = dir.path().join(columns.to_string());
        let args = ["--rate", "20/h", "--journal", journal.to_str().unwrap()];
        let mut terminal = Terminal::import(&emulator, columns, "xterm", &fifty(&dir), &args);
        terminal.wait_for(&["40.0%  20 of 50 rows", "20 applied, 0 rejected, 0 retried", "20/h, ", " rate limit"]);
        terminal.interrupt();
        let (_, lines, _) = terminal.end();
        assert_eq!(lines.concat().matches("0 retried").count(), 1, "{columns}: {lines:#?}");
    }
}

#[test]
fn during_an_outage_the_bar_shows_the_cause() {
    let dir = tempfile::tempdir().unwrap();
    let emulator = emulator((1..=50).map(contact));
    // The first rows are applied, and the next request gets no response while its connection is open.
    emulator.inject_all(["none", "none", "latency:3600s"].map(|fault| fault.parse::<Fault>().unwrap()));
    let mut terminal = Terminal::import(&emulator, 120, "xterm", &fifty(&dir), &["--in-flight", "1"]);
    terminal.wait_for(&["2 of 50 rows"]);
    emulator.refuse_connections();
    terminal.wait_for(&["no response from the server", "last error: Connection refused"]);
    terminal.interrupt();
    assert_eq!(terminal.end().0, Some(3));
}

#[test]
fn at_the_end_the_bar_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let emulator = emulator((1..=50).map(contact));
    let (code, lines, bytes) = Terminal::import(&emulator, 80, "xterm", &fifty(&dir), &[]).end();
    let [took, counts] = lines.as_slice() else { panic!("{lines:#?}") };
    assert!(took.starts_with("took "), "{took}");
    assert_eq!((code, counts.as_str()), (Some(0), "50 rows: 50 applied"));
    assert!(bytes.contains(" of 50 rows"), "there was one: {bytes:?}");
}

#[test]
fn a_terminal_without_cursor_control_gets_lines() {
    let dir = tempfile::tempdir().unwrap();
    let emulator = emulator((1..=50).map(contact));
    let (code, _, bytes) = Terminal::import(&emulator, 80, "dumb", &fifty(&dir), &[]).end();
    let (took, counts) = bytes.split_once("\r\n").unwrap();
    assert!(took.starts_with("took ") && !took.contains('\u{1b}'), "{took:?}");
    assert_eq!((code, counts), (Some(0), "50 rows: 50 applied\r\n"));
}
