//! `cargo xtask test`: makes sure that the machine has what the tests need, and runs them.

use std::{
    env,
    error::Error,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{
    report,
    run::{self, cargo},
};

/// A program that tests start, or a library that is built against, and where it comes from.
struct Need {
    name: &'static str,
    /// The way to find out whether the machine has it.
    probe: fn(&str) -> bool,
    /// Its use.
    purpose: &'static str,
    /// The package of Debian that has it.
    package: &'static str,
}

/// The program whose presence shows that PostgreSQL's server is installed.
const POSTGRESQL: &str = "initdb";

const NEEDS: &[Need] = &[
    Need { name: POSTGRESQL, probe: program, purpose: "a PostgreSQL server of one's own", package: "postgresql" },
    Need { name: "pgbouncer", probe: program, purpose: "a pool of connections to PostgreSQL", package: "pgbouncer" },
    Need { name: "chromium", probe: program, purpose: "the emulator's page in a browser", package: "chromium" },
    Need {
        name: "chromedriver",
        probe: program,
        purpose: "the emulator's page in a browser",
        package: "chromium-driver",
    },
    Need { name: "bash", probe: program, purpose: "shell completions", package: "bash" },
    Need { name: "zsh", probe: program, purpose: "shell completions", package: "zsh" },
    Need { name: "fish", probe: program, purpose: "shell completions", package: "fish" },
    Need { name: "python3", probe: program, purpose: "the emulator from Python", package: "python3" },
    Need { name: "node", probe: program, purpose: "the emulator from JavaScript", package: "nodejs" },
    Need { name: "pkg-config", probe: program, purpose: "the feature `native-tls`", package: "pkg-config" },
    Need { name: "openssl", probe: library, purpose: "the feature `native-tls`", package: "libssl-dev" },
];

/// Debian keeps PostgreSQL's server here, outside the PATH, in one folder per version.
const DEBIAN_POSTGRESQL: &str = "/usr/lib/postgresql";

/// Installs what is missing where that is allowed, and runs `cargo test --workspace` with further arguments.
pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<(), Box<dyn Error>> {
    prepare()?;
    let mut command = vec!["test", "--workspace", "--locked"];
    command.extend(arguments.iter().map(String::as_str));
    Ok(cargo(root, &command, &[])?)
}

/// Installs what the tests need; fails with a list of it where that is not allowed.
pub(crate) fn prepare() -> Result<(), Box<dyn Error>> {
    install(|_| true)
}

/// Installs PostgreSQL, as [`prepare`] does.
pub(crate) fn prepare_postgresql() -> Result<(), Box<dyn Error>> {
    install(|need| need.name == POSTGRESQL)
}

fn install(is_needed: fn(&Need) -> bool) -> Result<(), Box<dyn Error>> {
    let missing =
        || -> Vec<&Need> { NEEDS.iter().filter(|need| is_needed(need) && !(need.probe)(need.name)).collect() };
    let first = missing();
    if !first.is_empty() {
        let packages: Vec<_> = first.iter().map(|need| need.package).collect();
        let Some(apt) = apt() else { return Err(instructions(&first).into()) };
        report(format_args!("==> installing what this machine does not have: {}\n", packages.join(", ")));
        apt.run(&["update", "--quiet=2"])?;
        apt.run(&[&["install", "--yes", "--quiet=2", "--no-install-recommends"], &packages[..]].concat())?;
        let second = missing();
        if !second.is_empty() {
            return Err(instructions(&second).into());
        }
    }
    open_dev_null()
}

fn program(name: &str) -> bool {
    folders().any(|folder| folder.join(name).exists())
}

/// Probes for the headers of a library. Other systems have a TLS library of their own.
fn library(name: &str) -> bool {
    !cfg!(target_os = "linux") || succeeds(Command::new("pkg-config").args(["--exists", name]))
}

/// Returns the folders of the PATH, and those of PostgreSQL and PgBouncer.
fn folders() -> impl Iterator<Item = PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let versions =
        std::fs::read_dir(DEBIAN_POSTGRESQL).into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    env::split_paths(&path).chain(versions).chain(["/usr/sbin".into()]).collect::<Vec<_>>().into_iter()
}

fn instructions(missing: &[&Need]) -> String {
    let mut text = "this machine does not have:\n".to_owned();
    for Need { name, purpose, .. } in missing {
        text.push_str(&format!("  {name}: for {purpose}\n"));
    }
    let packages: Vec<_> = missing.iter().map(|need| need.package).collect();
    text.push_str(&format!("install them; on Debian: apt install {}", packages.join(" ")));
    text
}

/// The way to install packages here: `apt-get`, as root or by `sudo` without a password.
struct Apt {
    sudo: bool,
}

impl Apt {
    fn run(&self, arguments: &[&str]) -> Result<(), run::Error> {
        let line = format!("apt-get {}", arguments.join(" "));
        let mut command = if self.sudo { Command::new("sudo") } else { Command::new("apt-get") };
        if self.sudo {
            command.args(["--non-interactive", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        }
        let status = command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").status();
        match status {
            Ok(status) if status.success() => Ok(()),
            Ok(_) => Err(run::Error::Failed { command: line }),
            Err(source) => Err(run::Error::Start { command: line, source }),
        }
    }
}

fn apt() -> Option<Apt> {
    if !succeeds(Command::new("apt-get").arg("--version")) {
        return None;
    }
    if is_root() {
        return Some(Apt { sudo: false });
    }
    succeeds(Command::new("sudo").args(["--non-interactive", "true"])).then_some(Apt { sudo: true })
}

fn succeeds(command: &mut Command) -> bool {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

#[cfg(unix)]
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;

    // The owner of this folder is the user of this process; systems without it have no apt-get either.
    std::fs::metadata("/proc/self").is_ok_and(|folder| folder.uid() == 0)
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}

/// Gives `/dev/null` its usual mode: some sandboxes let only root write to it, and PostgreSQL's server does not run as root.
#[cfg(unix)]
fn open_dev_null() -> Result<(), Box<dyn Error>> {
    use std::os::unix::fs::PermissionsExt as _;

    const USUAL: u32 = 0o666;

    let mut permissions = std::fs::metadata("/dev/null")?.permissions();
    if is_root() && permissions.mode() & USUAL != USUAL {
        report(format_args!("==> chmod 666 /dev/null, which is not writable for the user that PostgreSQL runs as\n"));
        permissions.set_mode(USUAL);
        std::fs::set_permissions("/dev/null", permissions)?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn open_dev_null() -> Result<(), Box<dyn Error>> {
    Ok(())
}
