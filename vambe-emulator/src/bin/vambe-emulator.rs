//! The emulator as a program of its own.

use std::process::ExitCode;

fn main() -> ExitCode {
    vambe_emulator::program::run("vambe-emulator", std::env::args_os().skip(1))
}
