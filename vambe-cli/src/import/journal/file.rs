//! The file of a journal: locked, regular, and checked to be still at its path.

use std::{
    fs::{File, Metadata, OpenOptions, TryLockError},
    io::{self, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use super::{JournalError, error::failed_to, storage::Storage};
use crate::import::temporary;

/// The open file of a journal, and its path.
pub(super) struct JournalFile {
    file: File,
    path: PathBuf,
    metadata: Metadata,
}

/// The path of a journal leads to another file or to none.
#[derive(Debug, thiserror::Error)]
#[error("the path leads to another file or to none")]
pub(super) struct Moved;

impl JournalFile {
    pub(super) fn new(file: File, path: &Path) -> io::Result<Self> {
        let metadata = file.metadata()?;
        Ok(Self { file, path: path.to_owned(), metadata })
    }
}

impl Storage for JournalFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()?;
        // Nobody could find records in a file without a name.
        if is_same(&self.metadata, &self.path) { Ok(()) } else { Err(io::Error::other(Moved)) }
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.file.set_len(length)?;
        self.file.seek(SeekFrom::Start(length))?;
        // `fdatasync` need not write a length that shrank.
        self.file.sync_all()
    }
}

/// Returns true if the path leads to this open file.
#[cfg(unix)]
pub(super) fn is_same(open: &Metadata, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    path.metadata().is_ok_and(|there| (there.dev(), there.ino()) == (open.dev(), open.ino()))
}

/// Other systems do not let an open file be deleted or replaced.
#[cfg(not(unix))]
pub(super) fn is_same(_open: &Metadata, _path: &Path) -> bool {
    true
}

/// Opens or creates the file, and locks it until it is closed.
pub(super) fn open(path: &Path) -> Result<File, JournalError> {
    let file = match open_existing(path)? {
        Some(file) => file,
        None => match create(path) {
            // Another run was faster, or the path is a dangling link.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                open_existing(path)?.ok_or(JournalError::NotAFile)?
            }
            created => created.map_err(failed_to("create"))?,
        },
    };
    lock(&file)?;
    // The last holder of the lock may have replaced the file.
    if is_same(&file.metadata().map_err(failed_to("open"))?, path) { Ok(file) } else { Err(JournalError::Moved) }
}

/// Locks a file until it is closed.
pub(super) fn lock(file: &File) -> Result<(), JournalError> {
    // [`is_locked`] of another process holds a lock for a moment.
    for _ in 0..10 {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) => thread::sleep(Duration::from_millis(20)),
            Err(TryLockError::Error(error)) => return Err(failed_to("lock")(error)),
        }
    }
    Err(JournalError::Locked)
}

/// Returns true if a run has locked the file; `None` on a file system without locks.
pub(super) fn is_locked(file: &File) -> Option<bool> {
    match file.try_lock_shared() {
        Ok(()) => file.unlock().ok().map(|()| false),
        Err(TryLockError::WouldBlock) => Some(true),
        Err(TryLockError::Error(_)) => None,
    }
}

fn open_existing(path: &Path) -> Result<Option<File>, JournalError> {
    // Checked before opening, since opening a device or a pipe has effects, and after, since the file may have been replaced.
    let is_file = |metadata: Metadata| if metadata.is_file() { Ok(()) } else { Err(JournalError::NotAFile) };
    match path.metadata() {
        Ok(metadata) => is_file(metadata)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed_to("open")(error)),
    }
    let file = OpenOptions::new().read(true).write(true).open(path).map_err(failed_to("open"))?;
    is_file(file.metadata().map_err(failed_to("open"))?)?;
    Ok(Some(file))
}

/// Creates the file, readable for its owner only, since it has rows of the input.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    // Fails for a file that was created in the meantime, and for a link.
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Syncs the directory, so that the name of the file is on disk too.
#[cfg(unix)]
pub(super) fn sync_directory(path: &Path) -> Result<(), JournalError> {
    match File::open(temporary::directory(path)).and_then(|directory| directory.sync_all()) {
        // Some network file systems do not support this, and some directories are not readable: left to the system.
        Err(error)
            if !matches!(
                error.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied
            ) =>
        {
            Err(failed_to("write")(error))
        }
        _ => Ok(()),
    }
}

/// Other systems cannot open a directory.
#[cfg(not(unix))]
pub(super) fn sync_directory(_path: &Path) -> Result<(), JournalError> {
    Ok(())
}
