//! The program `vambe-emulator`.

use std::process::ExitCode;

use clap::Parser;
use vambe_emulator::program::Options;

#[derive(Parser)]
#[command(name = "vambe-emulator", bin_name = "vambe-emulator", version, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    options: Options,
}

fn main() -> ExitCode {
    Cli::parse().options.run()
}
