//! Which format and compression the input has: by its name and by its first bytes.

use std::{fmt, path::Path};

/// The format as it is named on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum FormatName {
    /// A header row, then one update a row
    Csv,
    /// One update a line, as a JSON object
    Ndjson,
}

/// The format of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// A header row that names the columns, then one update a row.
    Csv {
        /// What stands between the cells.
        delimiter: u8,
    },
    /// One JSON object a line, as the published request.
    Ndjson,
}

/// How the input is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    /// One or several gzip members.
    Gzip,
    /// One or several zstd frames.
    Zstd,
}

impl Compression {
    /// By the first bytes, which begin neither CSV nor JSON: both are no UTF-8.
    pub(super) fn of_bytes(first: &[u8]) -> Option<Self> {
        match first {
            [0x1f, 0x8b, ..] => Some(Self::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            // A frame to skip, which may stand before the first one of data.
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

/// What the name of a file says.
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

/// Reads the delimiter of the command line: one ASCII character, or `tab`.
///
/// Line ends and quotes have their own meaning, and letters, digits and `_` would cut names and values to pieces.
pub(crate) fn parse_delimiter(text: &str) -> Result<u8, InvalidDelimiter> {
    match text.as_bytes() {
        [b'\t'] | b"\\t" | b"tab" => Ok(b'\t'),
        [byte @ b' '..=b'~'] if !byte.is_ascii_alphanumeric() && !matches!(byte, b'"' | b'_') => Ok(*byte),
        _ => Err(InvalidDelimiter),
    }
}

/// The delimiter is none that could stand between cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("give one ASCII character that is no letter, digit, quote or `_`, such as `;`, or `tab`")]
pub(crate) struct InvalidDelimiter;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_file_tells_format_and_compression() {
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
    fn a_delimiter_is_one_character_that_can_separate() {
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
