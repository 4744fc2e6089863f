//! Hashes an input while it is read: first to identify it, then to detect changes.

use std::{
    hash::{BuildHasher as _, DefaultHasher, Hasher as _, RandomState},
    io::{self, Read},
    sync::LazyLock,
};

use sha2::{Digest, Sha256};

use super::source::SourceReader;

/// The SHA-256, the checksum and the number of the stored bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fingerprint {
    pub(super) sha256: [u8; 32],
    /// Detects changes within this process.
    pub(super) checksum: u64,
    pub(super) bytes: u64,
}

/// Passes bytes on and computes their checksum.
struct Summing {
    source: SourceReader,
    /// SipHash with a random key, so that nobody can find other bytes with the same checksum. On a processor without
    /// instructions for it, SHA-256 takes several times as long.
    checksum: DefaultHasher,
}

impl Summing {
    fn new(source: SourceReader) -> Self {
        static KEY: LazyLock<RandomState> = LazyLock::new(RandomState::new);
        Self { source, checksum: KEY.build_hasher() }
    }
}

impl Read for Summing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.checksum.write(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}

/// Hashes the bytes that it passes on.
pub(super) struct Hashing {
    source: Summing,
    sha256: Sha256,
}

impl Hashing {
    pub(super) fn new(source: SourceReader) -> Self {
        Self { source: Summing::new(source), sha256: Sha256::new() }
    }

    /// Returns the fingerprint of the bytes so far.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        Fingerprint {
            sha256: self.sha256.clone().finalize().into(),
            checksum: self.source.checksum.finish(),
            bytes: self.source.source.position(),
        }
    }
}

impl Read for Hashing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.sha256.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}

/// Passes bytes on, the last ones only if all bytes match a fingerprint. Hashes no byte by SHA-256 a second time.
pub(super) struct Verified {
    source: Summing,
    expected: Fingerprint,
}

impl Verified {
    /// `source` has to end at the length of the fingerprint.
    pub(super) fn new(source: SourceReader, expected: Fingerprint) -> Self {
        Self { source: Summing::new(source), expected }
    }
}

impl Read for Verified {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        let bytes = self.source.source.position();
        let is_end = bytes >= self.expected.bytes || count == 0 && !buffer.is_empty();
        if is_end && (self.source.checksum.finish(), bytes) != (self.expected.checksum, self.expected.bytes) {
            return Err(io::Error::other(Changed));
        }
        Ok(count)
    }
}

/// The bytes do not match the fingerprint.
#[derive(Debug, thiserror::Error)]
#[error("the bytes differ from those of the first read")]
pub(super) struct Changed;

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::source::Source;
    use super::*;

    /// The standard library does not promise it.
    #[test]
    fn the_checksum_does_not_depend_on_the_pieces() {
        let content: Vec<u8> = (0..=255).collect();
        let source = Source::copy_of(content.as_slice()).unwrap();
        let mut whole = Hashing::new(source.reader());
        io::copy(&mut whole, &mut io::sink()).unwrap();
        for size in 1..=20 {
            let mut verified = Verified::new(source.reader_to(256), whole.fingerprint());
            let mut piece = vec![0; size];
            while verified.read(&mut piece).unwrap() > 0 {}
        }
    }

    #[test]
    fn passes_the_last_bytes_on_only_if_all_are_unchanged() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("input");
        for (now, expected) in [
            (&b"one\ntwo\n"[..], Some("one\ntwo\n")),
            (b"one\ntwo\nthree\n", Some("one\ntwo\n")),
            (b"one\ntwo", None),
            (b"", None),
            (b"One\ntwo\n", None),
            (b"one\ntwo!three", None),
        ] {
            fs::write(&path, "one\ntwo\n").unwrap();
            let source = Source::open(&path).unwrap();
            let mut before = Hashing::new(source.reader());
            io::copy(&mut before, &mut io::sink()).unwrap();
            let before = before.fingerprint();

            fs::write(&path, now).unwrap();
            let mut text = String::new();
            // In small pieces, so that the end is a separate one.
            let read = Verified::new(source.reader_to(before.bytes), before).take(100).read_to_string(&mut text);
            let read =
                read.map(|_| text.as_str()).map_err(|error| error.get_ref().is_some_and(|inner| inner.is::<Changed>()));
            assert_eq!(read, expected.ok_or(true), "{}", now.escape_ascii());
        }
    }
}
