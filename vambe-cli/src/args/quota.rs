//! The arguments of `vambe quota`.

use std::time::Duration;

use clap::{Args, Subcommand};

use super::{Rate, duration};

#[derive(Subcommand)]
pub(crate) enum Quota {
    /// Create a quota or change its limit, and set up its database if necessary
    ///
    /// The first run needs the owner of the database, who may create roles. It creates the schema `vambe` and the roles
    /// `vambe_worker`, for `--quota`, and `vambe_admin`, for this command.
    ///
    /// Example: vambe quota set vambe 1000/h
    Set {
        /// Name of the quota
        #[arg(value_name = "NAME")]
        name: String,
        /// Maximum request rate of all hosts together, e.g. 1000/h
        #[arg(value_name = "RATE")]
        rate: Rate,
        /// Time for which a request counts longer than the period, since it may arrive late [default: 20s, at most a fiftieth of
        /// the period]
        #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
        margin: Option<Duration>,
        #[command(flatten)]
        database: DatabaseArgs,
    },
    /// Show all quotas: slots used, the next free one, and pauses
    Show(DatabaseArgs),
    /// Open a quota again, after the server rejected the API key or during a pause
    Resume {
        /// Name of the quota
        #[arg(value_name = "NAME")]
        name: String,
        #[command(flatten)]
        database: DatabaseArgs,
    },
}

#[derive(Args)]
pub(crate) struct DatabaseArgs {
    /// URL of the PostgreSQL database; takes precedence over VAMBE_QUOTA_URL
    ///
    /// A password in it is visible to other users of this machine; the variable is not.
    // A string: clap would show an invalid URL.
    #[arg(long, value_name = "URL")]
    pub(crate) database: Option<String>,
}
