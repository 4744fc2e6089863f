//! The encoding of an input: by its name, by a byte order mark, or by its bytes.

use std::{
    fmt,
    io::{self, BufRead, Read as _},
};

use encoding_rs::{Encoding as Table, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::error::InputError;

/// The number of first bytes that may have a mark, or show UTF-16 and UTF-32 without one.
const FIRST: u64 = 4;

/// The end of the reason for a row with a byte that its encoding does not have.
pub(super) const NOT_TEXT: &str =
    "has a byte that is not valid in the encoding of the file: save the file as UTF-8, or give `--encoding`";

/// The number of bytes that are examined at a time.
const CHUNK: usize = 64 << 10;

/// The encoding of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Encoding(&'static Table);

impl Encoding {
    pub(crate) const UTF_8: Self = Self(UTF_8);

    /// Returns the encoding of a text: `named`, or a detected one.
    ///
    /// Without a mark and without zero bytes, a text is UTF-8, unless no part of it is: see [`is_windows_1252`].
    pub(super) fn of(mut text: impl BufRead, named: Option<Self>) -> Result<Self, InputError> {
        let mut first = Vec::new();
        let read = (&mut text).take(FIRST).read_to_end(&mut first);
        let marked = match (read, first.as_slice()) {
            // The reader of the rows reports the error.
            (Err(_), _) => return Ok(named.unwrap_or(Self::UTF_8)),
            (_, [0xff, 0xfe, 0, 0] | [0, 0, ..] | [_, 0, 0, 0]) => return Err(InputError::Utf32),
            (_, [0xef, 0xbb, 0xbf, ..]) => Some(UTF_8),
            (_, [0xff, 0xfe, ..]) => Some(UTF_16LE),
            (_, [0xfe, 0xff, ..]) => Some(UTF_16BE),
            _ => None,
        };
        match (marked.map(Self), named) {
            (Some(marked), Some(named)) if marked != named => Err(InputError::OtherMark { marked, named }),
            (Some(encoding), _) | (None, Some(encoding)) => Ok(encoding),
            (None, None) => Ok(match first.as_slice() {
                // A first ASCII character.
                [0, ..] => Self(UTF_16BE),
                [_, 0, ..] => Self(UTF_16LE),
                _ if is_windows_1252(first.clone(), &mut text) => Self(WINDOWS_1252),
                _ => Self::UTF_8,
            }),
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0 == WINDOWS_1252 { "Windows-1252" } else { self.0.name() })
    }
}

/// Parses the name of an encoding, as browsers know it.
pub(crate) fn parse_encoding(name: &str) -> Result<Encoding, UnknownEncoding> {
    Table::for_label_no_replacement(name.as_bytes()).map(Encoding).ok_or(UnknownEncoding)
}

/// An unknown name of an encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("use the name of an encoding, as in utf-8, utf-16le, windows-1252, iso-8859-15 or macintosh")]
pub(crate) struct UnknownEncoding;

/// Returns true if a text has characters beyond ASCII, none of them valid in UTF-8 and all of them defined in Windows-1252.
///
/// A text with some that are valid in UTF-8 is a damaged one: read as Windows-1252, these would become other characters.
fn is_windows_1252(mut pending: Vec<u8>, mut text: impl BufRead) -> bool {
    let mut is_beyond_ascii = false;
    loop {
        let Ok(chunk) = text.fill_buf() else { return false };
        let (length, is_end) = (chunk.len(), chunk.is_empty());
        pending.extend_from_slice(chunk);
        text.consume(length);
        // Before the last start of a character, so that none is divided.
        let whole = pending.iter().rposition(|byte| !(0x80..0xc0).contains(byte));
        let whole = if is_end { pending.len() } else { whole.unwrap_or(0) };
        let whole_characters = pending.get(..whole).unwrap_or_default();
        // Most texts are ASCII, and this is fast.
        let pieces = (!whole_characters.is_ascii()).then(|| whole_characters.utf8_chunks());
        for piece in pieces.into_iter().flatten() {
            if !piece.valid().is_ascii() || piece.invalid().iter().any(|byte| UNDEFINED.contains(byte)) {
                return false;
            }
            is_beyond_ascii |= !piece.invalid().is_empty();
        }
        if is_end {
            return is_beyond_ascii;
        }
        pending.drain(..whole);
        if pending.len() > CHUNK {
            return false;
        }
    }
}

/// The bytes that Windows-1252 leaves undefined.
const UNDEFINED: [u8; 5] = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

/// Decodes a text to UTF-8. A byte that is not valid in the encoding becomes 0xff, which is not valid in UTF-8 either, so that
/// the row has a fault at this place.
pub(super) struct Decoded<R> {
    source: R,
    decoder: encoding_rs::Decoder,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    has_ended: bool,
}

impl<R: BufRead> Decoded<R> {
    pub(super) fn new(source: R, encoding: Encoding) -> Self {
        let decoder = encoding.0.new_decoder_with_bom_removal();
        Self { source, decoder, buffer: vec![0; CHUNK + 1], start: 0, end: 0, has_ended: false }
    }
}

impl<R: BufRead> io::Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Decoded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.start == self.end && !self.has_ended {
            let source = self.source.fill_buf()?;
            let is_end = source.is_empty();
            // The last byte is for the mark of an invalid one.
            let room = self.buffer.get_mut(..CHUNK).unwrap_or_default();
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(source, room, is_end);
            self.source.consume(read);
            (self.start, self.end) = (0, written);
            match result {
                encoding_rs::DecoderResult::InputEmpty => self.has_ended = is_end,
                encoding_rs::DecoderResult::OutputFull => {}
                encoding_rs::DecoderResult::Malformed(..) => {
                    if let Some(mark) = self.buffer.get_mut(written) {
                        *mark = 0xff;
                        self.end += 1;
                    }
                }
            }
        }
        Ok(self.buffer.get(self.start..self.end).unwrap_or_default())
    }

    fn consume(&mut self, count: usize) {
        self.start = (self.start + count).min(self.end);
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    /// Decodes in pieces of `capacity` bytes.
    fn decode(raw: &[u8], capacity: usize) -> Result<(String, Vec<u8>), InputError> {
        let encoding = Encoding::of(BufReader::with_capacity(capacity, raw), None)?;
        let mut text = Vec::new();
        Decoded::new(BufReader::with_capacity(capacity, raw), encoding).read_to_end(&mut text).unwrap();
        Ok((encoding.to_string(), text))
    }

    #[test]
    fn detects_and_decodes_each_encoding() {
        let text = "contact_number,año\n+56,“Ñandú” 😀\n";
        for (raw, encoding, expected) in [
            (text.as_bytes().to_vec(), "UTF-8", text.as_bytes()),
            (format!("\u{feff}{text}").into_bytes(), "UTF-8", text.as_bytes()),
            (utf16(text, u16::to_le_bytes), "UTF-16LE", text.as_bytes()),
            (utf16(text, u16::to_be_bytes), "UTF-16BE", text.as_bytes()),
            (utf16(&format!("\u{feff}{text}"), u16::to_le_bytes), "UTF-16LE", text.as_bytes()),
            (utf16(&format!("\u{feff}{text}"), u16::to_be_bytes), "UTF-16BE", text.as_bytes()),
            (b"a\xf1o,\x93\xd1and\xfa\x94\n\x80".to_vec(), "Windows-1252", "año,“Ñandú”\n€".as_bytes()),
            (b"\xf1".to_vec(), "Windows-1252", "ñ".as_bytes()),
            (vec![], "UTF-8", b""),
            // Undefined in Windows-1252, and damaged UTF-8.
            (b"a\xf1o \x81".to_vec(), "UTF-8", b"a\xffo \xff"),
            ("ñ".bytes().chain(*b" a\xf1o").collect(), "UTF-8", b"\xc3\xb1 a\xffo"),
            // Half a surrogate, and half a code unit.
            (b"\xff\xfea\0\0\xd8b\0c".to_vec(), "UTF-16LE", b"a\xffb\xff"),
        ] {
            for capacity in [1, 3, 64] {
                let found = decode(&raw, capacity).unwrap();
                assert_eq!(found, (encoding.to_owned(), expected.to_vec()), "{}", raw.escape_ascii());
            }
        }
    }

    #[test]
    fn rejects_utf_32_and_a_mark_of_another_encoding() {
        for raw in [&b"\xff\xfe\0\0a\0\0\0"[..], b"\0\0\xfe\xff", b"\0\0\0a", b"a\0\0\0"] {
            assert!(matches!(decode(raw, 64), Err(InputError::Utf32)), "{raw:?}");
        }
        let named = parse_encoding("latin1").unwrap();
        assert_eq!(Encoding::of(&b"a\xf1o \x81"[..], Some(named)).unwrap().to_string(), "Windows-1252");
        let error = Encoding::of(&b"\xef\xbb\xbfa"[..], Some(named)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the input has the byte order mark of UTF-8, but --encoding is Windows-1252: leave out --encoding"
        );
        assert_eq!(parse_encoding("ebcdic"), Err(UnknownEncoding));
    }

    #[test]
    fn a_long_text_is_examined_to_its_end() {
        let ascii = "a".repeat(3 * CHUNK);
        for (end, expected) in [(&b"\xf1"[..], "Windows-1252"), (b"\xc3\xb1", "UTF-8"), (b"\xf1 \xc3\xb1", "UTF-8")] {
            let raw = [ascii.as_bytes(), end].concat();
            assert_eq!(decode(&raw, CHUNK - 1).unwrap().0, expected);
        }
        // A text of continuation bytes alone takes no memory.
        assert_eq!(decode(&vec![0xbf; 4 * CHUNK], CHUNK).unwrap().0, "UTF-8");
    }
}
