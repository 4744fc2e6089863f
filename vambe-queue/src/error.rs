//! The errors of the database and its set-up.

use crate::{database::Away, tls::Tls};

/// The error of the database, or of its set-up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The URL of the database is invalid.
    #[error(
        "the URL of the database is invalid: use the form postgres://user@host/database, and for sslmode disable, prefer, require or verify-full"
    )]
    Url(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The connection to the database could not be encrypted, or the server's certificate is not trusted.
    #[error(
        "cannot encrypt the connection to the database: give its certificate authority with `sslrootcert=FILE` in the URL, or turn encryption off with `sslmode=disable`"
    )]
    Tls(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The database could not be reached, or it refused a statement.
    #[error("the database cannot be used: check its URL, the user's roles and the network")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The database has no schema `vambe` of this version.
    #[error("the database has no schema vambe of version {needed}: run `Admin::migrate` as its owner")]
    NotMigrated {
        /// The version that this crate needs.
        needed: i32,
    },
    /// A migration differs from the one that was applied.
    #[error(
        "version {version} of the schema vambe was applied from another text: use the version of vambe-queue that applied it"
    )]
    OtherMigration {
        /// The version.
        version: i32,
    },
    /// There is no quota of this name.
    #[error("there is no quota of this name: set it with `Admin::set_quota`")]
    NoQuota,
    /// A ticket has as many pending updates as it may have.
    #[error("a ticket has 1,000 pending updates: wait until workers have sent some of them")]
    TicketFull,
    /// The thread that talks to the database could not be started.
    #[error("could not start a thread for the database: check the limit on threads (`ulimit -u`)")]
    Thread(#[source] std::io::Error),
}

impl From<Away> for Error {
    fn from(error: Away) -> Self {
        match error {
            Away::Postgres(error) if Tls::is_cause_of(&error) => Self::Tls(error.into()),
            error => Self::Database(error.into()),
        }
    }
}
