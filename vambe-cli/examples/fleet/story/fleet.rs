//! The processes of the demo: commands, and workers that end with it.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use tokio::time::sleep;
use tokio_postgres::Client;
use vambe_emulator::Emulator;

use super::{DIM, PLAIN, Result};

/// The program, its settings, and its workers.
pub(super) struct Fleet {
    vambe: PathBuf,
    environment: Vec<(&'static str, String)>,
    workers: Vec<Worker>,
}

/// A process `vambe queue worker`, which is killed when this is dropped.
struct Worker {
    number: usize,
    /// Its name in the database.
    name: String,
    process: Child,
}

/// A worker that was killed.
pub(super) struct Killed {
    pub(super) number: usize,
    pub(super) name: String,
}

impl Fleet {
    pub(super) fn new(vambe: &Path, database: &str, server: &Emulator) -> Self {
        let environment = vec![
            ("VAMBE_QUEUE_URL", database.to_owned()),
            ("VAMBE_QUOTA_URL", database.to_owned()),
            ("VAMBE_API_KEY", server.api_key().to_owned()),
            ("VAMBE_BASE_URL", server.url().to_owned()),
        ];
        Self { vambe: vambe.to_owned(), environment, workers: Vec::new() }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.vambe);
        command.args(arguments).stdin(Stdio::null());
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs a command, and shows it with its output.
    pub(super) fn run(&self, out: &mut dyn Write, arguments: &[&str]) -> Result<()> {
        let line = arguments.join(" ");
        writeln!(out, "  $ vambe {line}")?;
        let output = self.command(arguments).output()?;
        if !output.status.success() {
            return Err(format!("`vambe {line}` failed: {}", String::from_utf8_lossy(&output.stderr)).into());
        }
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            writeln!(out, "  {DIM}{line}{PLAIN}")?;
        }
        Ok(())
    }

    /// Starts a worker, and waits until it has said that it is alive.
    pub(super) async fn start_worker(&mut self, out: &mut dyn Write, database: &Client) -> Result<()> {
        let arguments = ["queue", "worker", "--quota", "vambe", "--in-flight", "2"];
        writeln!(out, "  $ vambe {} &", arguments.join(" "))?;
        let process = self.command(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let number = self.workers.len() + 1;
        // At once in the list, so that it is killed if something fails.
        self.workers.push(Worker { number, name: String::new(), process });
        let known: Vec<_> = self.workers.iter().map(|worker| worker.name.clone()).collect();
        let statement = "select worker from vambe.worker where worker <> all ($1)";
        loop {
            let row = database.query_opt(statement, &[&known]).await?;
            let Some(worker) = self.workers.last_mut() else { return Ok(()) };
            if let Some(row) = row {
                worker.name = row.get(0);
                return Ok(());
            }
            if let Some(status) = worker.process.try_wait()? {
                return Err(format!("worker {number} has ended: {status}").into());
            }
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Kills the first worker that is seen with updates under way.
    pub(super) async fn kill_a_busy_worker(&mut self, database: &Client) -> Result<Killed> {
        let statement = "select exists (select from vambe.lane where worker = $1 and lease is not null)";
        for index in (0..self.workers.len()).cycle() {
            let Some(worker) = self.workers.get(index) else { continue };
            let process = Pid::from_child(&worker.process);
            // It stands still while it is looked at.
            kill_process(process, Signal::STOP)?;
            if database.query_one(statement, &[&worker.name]).await?.get(0) {
                let Worker { number, name, .. } = &self.workers.remove(index);
                return Ok(Killed { number: *number, name: name.clone() });
            }
            kill_process(process, Signal::CONT)?;
            sleep(Duration::from_millis(10)).await;
        }
        Err("there are no workers".into())
    }

    /// Stops the workers as an operator does, and waits for them.
    pub(super) fn stop(&mut self) -> Result<()> {
        for worker in &self.workers {
            kill_process(Pid::from_child(&worker.process), Signal::TERM)?;
        }
        for mut worker in self.workers.drain(..) {
            let status = worker.process.wait()?;
            if !status.success() {
                return Err(format!("worker {} ended with {status}", worker.number).into());
            }
        }
        Ok(())
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // With SIGKILL; it may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
