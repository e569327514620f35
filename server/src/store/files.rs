//! The store's directory: private to its owner, and open in one process at a time.

use std::{
    fs::{DirBuilder, File, OpenOptions, TryLockError},
    io,
    path::Path,
};

use app::ports::StoreError;

/// Holds the directory until dropped; the system lets go of it when the process dies.
pub(super) struct DirLock(#[expect(dead_code, reason = "holding the file open is what holds the lock")] File);

/// Makes the directory (mode 0700) when missing and takes its lock.
pub(super) fn lock_dir(dir: &Path) -> Result<DirLock, StoreError> {
    let unavailable = |error: io::Error| StoreError::Unavailable(format!("{}: {error}", dir.display()));
    make_private_dir(dir)?;
    let file = create_private_file(&dir.join("lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(DirLock(file)),
        Err(TryLockError::WouldBlock) => Err(StoreError::Unavailable(format!(
            "another server is using the data directory {}. Stop it, or give this one a DATA_DIR of its own.",
            dir.display()
        ))),
        Err(TryLockError::Error(error)) => Err(unavailable(error)),
    }
}

/// Makes the directory (mode 0700) when missing.
pub fn make_private_dir(dir: &Path) -> Result<(), StoreError> {
    private(DirBuilder::new().recursive(true))
        .create(dir)
        .map_err(|error| StoreError::Unavailable(format!("{}: {error}", dir.display())))
}

/// Makes the file (mode 0600) when missing. SQLite gives the files beside it the same mode.
pub fn create_private_file(path: &Path) -> Result<File, StoreError> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    private_file(&mut options)
        .open(path)
        .map_err(|error| StoreError::Unavailable(format!("{}: {error}", path.display())))
}

#[cfg(unix)]
fn private(builder: &mut DirBuilder) -> &mut DirBuilder {
    std::os::unix::fs::DirBuilderExt::mode(builder, 0o700)
}

#[cfg(unix)]
fn private_file(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(not(unix))]
fn private(builder: &mut DirBuilder) -> &mut DirBuilder {
    builder
}

#[cfg(not(unix))]
fn private_file(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}
