//! The account of a journal: its outcomes are valid for one account only.

use sha2::{Digest, Sha256};

use super::{Header, JournalError, Record, RunStart};
use crate::client::ApiKey;

/// The length of a fingerprint, enough to distinguish the keys of one journal.
const BYTES: usize = 16;

/// The account that a run sends to.
#[derive(Clone, Copy)]
pub(crate) struct Account<'a> {
    pub(crate) key: &'a ApiKey,
    /// `--same-account`: the key may be new, but belongs to the account of earlier runs.
    pub(crate) is_same: bool,
}

impl Account<'_> {
    /// Returns a fingerprint of the key.
    ///
    /// The salt is the digest of the input and the start of the journal, to the nanosecond: no table maps fingerprints to keys,
    /// and two journals do not show that they share a key. A key is far too long to be guessed.
    pub(super) fn fingerprint(&self, header: &Header) -> String {
        let Header { input_sha256, started, .. } = header;
        let digest = Sha256::new()
            .chain_update(format!("vambe journal key\n{input_sha256}\n{started}\n"))
            .chain_update(self.key.as_str())
            .finalize();
        digest.iter().take(BYTES).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The account of earlier runs.
#[derive(Debug, Default)]
pub(super) struct Accounts {
    /// The fingerprints of the keys of the account.
    keys: Vec<String>,
    /// True once the server has responded to a row, from when on the account matters.
    has_responses: bool,
}

impl Accounts {
    /// Adds a run.
    pub(super) fn begin(&mut self, run: &RunStart) {
        if run.same_account {
            self.add_key(&run.key);
        }
    }

    /// Adds a final record of `run`; version 0.1.0 wrote no runs.
    pub(super) fn add(&mut self, record: &Record, run: Option<&RunStart>) {
        // Invalid rows are rejected for any account.
        if record.attempts > 0 {
            self.has_responses = true;
            if let Some(run) = run {
                self.add_key(&run.key);
            }
        }
    }

    /// Fails if a run with this key must not skip the final rows.
    pub(super) fn check(&self, key: &str, is_same: bool) -> Result<(), JournalError> {
        if !self.has_responses || is_same || self.keys.iter().any(|known| known == key) {
            return Ok(());
        }
        Err(if self.keys.is_empty() { JournalError::NoAccount } else { JournalError::OtherAccount })
    }

    fn add_key(&mut self, key: &str) {
        if !self.keys.iter().any(|known| known == key) {
            self.keys.push(key.to_owned());
        }
    }
}
