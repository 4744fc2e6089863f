//! The first line of a journal: what the rest belongs to.

use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::{JournalError, line};

/// The version that is written, and the highest that is read.
///
/// Version 1, that of 0.1.0, has no lines for runs, and no times in its records.
const VERSION: u64 = 2;

/// How the JSON of each first line begins, in this version and in later ones.
const MAGIC: &[u8] = br#" {"vambe_journal":"#;

/// What a journal belongs to. Fields that a later version adds are passed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Header {
    /// SHA-256 of the input, in hexadecimal digits.
    pub(crate) input_sha256: String,
    /// The length of the input.
    pub(crate) input_bytes: u64,
    /// How many rows it has; they are counted from 1.
    pub(crate) input_rows: u64,
    /// How the input is read: all that decides what stands in a row, in words that are the same for the same reading.
    pub(crate) format: String,
    /// The server, without key and password.
    pub(crate) base_url: String,
    /// When the journal was begun.
    #[serde(serialize_with = "write_time", deserialize_with = "read_time")]
    pub(crate) started: Timestamp,
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
    /// As it is written.
    pub(super) fn with_version(&self) -> WithVersion<'_> {
        WithVersion { vambe_journal: VERSION, header: self }
    }

    /// Reads the JSON of a first line.
    pub(super) fn parse(json: &[u8]) -> Result<Self, JournalError> {
        let Ok(Version { vambe_journal }) = serde_json::from_slice(json) else { return Err(JournalError::NotAJournal) };
        if vambe_journal > VERSION {
            return Err(JournalError::Newer { version: vambe_journal });
        }
        serde_json::from_slice(json).map_err(|_| JournalError::DamagedHeader)
    }

    /// Whether a journal with this header may be gone on with by an import with that one.
    pub(super) fn check(&self, ours: &Self) -> Result<(), JournalError> {
        if self.input_sha256 != ours.input_sha256 || self.input_bytes != ours.input_bytes {
            return Err(JournalError::OtherInput {
                theirs: (self.input_bytes, self.input_rows),
                ours: (ours.input_bytes, ours.input_rows),
            });
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

/// Judges a file whose first line is not whole: `Ok` if nothing is lost by beginning it anew.
///
/// What is shorter than the beginning of a header is left alone: a file of eight digits may be somebody's.
pub(super) fn check_torn(line: &[u8]) -> Result<(), JournalError> {
    if line.is_empty() {
        return Ok(());
    }
    let ours = line.split_at_checked(8).is_some_and(|(crc, json)| {
        crc.iter().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')) && json.starts_with(MAGIC)
    });
    match ours {
        false => Err(JournalError::NotAJournal),
        true if line.ends_with(b"\n") || line.len() >= line::MAX => Err(JournalError::DamagedHeader),
        // Nothing is sent before the header is on disk: there were no records.
        true => Ok(()),
    }
}

pub(super) fn write_time<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(time)
}

pub(super) fn read_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    Timestamp::from_str(&String::deserialize(deserializer)?).map_err(D::Error::custom)
}
