//! Decompresses and decodes the stored bytes, and removes a byte order mark.

use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};

use flate2::bufread::MultiGzDecoder;

use super::{
    encoding::{Decoded, Encoding},
    error::InputError,
    format::Compression,
    zstd::Zstd,
};

const BUFFER: usize = 64 << 10;
const BOM: &[u8] = b"\xef\xbb\xbf";

/// The text of an input, in UTF-8, with other bytes where the input is damaged.
pub(super) struct Text<'a> {
    reader: Chain<Cursor<Vec<u8>>, Box<dyn BufRead + Send + 'a>>,
    compression: Option<Compression>,
    bom: bool,
}

/// Returns the decompressed bytes.
pub(super) fn decompressed<'a>(
    raw: impl Read + Send + 'a,
    compression: Option<Compression>,
) -> Box<dyn BufRead + Send + 'a> {
    let raw = BufReader::with_capacity(BUFFER, raw);
    match compression {
        None => Box::new(raw),
        Some(Compression::Gzip) => Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(raw))),
        Some(Compression::Zstd) => Box::new(BufReader::with_capacity(BUFFER, Zstd::new(raw))),
    }
}

impl<'a> Text<'a> {
    /// Starts reading.
    pub(super) fn new(
        raw: impl Read + Send + 'a,
        compression: Option<Compression>,
        encoding: Encoding,
    ) -> Result<Self, InputError> {
        let mut reader = decompressed(raw, compression);
        if encoding != Encoding::UTF_8 {
            let reader: Box<dyn BufRead + Send> = Box::new(Decoded::new(reader, encoding));
            return Ok(Self { reader: Cursor::new(Vec::new()).chain(reader), compression, bom: true });
        }
        // Read and chained back, since the first buffer may have one byte only.
        let mut first = Vec::new();
        let read = reader.by_ref().take(BOM.len() as u64).read_to_end(&mut first);
        read.map_err(|error| InputError::reading(error, compression))?;
        let bom = first == BOM;
        if bom {
            first.clear();
        }
        Ok(Self { reader: Cursor::new(first).chain(reader), compression, bom })
    }

    /// Returns true if a copy of the text in UTF-8 needs a byte order mark: the input has one, or another encoding.
    pub(super) fn bom(&self) -> bool {
        self.bom
    }

    /// Returns the next bytes; empty at the end.
    pub(super) fn fill(&mut self) -> Result<&[u8], InputError> {
        self.reader.fill_buf().map_err(|error| InputError::reading(error, self.compression))
    }

    /// Skips some of the bytes of [`fill`](Self::fill).
    pub(super) fn consume(&mut self, count: usize) {
        self.reader.consume(count);
    }

    /// Returns the first byte that is not white space.
    pub(super) fn first_visible(&mut self) -> Result<Option<u8>, InputError> {
        loop {
            let chunk = self.fill()?;
            let length = chunk.len();
            match chunk.iter().find(|byte| !byte.is_ascii_whitespace()) {
                Some(byte) => return Ok(Some(*byte)),
                None if length == 0 => return Ok(None),
                None => self.consume(length),
            }
        }
    }
}

/// Returns true if `predicate` holds for this error or for one of its causes.
pub(super) fn has_cause(error: &io::Error, predicate: impl Fn(&io::Error) -> bool) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.downcast_ref::<io::Error>().is_some_and(&predicate) {
            return true;
        }
        cause = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::write::GzEncoder;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    use super::*;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd(text: &[u8]) -> Vec<u8> {
        compress_to_vec(text, CompressionLevel::Fastest)
    }

    fn read(raw: &[u8]) -> Result<Vec<u8>, InputError> {
        let mut text = Text::new(raw, Compression::of_bytes(raw), Encoding::UTF_8)?;
        let mut all = Vec::new();
        loop {
            let chunk = text.fill()?;
            if chunk.is_empty() {
                return Ok(all);
            }
            all.extend_from_slice(chunk);
            let count = chunk.len();
            text.consume(count);
        }
    }

    #[test]
    fn several_members_or_frames_are_one_text() {
        let skipped = b"\x50\x2a\x4d\x18\x03\0\0\0abc".to_vec();
        for raw in [
            b"one\ntwo\n".to_vec(),
            [BOM, b"one\ntwo\n"].concat(),
            gzip(b"one\ntwo\n"),
            [gzip(b"o"), gzip(b""), gzip(b"ne\ntwo\n")].concat(),
            gzip(&[BOM, b"one\ntwo\n"].concat()),
            zstd(b"one\ntwo\n"),
            [skipped.clone(), zstd(b"one\n"), skipped, zstd(b"two\n")].concat(),
        ] {
            assert_eq!(read(&raw).unwrap(), b"one\ntwo\n");
        }
    }

    #[test]
    fn truncated_compressed_data_is_an_error() {
        for whole in [gzip(b"one\ntwo\nthree\n"), zstd(b"one\ntwo\nthree\n")] {
            for length in 4..whole.len() {
                let error = read(&whole[..length]).unwrap_err();
                assert!(matches!(error, InputError::Truncated { .. }), "{length} of {}: {error:?}", whole.len());
            }
        }
    }

    #[test]
    fn damaged_data_is_an_error() {
        for mut raw in [gzip(b"one\ntwo\n"), zstd(b"one\ntwo\n")] {
            let last = raw.len() - 6;
            raw[last] ^= 1;
            assert!(matches!(read(&raw), Err(InputError::Corrupt { .. })));
        }
        let followed = [gzip(b"one\n"), b"something else".to_vec()].concat();
        assert!(matches!(read(&followed), Err(InputError::Corrupt { .. })));
    }

    #[test]
    fn rejects_a_zstd_frame_that_needs_too_much_memory() {
        // The descriptor says 2^(10 + exponent): 64 MiB is an exponent of 16.
        for (exponent, refused) in [(16, false), (17, true), (31, true)] {
            let raw = [&b"\x28\xb5\x2f\xfd\x00"[..], &[exponent << 3], b"\x09\0\0a"].concat();
            let result = read(&raw);
            assert_eq!(matches!(result, Err(InputError::WindowTooLarge)), refused, "{exponent}: {result:?}");
        }
    }
}
