//! A PostgreSQL server of a test's own: a new cluster in a temporary folder, started from the programs of the machine.
//!
//! The server keeps PostgreSQL's defaults for durability, so that a test may kill it and rely on what was committed.

#![cfg(unix)]

mod account;
mod disk;
mod error;
mod pgbouncer;
mod programs;
mod standby;

use std::{
    fs,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, Mutex, PoisonError, Weak},
};

use account::Account;
pub use error::Error;
use error::io;
pub use pgbouncer::PgBouncer;
use programs::Programs;

/// The way in which a server stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shutdown {
    /// Ends connections, writes a checkpoint, and stops.
    Fast,
    /// Stops at once, as in a crash: the next start recovers from the log.
    Immediate,
}

/// A running server with a cluster of its own. Dropping it stops the server and removes the cluster.
#[derive(Debug)]
pub struct Cluster {
    folder: tempfile::TempDir,
    programs: Programs,
    account: Option<Account>,
    port: u16,
}

impl Cluster {
    /// Starts a server that the tests of this process share while one of them holds it. Each test creates a database of its own.
    ///
    /// # Errors
    ///
    /// Fails if PostgreSQL is not installed or does not start; the message says what to install or to change.
    pub fn shared() -> Result<Arc<Self>, Error> {
        static SHARED: Mutex<Weak<Cluster>> = Mutex::new(Weak::new());
        // A panic elsewhere leaves the pointer as it was.
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cluster) = shared.upgrade() {
            return Ok(cluster);
        }
        let cluster = Arc::new(Self::start(&[])?);
        *shared = Arc::downgrade(&cluster);
        Ok(cluster)
    }

    /// Creates a cluster and starts its server, with settings such as `("max_connections", "200")`.
    ///
    /// # Errors
    ///
    /// See [`shared`](Self::shared).
    pub fn start(settings: &[(&str, &str)]) -> Result<Self, Error> {
        Self::start_in(Self::temporary_folder()?, settings)
    }

    fn temporary_folder() -> Result<tempfile::TempDir, Error> {
        tempfile::Builder::new().prefix("vambe-postgres-").tempdir().map_err(io("create a folder"))
    }

    /// Finds the programs and the account for a cluster in a folder.
    fn empty(folder: tempfile::TempDir) -> Result<Self, Error> {
        let programs = Programs::find().ok_or(Error::NotInstalled)?;
        let account = Account::for_server()?;
        if let Some(account) = &account {
            account.own(folder.path())?;
        }
        Ok(Self { folder, programs, account, port: 0 })
    }

    /// Starts a server like [`start`](Self::start), in a folder that the caller has prepared, such as one on a small file system.
    ///
    /// # Errors
    ///
    /// See [`shared`](Self::shared).
    pub fn start_in(folder: tempfile::TempDir, settings: &[(&str, &str)]) -> Result<Self, Error> {
        let mut cluster = Self::empty(folder)?;
        let data = cluster.data();
        // Without `--no-sync`, initdb alone would take longer than most tests; the server itself syncs as usual.
        cluster.run("initdb", |initdb| {
            initdb.args([
                "--auth=trust",
                "--username=postgres",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
                "--wal-segsize=1",
            ]);
            initdb.arg("--pgdata").arg(&data);
        })?;
        let mut lines =
            "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nlog_statement = 'none'\n".to_owned();
        for (name, value) in settings {
            lines.push_str(&format!("{name} = '{}'\n", value.replace('\'', "''")));
        }
        let path = data.join("postgresql.conf");
        let mut configuration = fs::read_to_string(&path).map_err(io("read the server's settings"))?;
        configuration.push_str(&lines);
        fs::write(&path, configuration).map_err(io("write the server's settings"))?;
        cluster.start_on_a_free_port()?;
        Ok(cluster)
    }

    /// Starts the server on a free port, and on another one if some process has taken the port in between.
    fn start_on_a_free_port(&mut self) -> Result<(), Error> {
        loop {
            self.port = free_port()?;
            match self.resume() {
                Err(Error::Program { output, .. }) if output.contains("Address already in use") => {}
                result => return result,
            }
        }
    }

    /// Returns a URL for the superuser and the database `postgres`.
    #[must_use]
    pub fn url(&self) -> String {
        self.url_of("postgres", "postgres")
    }

    /// Returns a URL for a user and a database; no password is needed.
    #[must_use]
    pub fn url_of(&self, user: &str, database: &str) -> String {
        format!("postgres://{user}@127.0.0.1:{}/{database}", self.port)
    }

    /// Returns the server's port on 127.0.0.1. It stays the same over restarts.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns the folder with the cluster's data and the server's log.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Creates an empty database, and returns its URL for the superuser.
    ///
    /// # Errors
    ///
    /// Fails if the name is taken, or the server is down.
    pub fn create_database(&self, name: &str) -> Result<String, Error> {
        let port = self.port.to_string();
        self.run("createdb", |createdb| {
            createdb.args(["--host=127.0.0.1", "--username=postgres", "--no-password", "--port", &port, name]);
        })?;
        Ok(self.url_of("postgres", name))
    }

    /// Stops the server.
    ///
    /// # Errors
    ///
    /// Fails if it is not running, or does not stop within a minute.
    pub fn stop(&self, shutdown: Shutdown) -> Result<(), Error> {
        let mode = match shutdown {
            Shutdown::Fast => "fast",
            Shutdown::Immediate => "immediate",
        };
        self.control(&["stop", "--wait", "--timeout=60", "--mode", mode])
    }

    /// Starts the server again after [`stop`](Self::stop), with the same port and data.
    ///
    /// # Errors
    ///
    /// Fails if it does not start; the message has the end of the server's log.
    pub fn resume(&self) -> Result<(), Error> {
        let port = format!("--port={}", self.port);
        let log = self.log_path();
        let log = log.to_string_lossy();
        self.control(&["start", "--wait", "--timeout=60", "--options", &port, "--log", &log])
    }

    /// Returns what the server has logged.
    ///
    /// # Errors
    ///
    /// Fails if the log cannot be read.
    pub fn log(&self) -> Result<String, Error> {
        let bytes = fs::read(self.log_path()).map_err(io("read the server's log"))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Returns a command for one of PostgreSQL's programs, such as `pg_basebackup`, with the account that the server has.
    #[must_use]
    pub fn command(&self, program: &'static str) -> Command {
        let mut command = self.programs.command(program);
        command.current_dir(self.folder.path()).env("LC_ALL", "C").stdin(Stdio::null());
        if let Some(account) = &self.account {
            account.lower(&mut command);
        }
        command
    }

    fn control(&self, arguments: &[&str]) -> Result<(), Error> {
        let data = self.data();
        self.run("pg_ctl", |pg_ctl| {
            pg_ctl.args(arguments).arg("--pgdata").arg(&data);
        })
    }

    fn run(&self, program: &'static str, prepare: impl FnOnce(&mut Command)) -> Result<(), Error> {
        let mut command = self.command(program);
        prepare(&mut command);
        // Into a file, not a pipe: the server that `pg_ctl` starts inherits it and would keep a pipe open.
        let output = tempfile::tempfile().map_err(io("create a file"))?;
        let copies =
            (output.try_clone().map_err(io("copy a handle"))?, output.try_clone().map_err(io("copy a handle"))?);
        let status = command.stdout(copies.0).stderr(copies.1).status().map_err(io("start a program of PostgreSQL"))?;
        if status.success() {
            return Ok(());
        }
        let printed = read_from_start(output).map_err(io("read what a program printed"))?;
        let log = self.log().unwrap_or_default();
        let lines: Vec<_> = log.lines().collect();
        let end = lines.get(lines.len().saturating_sub(20)..).unwrap_or_default().join("\n");
        Err(Error::Program { program, output: format!("{}\n{end}", printed.trim_end()) })
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn log_path(&self) -> PathBuf {
        self.folder.path().join("server.log")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // It may be stopped already.
        let _ = self.stop(Shutdown::Immediate);
    }
}

fn free_port() -> Result<u16, Error> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(io("find a free port"))?;
    Ok(listener.local_addr().map_err(io("find a free port"))?.port())
}

fn read_from_start(mut file: fs::File) -> std::io::Result<String> {
    use std::io::{Read as _, Seek as _};

    file.rewind()?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
