//! The bytes of an input, hashed while they are read: once to know them, and once to see that they are still the same.

use std::io::{self, Read};

use sha2::{Digest, Sha256};

use super::source::SourceReader;

/// The SHA-256 of the bytes as stored, and their number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fingerprint {
    pub(super) sha256: [u8; 32],
    pub(super) bytes: u64,
}

/// Passes bytes on and hashes them.
pub(super) struct Hashing {
    source: SourceReader,
    sha256: Sha256,
}

impl Hashing {
    pub(super) fn new(source: SourceReader) -> Self {
        Self { source, sha256: Sha256::new() }
    }

    /// The fingerprint of what was read.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        Fingerprint { sha256: self.sha256.clone().finalize().into(), bytes: self.source.position() }
    }
}

impl Read for Hashing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.sha256.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}

/// Passes bytes on, the last of them only if all of them are those of a fingerprint.
pub(super) struct Verified {
    hashing: Hashing,
    expected: Fingerprint,
}

impl Verified {
    /// `source` ends where the bytes of the fingerprint do.
    pub(super) fn new(source: SourceReader, expected: Fingerprint) -> Self {
        Self { hashing: Hashing::new(source), expected }
    }
}

impl Read for Verified {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.hashing.read(buffer)?;
        let is_end = self.hashing.source.position() >= self.expected.bytes || count == 0 && !buffer.is_empty();
        if is_end && self.hashing.fingerprint() != self.expected {
            return Err(io::Error::other(Changed));
        }
        Ok(count)
    }
}

/// The bytes are not those that were hashed.
#[derive(Debug, thiserror::Error)]
#[error("the bytes are not those that were read before")]
pub(super) struct Changed;

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::source::Source;
    use super::*;

    #[test]
    fn the_last_bytes_are_passed_on_only_if_all_are_as_before() {
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
            // In small pieces: the end is in one of its own.
            let read = Verified::new(source.reader_to(before.bytes), before).take(100).read_to_string(&mut text);
            let read =
                read.map(|_| text.as_str()).map_err(|error| error.get_ref().is_some_and(|inner| inner.is::<Changed>()));
            assert_eq!(read, expected.ok_or(true), "{}", now.escape_ascii());
        }
    }
}
