//! What `--list-faults` prints.

use std::io::{self, Write};

use crate::{Fault, FaultKind};

/// Writes the table of all faults.
pub(super) fn write(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "A fault is one of:\n")?;
    for kind in Fault::kinds() {
        writeln!(out, "{}", kind.form())?;
        writeln!(out, "    {}", kind.about())?;
        writeln!(out, "    Update applied: {}. Such as: {}", kind.applied(), kind.examples().join("  "))?;
    }
    writeln!(out, "\nwhere\n")?;
    for (word, meaning) in FaultKind::words() {
        writeln!(out, "{word:<9} {meaning}")?;
    }
    writeln!(out, "\nA status alone, such as 503, is short for status:503.")
}
