//! The command `vambe`.

mod import;

fn main() {}
