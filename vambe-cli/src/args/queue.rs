//! The arguments of `vambe queue`.

use std::{net::SocketAddr, num::NonZeroUsize, time::Duration};

use clap::{Args, Subcommand, ValueEnum, ValueHint};

use super::{Format, Input, InputArgs, ServerArgs, duration, set::TicketArgs};

#[derive(Subcommand)]
pub(crate) enum Queue {
    /// Create the schema `vambe` in the database, or upgrade it
    ///
    /// It needs the owner of the database, who may create roles. The roles are `vambe_enqueue` for services, `vambe_worker` for
    /// workers, and `vambe_admin` for the other commands.
    Migrate {
        /// Print the SQL instead, for a migration tool of your own
        #[arg(long, conflicts_with = "check")]
        sql: bool,
        /// Only check that the schema is up to date; exit with 2 if it is not
        #[arg(long)]
        check: bool,
        #[command(flatten)]
        database: QueueDatabaseArgs,
    },
    Enqueue(Box<EnqueueArgs>),
    Worker(WorkerArgs),
    /// Show the state of the queue and of its quotas
    Status {
        /// Print the state as text, as a JSON object, or as metrics for Prometheus
        #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
        format: StatusFormat,
        #[command(flatten)]
        database: QueueDatabaseArgs,
    },
    /// List pending updates and dead letters, without identifiers and values
    List {
        /// Only updates in this state; `dead` is for dead letters of all three kinds
        #[arg(long, value_name = "STATE", value_parser = ["pending", "in_flight", "retrying", "held", "dead", "rejected", "not_found", "expired"])]
        state: Option<String>,
        /// Only updates with a higher number, to continue a list
        #[arg(long, value_name = "SEQ", default_value = "0")]
        after: i64,
        /// Maximum number of updates
        #[arg(long, value_name = "N", default_value = "100")]
        limit: u32,
        /// Print lines of text or of JSON
        #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
        format: Format,
        #[command(flatten)]
        database: QueueDatabaseArgs,
    },
    /// Show an update, without its identifier and values, also if it is finished
    ///
    /// Records of finished updates are kept for 7 days.
    Show {
        /// Number of the update
        #[arg(long, value_name = "SEQ", required_unless_present = "reference", conflicts_with = "reference")]
        seq: Option<i64>,
        /// Reference that the service gave it
        #[arg(long, value_name = "TEXT")]
        reference: Option<String>,
        /// Print text or JSON
        #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
        format: Format,
        #[command(flatten)]
        database: QueueDatabaseArgs,
    },
    /// Send dead letters again, or drop them
    #[command(subcommand)]
    Dead(Dead),
    /// Hold the updates of a ticket until it is released
    Hold {
        #[command(flatten)]
        ticket: TicketArgs,
        /// Reason, for those who see it on hold
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        database: QueueDatabaseArgs,
    },
    /// Release a ticket that is on hold
    Release {
        #[command(flatten)]
        ticket: TicketArgs,
        #[command(flatten)]
        database: QueueDatabaseArgs,
    },
    /// Pause all workers; services can still enqueue
    Pause {
        /// Reason, for those who see it paused
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        database: QueueDatabaseArgs,
    },
    /// End a pause of the queue
    Resume(QueueDatabaseArgs),
}

#[derive(Subcommand)]
pub(crate) enum Dead {
    /// Return dead letters to their places in the queue
    ///
    /// Keys that a later update has set meanwhile are left out, so that no newer value is undone.
    Retry(Selection),
    /// Drop dead letters for good
    Drop(Selection),
}

/// Dead letters.
#[derive(Args)]
pub(crate) struct Selection {
    /// All dead letters
    #[arg(long, required_unless_present_any = ["seq", "kind", "older_than"], conflicts_with_all = ["seq", "kind", "older_than"])]
    all: bool,
    /// Dead letter with this number
    #[arg(long, value_name = "SEQ")]
    pub(crate) seq: Option<i64>,
    /// Dead letters of this kind
    #[arg(long, value_name = "KIND", value_parser = ["rejected", "not_found", "expired"])]
    pub(crate) kind: Option<String>,
    /// Dead letters that died longer ago, e.g. 7d
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    pub(crate) older_than: Option<Duration>,
    #[command(flatten)]
    pub(crate) database: QueueDatabaseArgs,
}

/// Enqueue the updates listed in a file
///
/// The file is as for `vambe ticket metadata import`. If a row is invalid, nothing is enqueued. Each row has a reference made from
/// the file, the input options and the number of the row, so run a command that was stopped again: the queue has each row once. It
/// forgets a reference 7 days after its update was applied.
///
/// Example: vambe queue enqueue returns.csv --source support
#[derive(Args)]
pub(crate) struct EnqueueArgs {
    /// File to enqueue, or `-` for the standard input
    #[arg(value_name = "FILE|-", value_hint = ValueHint::FilePath)]
    pub(crate) file: Input,
    /// Check all rows and enqueue nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Name of who enqueues, for the status of the queue
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Option<String>,
    /// Allow a worker to combine waiting rows of the same ticket into one request; later values win
    #[arg(long)]
    pub(crate) join_rows: bool,
    /// Time after which a row is not sent any more and becomes a dead letter
    #[arg(long, value_name = "DURATION", default_value = "72h", value_parser = duration::parse)]
    pub(crate) expires_in: Duration,
    /// Print text, or JSON
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) database: QueueDatabaseArgs,
}

/// Send the updates of the queue until Ctrl-C or SIGTERM
///
/// Start it on as many hosts as you like. The updates of a ticket are sent in the order of their commits, one at a time over all
/// workers; each request takes a slot of the quota.
///
/// Example: vambe queue worker --quota vambe
#[derive(Args)]
pub(crate) struct WorkerArgs {
    /// Quota; create it with `vambe quota set`
    #[arg(long, value_name = "NAME")]
    pub(crate) quota: String,
    /// URL of the quota's database, if it is not the queue's; takes precedence over VAMBE_QUOTA_URL
    ///
    /// The queues of several databases share a limit by it.
    // A string: clap would show an invalid URL.
    #[arg(long, value_name = "URL")]
    pub(crate) quota_database: Option<String>,
    /// Maximum number of requests that this worker sends at once
    #[arg(long, value_name = "N", default_value = "8")]
    pub(crate) in_flight: NonZeroUsize,
    /// Write a line for each attempt to the standard error, with its reference and traceparent, and without values
    #[arg(long, short)]
    pub(crate) verbose: bool,
    /// Serve metrics for Prometheus on this address, e.g. 127.0.0.1:9464
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) metrics: Option<SocketAddr>,
    #[command(flatten)]
    pub(crate) server: ServerArgs,
    #[command(flatten)]
    pub(crate) database: QueueDatabaseArgs,
}

/// The form in which the state of the queue is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatusFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// For Prometheus
    Prometheus,
}

#[derive(Args)]
pub(crate) struct QueueDatabaseArgs {
    /// URL of the PostgreSQL database; takes precedence over VAMBE_QUEUE_URL
    ///
    /// A password in it is visible to other users of this machine; the variable is not.
    // A string: clap would show an invalid URL.
    #[arg(long, value_name = "URL", help_heading = "Connection")]
    pub(crate) database: Option<String>,
}
