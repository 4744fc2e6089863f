//! What a journal needs of the disk: a trait, so that tests can let it fail.

use std::{
    fs::File,
    io::{self, Seek, SeekFrom, Write},
};

/// Where the lines go.
pub(super) trait Storage: Send {
    /// Adds bytes at the end.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Returns once all that was written is on disk.
    fn sync(&mut self) -> io::Result<()>;
    /// Takes back all that was written after this length.
    fn cut(&mut self, length: u64) -> io::Result<()>;
}

impl Storage for File {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)?;
        self.seek(SeekFrom::Start(length))?;
        // `fdatasync` need not write a length that shrank.
        self.sync_all()
    }
}
