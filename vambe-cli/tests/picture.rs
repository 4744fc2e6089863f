//! The picture of a terminal in `README.md`, drawn from an import.
#![cfg(target_os = "linux")]

use std::{fmt::Write as _, fs};

use vambe_emulator::Fault;
use vt100::Color;

use crate::{
    support::{contact, emulator, number},
    terminal::{Terminal, import},
};

const COLUMNS: u16 = 92;
const ROWS: u32 = 5_000;
/// Rows that the emulator rejects, since it has no such contact.
const UNKNOWN: [u32; 3] = [40, 400, 900];
/// A row that is rejected before it is sent.
const NO_NUMBER: u32 = 700;

/// `UPDATE_FIXTURES=1` draws it again. The comparison leaves out the times, which differ from run to run.
#[test]
fn the_readme_shows_a_real_import() {
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("orders.csv");
    let rows = (1..=ROWS).map(|row| match row {
        NO_NUMBER => format!("call me,ORD-{row}\n"),
        _ => format!("{},ORD-{row}\n", number(row)),
    });
    fs::write(&input, format!("contact_number,order_id\n{}", rows.collect::<String>())).unwrap();

    let emulator = emulator((1..=ROWS).filter(|row| !UNKNOWN.contains(row)).map(contact));
    emulator.inject_all(["none", "none", "503", "none", "503"].map(|fault| fault.parse::<Fault>().unwrap()));
    let mut command = import(&emulator, "xterm", &input, &["--rate", "1000/h"]);
    command.env("LC_ALL", "C.UTF-8");
    let mut terminal = Terminal::start(command, COLUMNS);
    terminal.wait_for(&[" 999 of 5,000 rows", " left; waiting "]);
    terminal.interrupt();
    assert_eq!(terminal.wait(), Some(3));
    let drawn = picture("vambe ticket metadata import orders.csv --rate 1000/h", &terminal.coloured_lines());
    // Cargo runs tests in the folder of their package.
    let path = "../docs/import.svg";
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        fs::write(path, &drawn).unwrap();
    }
    let found = fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        without_times(&found) == without_times(&drawn),
        "look at docs/import.svg after `UPDATE_FIXTURES=1 cargo test --package vambe-cli`"
    );
}

/// Draws a terminal in which the command has printed these lines.
fn picture(command: &str, lines: &[Vec<(Color, String)>]) -> String {
    const LINE: usize = 20;
    const MARGIN: usize = 16;
    // A character of a monospaced font of 14 pixels is 8.4 wide.
    let width = usize::from(COLUMNS) * 42 / 5 + 2 * MARGIN;
    let height = (lines.len() + 2) * LINE + 2 * MARGIN;
    let mut svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img">
<title>An import on a terminal, stopped by Ctrl-C</title>
<style>text {{ white-space: pre }}</style>
<rect width="100%" height="100%" rx="8" fill="#16181d"/>
<g font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#d8dee9">
"##
    );
    let prompt = |command: &str| format!(r##"<tspan fill="#8fbf7f">$</tspan> {}"##, escape(command));
    let lines = lines.iter().map(|line| line.iter().map(|(colour, text)| coloured(*colour, text)).collect());
    for (index, line) in [prompt(command)].into_iter().chain(lines).chain([prompt("")]).enumerate() {
        let y = MARGIN + 15 + index * LINE;
        writeln!(svg, r#"<text x="{MARGIN}" y="{y}">{}</text>"#, line.trim_end()).unwrap();
    }
    svg + "</g>\n</svg>\n"
}

fn coloured(colour: Color, text: &str) -> String {
    let fill = match colour {
        Color::Idx(1) => "#e06c75",
        Color::Idx(2) => "#8fbf7f",
        Color::Idx(3) => "#e5c07b",
        _ => return escape(text),
    };
    format!(r#"<tspan fill="{fill}">{}</tspan>"#, escape(text))
}

fn escape(line: &str) -> String {
    line.replace('&', "&amp;").replace('<', "&lt;")
}

/// Removes the lines that show times.
fn without_times(svg: &str) -> String {
    svg.lines().filter(|line| !line.contains(" left; ") && !line.contains(">took ")).collect()
}
