//! The file operations of a journal: a trait, so that tests can make them fail.

use std::io;

/// Appends to a file.
pub(super) trait Storage: Send {
    /// Appends bytes.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Returns once everything written is on disk.
    fn sync(&mut self) -> io::Result<()>;
    /// Truncates the file to a length.
    fn cut(&mut self, length: u64) -> io::Result<()>;
}
