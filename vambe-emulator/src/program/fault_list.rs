//! The output of `--list-faults`.

use std::io::{self, Write};

use crate::{Fault, FaultKind};

/// Writes the table of all faults.
pub(super) fn write(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "FAULT is one of:\n")?;
    for kind in Fault::kinds() {
        writeln!(out, "{}", kind.form())?;
        writeln!(out, "    {}", kind.about())?;
        writeln!(out, "    Update applied: {}. Examples: {}", kind.applied(), kind.examples().join("  "))?;
    }
    writeln!(out, "\nwhere\n")?;
    for (name, meaning) in FaultKind::value_names() {
        writeln!(out, "{name:<9} {meaning}")?;
    }
    writeln!(out, "\nA status alone, such as 503, is short for status:503.")
}
