//! The account that the server runs as: PostgreSQL refuses to run as root.

use std::{
    fs,
    os::unix::{
        fs::{MetadataExt as _, PermissionsExt as _, chown},
        process::CommandExt as _,
    },
    path::Path,
    process::Command,
};

use nix::unistd::{User, geteuid};

use crate::Error;

/// An account to change to.
#[derive(Debug)]
pub(crate) struct Account {
    name: String,
    user: u32,
    group: u32,
}

impl Account {
    /// Returns the account that a process of root changes to; `None` if this process is not root.
    pub(crate) fn for_server() -> Result<Option<Self>, Error> {
        if !geteuid().is_root() {
            return Ok(None);
        }
        // The server looks its user up by number, so a number alone would not do.
        let known = ["postgres", "nobody"].iter().find_map(|name| User::from_name(name).ok().flatten());
        let known = known.ok_or(Error::NoAccount)?;
        let account = Self { name: known.name, user: known.uid.as_raw(), group: known.gid.as_raw() };
        account.check_dev_null()?;
        Ok(Some(account))
    }

    /// `initdb` runs a shell that writes to `/dev/null`. Some sandboxes allow that to root only.
    fn check_dev_null(&self) -> Result<(), Error> {
        let null = fs::metadata("/dev/null").map_err(|source| Error::Io { action: "look at /dev/null", source })?;
        let writable = null.permissions().mode() & 0o002 != 0 || null.uid() == self.user;
        if writable { Ok(()) } else { Err(Error::DevNull { account: self.name.clone() }) }
    }

    /// Makes this account the owner of a folder.
    pub(crate) fn own(&self, folder: &Path) -> Result<(), Error> {
        let owned = chown(folder, Some(self.user), Some(self.group));
        owned.map_err(|source| Error::Io { action: "give the folder to the server's account", source })
    }

    /// Makes a command run as this account, without the groups of this process.
    pub(crate) fn lower(&self, command: &mut Command) {
        command.uid(self.user).gid(self.group);
    }
}
