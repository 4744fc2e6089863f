//! The file of a journal: opened for this run alone, only if it is a file, and used for as long as it is the one of its name.

use std::{
    fs::{File, Metadata, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
};

use super::{JournalError, error::failed_to, storage::Storage};

/// The open file of a journal, with its path.
pub(super) struct Placed {
    file: File,
    path: PathBuf,
    metadata: Metadata,
}

/// The path of a journal leads to another file, or to none.
#[derive(Debug, thiserror::Error)]
#[error("its path leads to another file, or to none")]
pub(super) struct Moved;

impl Placed {
    pub(super) fn new(file: File, path: &Path) -> io::Result<Self> {
        let metadata = file.metadata()?;
        Ok(Self { file, path: path.to_owned(), metadata })
    }
}

impl Storage for Placed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        Storage::write(&mut self.file, bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        Storage::sync(&mut self.file)?;
        // Nobody would find what is written to a file without a name.
        if is_same(&self.metadata, &self.path) { Ok(()) } else { Err(io::Error::other(Moved)) }
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        Storage::cut(&mut self.file, length)
    }
}

#[cfg(unix)]
fn is_same(open: &Metadata, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    path.metadata().is_ok_and(|there| (there.dev(), there.ino()) == (open.dev(), open.ino()))
}

/// Elsewhere a file that is open cannot be deleted or replaced, as it is not opened for that.
#[cfg(not(unix))]
fn is_same(_open: &Metadata, _path: &Path) -> bool {
    true
}

/// Opens the file, or makes it; locked until it is closed.
pub(super) fn open(path: &Path) -> Result<File, JournalError> {
    let file = match open_existing(path)? {
        Some(file) => file,
        None => match create(path) {
            // Another run was faster; or it is a link that points at nothing.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                open_existing(path)?.ok_or(JournalError::NotAFile)?
            }
            created => created.map_err(failed_to("made"))?,
        },
    };
    lock(&file)?;
    // Whoever had the lock until now may have replaced the file.
    if is_same(&file.metadata().map_err(failed_to("opened"))?, path) { Ok(file) } else { Err(JournalError::Moved) }
}

/// Locks a file until it is closed.
pub(super) fn lock(file: &File) -> Result<(), JournalError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(JournalError::Locked),
        Err(TryLockError::Error(error)) => Err(failed_to("locked")(error)),
    }
}

fn open_existing(path: &Path) -> Result<Option<File>, JournalError> {
    // Before it is opened, since opening a device or a pipe may do something; and after it, since another may stand there.
    let is_file = |metadata: Metadata| if metadata.is_file() { Ok(()) } else { Err(JournalError::NotAFile) };
    match path.metadata() {
        Ok(metadata) => is_file(metadata)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed_to("opened")(error)),
    }
    let file = OpenOptions::new().read(true).write(true).open(path).map_err(failed_to("opened"))?;
    is_file(file.metadata().map_err(failed_to("opened"))?)?;
    Ok(Some(file))
}

/// Makes the file; readable for its owner alone, since it has rows of the input.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    // Not also what came to be in the meantime, or what a link points at.
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Sees to it that the name of the file is on disk as well.
#[cfg(unix)]
pub(super) fn sync_directory(path: &Path) -> Result<(), JournalError> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match File::open(parent).and_then(|directory| directory.sync_all()) {
        // Some network file systems cannot do this, and some directories must not be read; there it is left to the system.
        Err(error)
            if !matches!(
                error.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported | io::ErrorKind::PermissionDenied
            ) =>
        {
            Err(failed_to("written")(error))
        }
        _ => Ok(()),
    }
}

/// Elsewhere a directory cannot be opened.
#[cfg(not(unix))]
pub(super) fn sync_directory(_path: &Path) -> Result<(), JournalError> {
    Ok(())
}
