//! The file that holds the API key.

use std::{
    fs::{File, Metadata},
    io::{self, Read as _},
    path::Path,
};

/// Far above any key. What is longer is another file, and is not read to its end, which may not come: `/dev/zero`.
const MAX_BYTES: u64 = 4096;

/// Why there is no key in the file. Its path is not shown: where one was expected, somebody may have put the key itself.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyFileError {
    #[error("cannot read the file of --api-key-file; check that it is a path, not the key, and who may read the file")]
    Read(#[source] io::Error),
    #[error("what --api-key-file names is a directory; name the file in it")]
    Directory,
    #[error("the file of --api-key-file has more than {MAX_BYTES} bytes; it has to hold the key and nothing else")]
    TooLarge,
    #[error("the file of --api-key-file is not UTF-8; save it as plain text")]
    NotUtf8,
    #[error("the file of --api-key-file is empty; write the key into it")]
    Empty,
}

/// What stands in a key file. Without `Debug`, which would show it.
pub(crate) struct KeyFile {
    pub(crate) key: String,
    /// Whether others on this machine may read it too.
    pub(crate) is_open_to_others: bool,
}

/// Reads the key, without the line break that editors put at its end.
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

/// Not said of pipes, such as the shell's `<(…)`.
#[cfg(unix)]
fn is_open_to_others(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;

    metadata.is_file() && metadata.permissions().mode() & 0o044 != 0
}

/// Who may read a file is not told by its metadata here.
#[cfg(not(unix))]
fn is_open_to_others(_: &Metadata) -> bool {
    false
}
