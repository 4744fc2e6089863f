//! The account of a journal: its rows were applied to the tickets of one account, and have to be sent to any other.

use sha2::{Digest, Sha256};

use super::{Header, JournalError, Record, RunStart};
use crate::client::ApiKey;

/// The length of a fingerprint: enough to distinguish the keys of one journal.
const BYTES: usize = 16;

/// The account that a run sends to.
#[derive(Clone, Copy)]
pub(crate) struct Account<'a> {
    pub(crate) key: &'a ApiKey,
    /// `--same-account`: the key is new, and the account that of the runs before.
    pub(crate) is_same: bool,
}

impl Account<'_> {
    /// Returns the fingerprint of the key, which differs from journal to journal.
    ///
    /// The salt is what the header says of the input and of the time, down to the nanosecond: so no table leads from a
    /// fingerprint to a key, and two journals do not show that they have the same one. A key is far too long to be guessed.
    pub(super) fn fingerprint(&self, header: &Header) -> String {
        let Header { input_sha256, started, .. } = header;
        let digest = Sha256::new()
            .chain_update(format!("vambe journal key\n{input_sha256}\n{started}\n"))
            .chain_update(self.key.as_str())
            .finalize();
        digest.iter().take(BYTES).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The accounts of the runs before.
#[derive(Debug, Default)]
pub(super) struct Accounts {
    /// The fingerprints of keys of the one account.
    keys: Vec<String>,
    /// True once the server has answered for a row, so that the account matters.
    has_answers: bool,
}

impl Accounts {
    /// Adds a run.
    pub(super) fn begin(&mut self, run: &RunStart) {
        if run.same_account {
            self.know(&run.key);
        }
    }

    /// Adds a final record; `run` is the one that wrote it, and none if that was version 0.1.0.
    pub(super) fn add(&mut self, record: &Record, run: Option<&RunStart>) {
        // A row that is no update is rejected whatever the account.
        if record.attempts > 0 {
            self.has_answers = true;
            if let Some(run) = run {
                self.know(&run.key);
            }
        }
    }

    /// Fails if a run with this key must not leave out the rows that are final.
    pub(super) fn check(&self, key: &str, is_same: bool) -> Result<(), JournalError> {
        if !self.has_answers || is_same || self.keys.iter().any(|known| known == key) {
            return Ok(());
        }
        Err(if self.keys.is_empty() { JournalError::NoAccount } else { JournalError::OtherAccount })
    }

    fn know(&mut self, key: &str) {
        if !self.keys.iter().any(|known| known == key) {
            self.keys.push(key.to_owned());
        }
    }
}
