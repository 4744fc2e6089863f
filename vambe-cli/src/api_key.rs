//! The file that holds the API key.

use std::{
    fs::{File, Metadata},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

/// Far above any key. What is longer is another file, and is not read to its end, which may not come: `/dev/zero`.
const MAX_BYTES: usize = 4096;

/// Why there is no key in a file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyFileError {
    #[error("cannot read the key file {}; check the path, and who may read it", path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("the key file {} is a directory; name the file in it", path.display())]
    Directory { path: PathBuf },
    #[error("the key file {} has more than {MAX_BYTES} bytes; it has to hold the key and nothing else", path.display())]
    TooLarge { path: PathBuf },
    #[error("the key file {} is not UTF-8; save it as plain text", path.display())]
    NotUtf8 { path: PathBuf },
    #[error("the key file {} is empty; write the key into it", path.display())]
    Empty { path: PathBuf },
}

/// What stands in a key file. Without `Debug`, which would show it.
pub(crate) struct KeyFile {
    pub(crate) key: String,
    /// Whether others on this machine may read it too.
    pub(crate) is_open_to_others: bool,
}

/// Reads the key, without the line break that editors put at its end.
pub(crate) fn read(path: &Path) -> Result<KeyFile, KeyFileError> {
    let read_error = |source| KeyFileError::Read { path: path.to_owned(), source };
    let file = File::open(path).map_err(read_error)?;
    let metadata = file.metadata().map_err(read_error)?;
    if metadata.is_dir() {
        return Err(KeyFileError::Directory { path: path.to_owned() });
    }
    // Of its full size from the start: growing would leave copies of the key in memory.
    let mut bytes = Vec::with_capacity(MAX_BYTES + 1);
    let limit = u64::try_from(bytes.capacity()).unwrap_or(u64::MAX);
    file.take(limit).read_to_end(&mut bytes).map_err(read_error)?;
    if bytes.len() > MAX_BYTES {
        return Err(KeyFileError::TooLarge { path: path.to_owned() });
    }
    let mut key = String::from_utf8(bytes).map_err(|_| KeyFileError::NotUtf8 { path: path.to_owned() })?;
    key.truncate(key.trim_end_matches(['\r', '\n']).len());
    if key.trim().is_empty() {
        return Err(KeyFileError::Empty { path: path.to_owned() });
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
