//! The error of a server.

use std::io;

use crate::programs;

/// The error of a server that is missing, or that could not be controlled.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The machine has no PostgreSQL server.
    #[error(
        "found no `initdb`, neither on the PATH nor below {}: run `cargo xtask test`, or install PostgreSQL 13 or later (Debian: `apt install postgresql`)",
        programs::DEBIAN
    )]
    NotInstalled,
    /// The machine has no PgBouncer.
    #[error(
        "found no `pgbouncer`: run `cargo xtask test`, or install PgBouncer 1.18 or later (Debian: `apt install pgbouncer`)"
    )]
    NoPgBouncer,
    /// This process is root, which PostgreSQL refuses, and the machine has no account to change to.
    #[error(
        "PostgreSQL does not run as root, and the machine has no user `postgres` or `nobody`: create one, or run the tests as another user"
    )]
    NoAccount,
    /// Programs of another account cannot write to `/dev/null`, which `initdb` needs.
    #[error(
        "/dev/null is not writable for the user `{account}`, so initdb would fail: run `cargo xtask test`, or `chmod 666 /dev/null` as root"
    )]
    DevNull {
        /// The account that PostgreSQL would run as.
        account: String,
    },
    /// A file or a program could not be used.
    #[error("could not {action}")]
    Io {
        /// The action that failed.
        action: &'static str,
        /// The reason.
        source: io::Error,
    },
    /// A program of PostgreSQL failed.
    #[error("`{program}` failed: {output}")]
    Program {
        /// Its name.
        program: &'static str,
        /// Its output, and the end of the server's log.
        output: String,
    },
}

/// Makes an error of a file or a program.
pub(crate) fn io(action: &'static str) -> impl Fn(io::Error) -> Error {
    move |source| Error::Io { action, source }
}
