//! A standby: a second server that follows the first one, and can take its place.

use crate::{Cluster, Error};

impl Cluster {
    /// Starts a standby with a copy of this server's data, which it keeps up to date until it is promoted.
    ///
    /// # Errors
    ///
    /// Fails if this server is down, or the standby does not start.
    pub fn standby(&self) -> Result<Self, Error> {
        let mut standby = Self::empty(Self::temporary_folder()?)?;
        let (data, port) = (standby.data(), self.port.to_string());
        standby.run("pg_basebackup", |backup| {
            backup.args(["--host=127.0.0.1", "--username=postgres", "--no-password", "--port", &port]);
            backup.args(["--write-recovery-conf", "--checkpoint=fast", "--no-sync", "--pgdata"]).arg(&data);
        })?;
        standby.start_on_a_free_port()?;
        Ok(standby)
    }

    /// Makes a standby a server of its own, which accepts writes.
    ///
    /// # Errors
    ///
    /// Fails if it is not a standby, or is not promoted within a minute.
    pub fn promote(&self) -> Result<(), Error> {
        self.control(&["promote", "--wait", "--timeout=60"])
    }
}
