//! PgBouncer in front of a server.

use std::{
    env, fs,
    net::{Ipv4Addr, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use crate::{Cluster, Error, error::io, free_port};

/// Debian's folder for it is not on the PATH of every user.
const DEBIAN: &str = "/usr/sbin";

/// PgBouncer in transaction mode. Dropping it stops it.
#[derive(Debug)]
pub struct PgBouncer {
    process: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl PgBouncer {
    /// Starts it in front of a server, with at most this many connections to each database.
    ///
    /// # Errors
    ///
    /// Fails if PgBouncer is not installed or does not start; the message says what to install.
    pub fn start(cluster: &Cluster, connections: u16) -> Result<Self, Error> {
        let program = find().ok_or(Error::NoPgBouncer)?;
        loop {
            let folder =
                tempfile::Builder::new().prefix("vambe-pgbouncer-").tempdir().map_err(io("create a folder"))?;
            let port = free_port()?;
            let (settings, users, log) =
                (folder.path().join("pgbouncer.ini"), folder.path().join("users.txt"), folder.path().join("log"));
            let text = format!(
                "[databases]\n* = host=127.0.0.1 port={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
                 unix_socket_dir =\npool_mode = transaction\ndefault_pool_size = {connections}\nauth_type = trust\n\
                 auth_file = {}\n",
                cluster.port(),
                users.display()
            );
            fs::write(&settings, text).map_err(io("write PgBouncer's settings"))?;
            fs::write(&users, "\"postgres\" \"\"\n").map_err(io("write PgBouncer's users"))?;
            let mut command = Command::new(&program);
            if let Some(account) = &cluster.account {
                account.own(folder.path())?;
                account.lower(&mut command);
            }
            let output = fs::File::create(&log).map_err(io("create a file"))?;
            command.arg(&settings).current_dir(folder.path()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(output);
            let process = command.spawn().map_err(io("start PgBouncer"))?;
            let mut bouncer = Self { process, port, _folder: folder };
            if bouncer.wait()? {
                return Ok(bouncer);
            }
            let output = fs::read_to_string(&log).map_err(io("read PgBouncer's log"))?;
            // Some process has taken the port in between.
            if !output.contains("Address already in use") {
                return Err(Error::Program { program: "pgbouncer", output });
            }
        }
    }

    /// Returns the URL for a user `postgres` and a database through it.
    #[must_use]
    pub fn url_of(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// Waits until it listens. Returns false if it has ended.
    fn wait(&mut self) -> Result<bool, Error> {
        loop {
            if self.process.try_wait().map_err(io("wait for PgBouncer"))?.is_some() {
                return Ok(false);
            }
            if TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok() {
                return Ok(true);
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn find() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).chain([DEBIAN.into()]).map(|folder| folder.join("pgbouncer")).find(|file| file.exists())
}
