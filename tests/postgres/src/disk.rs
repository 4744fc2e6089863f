//! A disk that is full.

use std::process::{Command, Stdio};

use crate::{Cluster, Error, error::io};

impl Cluster {
    /// Limits the size of the files that these processes of the server can write, and those that it starts later.
    ///
    /// PostgreSQL treats it as a full disk, and any user can set it on Linux. A restart ends it.
    ///
    /// # Errors
    ///
    /// Fails if the server is down, or the program `prlimit` of util-linux cannot be used.
    pub fn limit_files(&self, processes: &[i32], bytes: u64) -> Result<(), Error> {
        let server = std::fs::read_to_string(self.data().join("postmaster.pid"));
        let server = server.map_err(io("read the server's process id"))?;
        let limit = |process: &str| {
            // As the account of the server: even root may lack the privilege to limit the processes of others.
            let mut prlimit = Command::new("prlimit");
            if let Some(account) = &self.account {
                account.lower(&mut prlimit);
            }
            prlimit.args(["--pid", process]).arg(format!("--fsize={bytes}:")).stdin(Stdio::null());
            prlimit.output().map_err(io("start the program prlimit of util-linux"))
        };
        let output = limit(server.lines().next().unwrap_or_default())?;
        if !output.status.success() {
            let output = String::from_utf8_lossy(&output.stderr).trim_end().to_owned();
            return Err(Error::Program { program: "prlimit", output });
        }
        for process in processes {
            // It may have ended meanwhile.
            limit(&process.to_string())?;
        }
        Ok(())
    }
}
