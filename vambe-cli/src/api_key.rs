//! The file that holds the API key.

use std::{
    fs::{File, Metadata},
    io::{self, Read as _},
    path::Path,
};

/// The maximum size of a key file, far above any key. A longer file is never read whole: `/dev/zero` has no end.
const MAX_BYTES: u64 = 4096;

/// An error in a key file. Its path is not shown, since it may be the key itself, given by mistake.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyFileError {
    #[error(
        "cannot read the file of --api-key-file: check that it is a path, not the key, and the permissions of the file"
    )]
    Read(#[source] io::Error),
    #[error("--api-key-file names a directory: name a file in it")]
    Directory,
    #[error("the file of --api-key-file has more than {MAX_BYTES} bytes: it must hold the key and nothing else")]
    TooLarge,
    #[error("the file of --api-key-file is not UTF-8: save it as plain text")]
    NotUtf8,
    #[error("the file of --api-key-file is empty: write the key into it")]
    Empty,
}

/// The content of a key file. Has no `Debug`, which would show the key.
pub(crate) struct KeyFile {
    pub(crate) key: String,
    /// True if other users of this machine can read the file.
    pub(crate) is_open_to_others: bool,
}

/// Reads the key, without the line break that editors add.
pub(crate) fn read(path: &Path) -> Result<KeyFile, KeyFileError> {
    let file = File::open(path).map_err(KeyFileError::Read)?;
    let metadata = file.metadata().map_err(KeyFileError::Read)?;
    if metadata.is_dir() {
        return Err(KeyFileError::Directory);
    }
    let mut bytes = Vec::new();
    let size = file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(KeyFileError::Read)?;
    if size as u64 > MAX_BYTES {
        return Err(KeyFileError::TooLarge);
    }
    let mut key = String::from_utf8(bytes).map_err(|_| KeyFileError::NotUtf8)?;
    key.truncate(key.trim_end_matches(['\r', '\n']).len());
    if key.trim().is_empty() {
        return Err(KeyFileError::Empty);
    }
    Ok(KeyFile { key, is_open_to_others: is_open_to_others(&metadata) })
}

/// Returns true if others can read the file. Pipes, such as the shell's `<(…)`, are exempt.
#[cfg(unix)]
fn is_open_to_others(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;

    metadata.is_file() && metadata.permissions().mode() & 0o044 != 0
}

/// Other systems do not have this in a file's metadata.
#[cfg(not(unix))]
fn is_open_to_others(_: &Metadata) -> bool {
    false
}
