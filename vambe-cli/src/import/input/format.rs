//! The format and compression of an input, by its name and its first bytes.

use std::{fmt, path::Path};

/// The format on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum FormatName {
    /// A header row, then one update per row
    Csv,
    /// One update per line, as a JSON object
    Ndjson,
}

/// The format of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// A row of column names, then one update per row.
    Csv { delimiter: u8 },
    /// One JSON object per line, in the form of the API's request.
    Ndjson,
}

/// The compression of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    /// One or several gzip members.
    Gzip,
    /// One or several zstd frames.
    Zstd,
}

impl Compression {
    /// Detects the compression by the first bytes, which are not UTF-8 and so neither CSV nor JSON.
    pub(super) fn of_bytes(first: &[u8]) -> Option<Self> {
        match first {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            // A skippable frame, which may precede the first data frame.
            [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Some(Self::Zstd),
            _ => None,
        }
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        })
    }
}

/// Returns format and compression by the name of a file.
pub(super) fn by_name(path: &Path) -> (Option<Format>, Option<Compression>) {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let (name, compression) = match name.rsplit_once('.') {
        Some((name, "gz")) => (name, Some(Compression::Gzip)),
        Some((name, "zst")) => (name, Some(Compression::Zstd)),
        _ => (&*name, None),
    };
    let format = match name.rsplit_once('.') {
        Some((_, "csv")) => Some(Format::Csv { delimiter: b',' }),
        Some((_, "tsv")) => Some(Format::Csv { delimiter: b'\t' }),
        Some((_, "ndjson" | "jsonl")) => Some(Format::Ndjson),
        _ => None,
    };
    (format, compression)
}

/// Parses a delimiter: one ASCII character, or `tab`.
///
/// Line ends and quotes have another meaning, and letters, digits and `_` would split names and values.
pub(crate) fn parse_delimiter(text: &str) -> Result<u8, InvalidDelimiter> {
    match text.as_bytes() {
        [b'\t'] | b"\\t" | b"tab" => Ok(b'\t'),
        [byte @ b' '..=b'~'] if !byte.is_ascii_alphanumeric() && !matches!(byte, b'"' | b'_') => Ok(*byte),
        _ => Err(InvalidDelimiter),
    }
}

/// An invalid delimiter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("use `tab` or one ASCII character such as `;`, but no letter, digit, quote or `_`")]
pub(crate) struct InvalidDelimiter;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_gives_format_and_compression() {
        let comma = Some(Format::Csv { delimiter: b',' });
        let tab = Some(Format::Csv { delimiter: b'\t' });
        for (name, format, compression) in [
            ("a.csv", comma, None),
            ("dir.ndjson/a.CSV", comma, None),
            ("a.tsv.gz", tab, Some(Compression::Gzip)),
            ("a.jsonl", Some(Format::Ndjson), None),
            ("a.b.NDJSON.Zst", Some(Format::Ndjson), Some(Compression::Zstd)),
            ("a.gz", None, Some(Compression::Gzip)),
            ("a.json", None, None),
            ("csv", None, None),
            ("", None, None),
        ] {
            assert_eq!(by_name(Path::new(name)), (format, compression), "{name}");
        }
    }

    #[test]
    fn a_delimiter_is_one_character_that_can_separate_cells() {
        for (text, expected) in [
            (";", Ok(b';')),
            ("\t", Ok(b'\t')),
            ("\\t", Ok(b'\t')),
            ("tab", Ok(b'\t')),
            (" ", Ok(b' ')),
            ("|", Ok(b'|')),
            ("\"", Err(InvalidDelimiter)),
            ("\n", Err(InvalidDelimiter)),
            ("a", Err(InvalidDelimiter)),
            ("_", Err(InvalidDelimiter)),
            ("", Err(InvalidDelimiter)),
            (";;", Err(InvalidDelimiter)),
            ("¦", Err(InvalidDelimiter)),
        ] {
            assert_eq!(parse_delimiter(text), expected, "{text:?}");
        }
    }
}
