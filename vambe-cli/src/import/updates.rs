//! The updates of a file for `vambe queue enqueue`, which sends none of them itself.

use sha2::{Digest as _, Sha256};

use super::{
    check,
    error::ImportError,
    input::{Input, InputError, Row, Rows, Update},
    open,
    overwrites::OverwriteIndex,
    resume::{hexadecimal, input_options},
};
use crate::{args::EnqueueArgs, exit::Exit};

/// An error of the file.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(crate) struct UpdatesError(#[from] ImportError);

impl UpdatesError {
    /// Returns the exit code.
    pub(crate) fn exit(&self) -> Exit {
        self.0.exit()
    }

    /// Returns true if the end of the command is reported already.
    pub(crate) fn is_reported(&self) -> bool {
        matches!(self.0, ImportError::Output(_))
    }
}

/// The updates of a file whose rows are all valid. Rows whose keys are all noted as set by later rows are left out.
pub(crate) struct Updates {
    rows: Rows,
    /// The number of rows in the file.
    pub(crate) total: u64,
    /// The begin of the references, which identifies the file and the way in which it is read.
    reference: String,
    noted: OverwriteIndex,
}

/// An update, and the reference by which it is enqueued once.
pub(crate) struct NewUpdate {
    /// The number of its row.
    pub(crate) row: u64,
    pub(crate) update: Update,
    pub(crate) reference: String,
}

impl Updates {
    /// Opens a file and checks all of its rows. Ends with the exit code if rows are invalid, or nothing but the check is wanted.
    pub(crate) fn open(args: &EnqueueArgs) -> Result<Self, UpdatesError> {
        Ok(Self::try_open(args)?)
    }

    fn try_open(args: &EnqueueArgs) -> Result<Self, ImportError> {
        let input = open(&args.file, &args.input)?;
        let checked = check::run(&input, &args.file, &args.input, args.format)?;
        if args.dry_run || !checked.is_valid() {
            return Err(checked.conclude("nothing was enqueued")?.into());
        }
        let stats = input.stats()?;
        let rows = input.rows_of(&stats)?.until(args.input.limit_rows);
        let total = args.input.limit_rows.map_or(stats.rows, |limit| limit.min(stats.rows));
        let reference = identity(&input, &stats.sha256);
        Ok(Self { rows, total, reference, noted: OverwriteIndex::empty() })
    }
}

/// Returns a text that differs if the file or an option for its rows differs.
fn identity(input: &Input, sha256: &[u8]) -> String {
    let sha256 = hexadecimal(sha256);
    let options = serde_json::json!(input_options(input, &sha256)).to_string();
    let digest = Sha256::new_with_prefix(sha256).chain_update(options).finalize();
    hexadecimal(digest.get(..8).unwrap_or(&digest))
}

impl Iterator for Updates {
    type Item = Result<NewUpdate, UpdatesError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (number, update) = match self.rows.next()? {
                Ok(Row { number, content: Ok(update), .. }) => (number, update),
                // All rows were valid when they were checked.
                Ok(_) | Err(InputError::Changed) => return Some(Err(ImportError::InputChanged.into())),
                Err(error) => return Some(Err(ImportError::from(error).into())),
            };
            if let Some(update) = self.noted.strip(number, update) {
                let reference = format!("file/{}/{number}", self.reference);
                return Some(Ok(NewUpdate { row: number, update, reference }));
            }
        }
    }
}
