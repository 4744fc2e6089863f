//! The stored bytes of an input, for several readers at a time.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::Path,
    sync::Arc,
    time::SystemTime,
};

use super::error::InputError;

/// An open file, or a copy of a stream.
#[derive(Clone, Debug)]
pub(super) struct Source(Arc<File>);

impl Source {
    /// Opens a file. A named pipe, such as `<(command)`, is copied like the standard input.
    pub(super) fn open(path: &Path) -> Result<Self, InputError> {
        let opened = File::open(path).and_then(|file| Ok((file.metadata()?.file_type(), file)));
        match opened {
            Ok((kind, file)) if kind.is_file() => Ok(Self(Arc::new(file))),
            Ok((kind, _)) if kind.is_dir() => Err(InputError::Directory { path: path.to_owned() }),
            Ok((_, file)) => Self::copy_of(file),
            Err(source) => Err(InputError::Open { path: path.to_owned(), source }),
        }
    }

    /// Copies a stream to an unnamed temporary file, which ends with the process.
    pub(super) fn copy_of(mut input: impl Read) -> Result<Self, InputError> {
        let mut copy = || {
            let mut file = tempfile::tempfile()?;
            io::copy(&mut input, &mut file)?;
            Self::rewound(file)
        };
        copy().map_err(|source| InputError::Copy { source })
    }

    /// Takes a file that was written.
    pub(super) fn rewound(mut file: File) -> io::Result<Self> {
        file.rewind()?;
        Ok(Self(Arc::new(file)))
    }

    /// Returns length and modification time, to detect changes; `None` if the system has none.
    pub(super) fn state(&self) -> Option<State> {
        let metadata = self.0.metadata().ok()?;
        Some(State { bytes: metadata.len(), modified: metadata.modified().ok()? })
    }

    /// Returns a reader from the start, with a position of its own.
    pub(super) fn reader(&self) -> SourceReader {
        self.reader_to(u64::MAX)
    }

    /// Returns a reader of the first `end` bytes, which ignores appended ones.
    pub(super) fn reader_to(&self, end: u64) -> SourceReader {
        SourceReader { file: Arc::clone(&self.0), position: 0, end }
    }
}

/// The metadata of a file that shows changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct State {
    pub(super) bytes: u64,
    modified: SystemTime,
}

/// Reads a [`Source`] by position, since all handles of a file share one cursor.
#[derive(Debug)]
pub(super) struct SourceReader {
    file: Arc<File>,
    position: u64,
    end: u64,
}

impl SourceReader {
    /// Returns the number of bytes read.
    pub(super) fn position(&self) -> u64 {
        self.position
    }
}

impl Read for SourceReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(self.position)).unwrap_or(usize::MAX);
        let length = buffer.len().min(left);
        let count = read_at(&self.file, buffer.get_mut(..length).unwrap_or_default(), self.position)?;
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for SourceReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => self.file.metadata()?.len().checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_have_their_own_positions() {
        let source = Source::copy_of(&b"abcdef"[..]).unwrap();
        let (mut first, mut second) = (source.reader(), source.reader());
        let mut three = [0; 3];
        first.read_exact(&mut three).unwrap();
        assert_eq!(first.position(), 3);
        let mut all = String::new();
        second.read_to_string(&mut all).unwrap();
        assert_eq!(all, "abcdef");
        first.read_exact(&mut three).unwrap();
        assert_eq!((&three, first.position()), (b"def", 6));

        let mut some = String::new();
        source.reader_to(4).read_to_string(&mut some).unwrap();
        assert_eq!(some, "abcd");
    }

    #[test]
    fn rejects_a_path_that_is_not_a_file() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(Source::open(dir.path()), Err(InputError::Directory { .. })));
        assert!(matches!(Source::open(&dir.path().join("none")), Err(InputError::Open { .. })));
    }
}
