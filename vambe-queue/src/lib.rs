//! One request limit and one queue for many hosts, kept in PostgreSQL 13 or later.
//!
//! - The server counts requests per API key. Processes on many hosts that share a key share a [`Quota`]: each request takes a slot
//!   from it, and no window of the period has more requests than the limit, as the server sees them.
//! - A service enqueues an update in the transaction that decides on it, with [`Enqueue`] and any driver, or in SQL. A [`Worker`]
//!   sends it, in the order of the commits for its ticket.
//!
//! The quota works without the queue. `docs/fleet.md` in the repository is the guide for both.
//!
//! # Features
//!
//! `postgres`, on by default, has everything but [`Enqueue`], with the driver tokio-postgres.
//!
//! # Example
//!
//! ```no_run
//! use std::{num::NonZeroU32, time::Duration};
//! use vambe_api::Client;
//! use vambe_queue::{Admin, Quota, QuotaLimit};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! // Once, as the owner of the database:
//! let admin = Admin::connect("postgres://owner@db.example.com/vambe").await?;
//! admin.migrate().await?;
//! let limit = QuotaLimit::new(NonZeroU32::new(1_000).unwrap(), Duration::from_secs(3600));
//! admin.set_quota("vambe", limit).await?;
//!
//! // In each process, as a member of the role `vambe_worker`:
//! let quota = Quota::connect("postgres://service@db.example.com/vambe", "vambe").await?;
//! let client = Client::builder().api_key("your_api_key_here").shared_limit(quota).build()?;
//! # Ok(())
//! # }
//! ```
//!
//! # What a quota promises
//!
//! - A slot counts for the period and a margin, from the time at which the database granted it. Only the database's clock counts,
//!   so that the clocks of the hosts do not matter.
//! - A `429` pauses all hosts, for as long as the server asks, at most an hour. Then one request is sent first. Eight attempts in a
//!   row without an answer pause all hosts too, for 1 s, doubled up to 60 s.
//! - A `401`, or ten `403` in a row, close the quota until [`Admin::resume_quota`].
//! - While the database is away, calls fail with [`Error::NoSlot`](vambe_api::Error::NoSlot), and nothing is sent.
//!
//! The limit may be exceeded if others use the key without the quota, if the database's clock is set forward, after the promotion of
//! an asynchronous standby, which may have lost grants, and if the attempt time-out plus 5 s is longer than the
//! [margin](QuotaLimit::margin).
//!
//! # Connections
//!
//! A connection to another host is encrypted, and the server's certificate is verified with its host name. `sslmode` in the URL changes
//! that: `prefer` connects in the clear if the server does not offer encryption, `disable` always does; `require` and `verify-full` are
//! the same, and encrypt connections within this machine too. `sslrootcert=FILE` names the certificate authorities to trust in a PEM
//! file; without it, those of the platform are trusted.
//!
//! Statements are unnamed, and no setting outlives its statement, so everything works through PgBouncer in transaction mode.

mod enqueue;

#[cfg(feature = "postgres")]
mod admin;
#[cfg(feature = "postgres")]
mod database;
#[cfg(feature = "postgres")]
mod error;
#[cfg(feature = "postgres")]
mod limit;
#[cfg(feature = "postgres")]
mod migrations;
#[cfg(feature = "postgres")]
mod quota;
#[cfg(feature = "postgres")]
mod target;
#[cfg(feature = "postgres")]
mod tls;
#[cfg(feature = "postgres")]
mod worker;

pub use enqueue::{Enqueue, InvalidUpdate};
#[cfg(feature = "postgres")]
pub use {
    admin::{Admin, DeadLetters, QueueStatus, Queued, QuotaStatus, Retried, SourceStatus},
    error::Error,
    limit::QuotaLimit,
    migrations::migrations,
    quota::Quota,
    worker::{Worker, WorkerError, WorkerReport, WorkerStats},
};
