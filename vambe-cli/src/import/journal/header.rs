//! The first line of a journal, which identifies the import.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{JournalError, line};

/// The version that is written, and the highest that can be read.
///
/// Version 1, of vambe 0.1.0, has no lines for runs and no times of requests.
const VERSION: u64 = 2;

/// The start of the JSON of every header, in this and in later versions.
const MAGIC: &[u8] = br#" {"vambe_journal":"#;

/// The length of a checksum, which is before the JSON.
const CRC_LENGTH: usize = 8;

/// The header of a journal. Fields of later versions are ignored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Header {
    /// The SHA-256 of the input, in hexadecimal.
    pub(crate) input_sha256: String,
    /// The length of the input in bytes.
    pub(crate) input_bytes: u64,
    /// The number of rows, which are numbered from 1.
    pub(crate) input_rows: u64,
    /// The format of the input, with everything that affects the content of a row.
    pub(crate) format: String,
    #[serde(flatten)]
    pub(crate) options: InputOptions,
    /// The base URL of the server, without credentials.
    pub(crate) base_url: String,
    /// The time at which the journal was created.
    pub(crate) started: Timestamp,
}

/// The options that affect the content of a row; default ones are left out, as in journals of version 0.1.0.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct InputOptions {
    /// The encoding, unless it is UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) encoding: Option<String>,
    /// The name of the sheet, in a workbook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sheet: Option<String>,
    /// `--map`, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) map: Vec<String>,
    /// `--default-country`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) default_country: Option<String>,
    /// A digest of the pairs of `--set`, which are private.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) set_sha256: Option<String>,
}

impl InputOptions {
    /// Describes the options that differ, with both values.
    fn differences(&self, ours: &Self) -> Vec<String> {
        let named = |name: &Option<String>, default: &str| name.as_deref().unwrap_or(default).to_owned();
        let list = |list: &[String]| if list.is_empty() { "not given".to_owned() } else { list.join(", ") };
        let values = [
            ("--encoding", named(&self.encoding, "UTF-8"), named(&ours.encoding, "UTF-8")),
            ("--sheet", named(&self.sheet, "not given"), named(&ours.sheet, "not given")),
            ("--map", list(&self.map), list(&ours.map)),
            ("--default-country", named(&self.default_country, "not given"), named(&ours.default_country, "not given")),
        ];
        let different = values.into_iter().filter(|(_, theirs, ours)| theirs != ours);
        let mut all: Vec<_> =
            different.map(|(option, theirs, ours)| format!("{option} was {theirs:?} and is {ours:?}")).collect();
        if self.set_sha256 != ours.set_sha256 {
            all.push("--set had other pairs".to_owned());
        }
        all
    }
}

#[derive(Serialize)]
pub(super) struct WithVersion<'a> {
    // First: `MAGIC` has it.
    vambe_journal: u64,
    #[serde(flatten)]
    header: &'a Header,
}

#[derive(Deserialize)]
struct Version {
    vambe_journal: u64,
}

impl Header {
    /// Returns the header as it is written.
    pub(super) fn with_version(&self) -> WithVersion<'_> {
        WithVersion { vambe_journal: VERSION, header: self }
    }

    /// Parses the JSON of a first line.
    pub(super) fn parse(json: &[u8]) -> Result<Self, JournalError> {
        let Ok(Version { vambe_journal }) = serde_json::from_slice(json) else { return Err(JournalError::NotAJournal) };
        if vambe_journal > VERSION {
            return Err(JournalError::Newer { version: vambe_journal });
        }
        serde_json::from_slice(json).map_err(|_| JournalError::DamagedHeader)
    }

    /// Fails unless an import with the header `ours` may resume this journal.
    pub(super) fn check(&self, ours: &Self) -> Result<(), JournalError> {
        if self.input_sha256 != ours.input_sha256 || self.input_bytes != ours.input_bytes {
            return Err(JournalError::OtherInput {
                theirs: (self.input_bytes, self.input_rows),
                ours: (ours.input_bytes, ours.input_rows),
            });
        }
        let differences = self.options.differences(&ours.options);
        if !differences.is_empty() {
            return Err(JournalError::OtherOptions { differences: differences.join("; ") });
        }
        if self.format != ours.format || self.input_rows != ours.input_rows {
            return Err(JournalError::OtherFormat {
                theirs: (self.format.clone(), self.input_rows),
                ours: (ours.format.clone(), ours.input_rows),
            });
        }
        if self.base_url != ours.base_url {
            return Err(JournalError::OtherServer { theirs: self.base_url.clone(), ours: ours.base_url.clone() });
        }
        Ok(())
    }
}

/// Returns true if a file begins like a journal.
pub(crate) fn is_journal(path: &Path) -> io::Result<bool> {
    // Opening a device or a pipe would have effects.
    if !path.metadata()?.is_file() {
        return Ok(false);
    }
    let length = u64::try_from(CRC_LENGTH + MAGIC.len()).unwrap_or(u64::MAX);
    let mut start = Vec::new();
    File::open(path)?.take(length).read_to_end(&mut start)?;
    Ok(is_start(&start))
}

/// Returns true for the start of a journal.
fn is_start(bytes: &[u8]) -> bool {
    bytes.split_at_checked(CRC_LENGTH).is_some_and(|(crc, json)| {
        crc.iter().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')) && json.starts_with(MAGIC)
    })
}

/// Checks a file whose first line is damaged: `Ok` if it can be overwritten without loss.
///
/// A line shorter than the start of a header is an error: a file of eight digits may belong to the user.
pub(super) fn check_torn(line: &[u8]) -> Result<(), JournalError> {
    if line.is_empty() {
        return Ok(());
    }
    match is_start(line) {
        false => Err(JournalError::NotAJournal),
        true if line.ends_with(b"\n") || line.len() >= line::MAX => Err(JournalError::DamagedHeader),
        // There are no records: nothing is sent before the header is on disk.
        true => Ok(()),
    }
}
