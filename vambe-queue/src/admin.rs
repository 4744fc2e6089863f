//! Setting up the database, and changing and showing quotas.

use std::{sync::Arc, time::Duration};

use tokio_postgres::{Client, Config, types::Type};

use crate::{
    QuotaLimit,
    database::{self, Away},
};

/// The schema's versions in their order. A released file never changes.
const MIGRATIONS: [&str; 1] = [include_str!("../sql/0001_quota.sql")];

/// The error of the database, or of its set-up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The URL of the database is invalid.
    #[error("the URL of the database is invalid: use the form postgres://user@host/database")]
    Url(#[source] tokio_postgres::Error),
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
    /// The thread that talks to the database could not be started.
    #[error("could not start a thread for the database: check the limit on threads (`ulimit -u`)")]
    Thread(#[source] std::io::Error),
}

impl From<Away> for Error {
    fn from(error: Away) -> Self {
        Self::Database(error.into())
    }
}

/// The state of a quota.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct QuotaStatus {
    /// Its name.
    pub name: String,
    /// The maximum number of requests in a period.
    pub requests: u32,
    /// The period.
    pub period: Duration,
    /// The margin.
    pub margin: Duration,
    /// The number of slots that count now.
    pub used: u32,
    /// The time until the next slot is free; zero if one is.
    pub next_in: Duration,
    /// The reason of a pause that has not ended: `too_many` after a `429`, or `outage`.
    pub pause_reason: Option<String>,
    /// True if the quota is closed because the server rejects the API key.
    pub is_key_refused: bool,
}

/// A connection of the schema's owner, or of a member of the role `vambe_admin`.
#[derive(Debug)]
pub struct Admin {
    client: Arc<Client>,
}

impl Admin {
    /// Connects to a database, such as `postgres://owner@host/database`. It must be called within a tokio runtime.
    ///
    /// # Errors
    ///
    /// Fails if the URL is invalid or the database cannot be reached.
    pub async fn connect(url: &str) -> Result<Self, Error> {
        let config: Config = url.parse().map_err(Error::Url)?;
        Ok(Self { client: database::connect(&config).await? })
    }

    /// Creates the schema `vambe` with its roles `vambe_worker` and `vambe_admin`, or upgrades it. Repeating it changes nothing.
    ///
    /// # Errors
    ///
    /// Fails if the user may not create schemas and roles, or if another text of a version is applied.
    pub async fn migrate(&self) -> Result<(), Error> {
        // Each version is applied in a transaction. The lock makes a second migration wait for the first.
        for (version, text) in (1..).zip(MIGRATIONS) {
            if self.is_applied(version, text).await? {
                continue;
            }
            let batch = format!(
                "begin; select pg_advisory_xact_lock(7809634); create schema if not exists vambe; \
                 create table if not exists vambe.migration (version integer primary key, sha256 bytea not null, \
                 applied_at timestamptz not null default now()); \
                 insert into vambe.migration (version, sha256) values ({version}, sha256(convert_to($vambe${text}$vambe$, 'UTF8'))); \
                 {text}; commit;"
            );
            if let Err(error) = self.client.batch_execute(&batch).await {
                // The transaction has failed, so nothing is left to be done but its end.
                self.client.batch_execute("rollback").await.map_err(Away::from)?;
                // Another process may have been faster.
                if !self.is_applied(version, text).await? {
                    return Err(Away::from(error).into());
                }
            }
        }
        Ok(())
    }

    /// Returns `true` if the version is applied, from the same text.
    async fn is_applied(&self, version: i32, text: &str) -> Result<bool, Error> {
        let exists = database::query(&self.client, "select to_regclass('vambe.migration') is not null", &[]).await?;
        if !exists.first().is_some_and(|row| row.get(0)) {
            return Ok(false);
        }
        let statement = "select sha256 = sha256(convert_to($2, 'UTF8')) from vambe.migration where version = $1";
        let rows = database::query(&self.client, statement, &[(&version, Type::INT4), (&text, Type::TEXT)]).await?;
        match rows.first().map(|row| row.get(0)) {
            None => Ok(false),
            Some(true) => Ok(true),
            Some(false) => Err(Error::OtherMigration { version }),
        }
    }

    /// Creates a quota, or changes its limit. The database keeps twice as many slots as the limit allows. If a raised limit needs to
    /// know of older ones, no slot is granted until they cannot count any more, at most for one new period and margin.
    ///
    /// # Errors
    ///
    /// Fails if the limit is above 1,000,000 requests, or the user may not do it.
    pub async fn set_quota(&self, name: &str, limit: QuotaLimit) -> Result<(), Error> {
        let requests = i64::from(limit.requests.get());
        let (period, margin) = (limit.period.as_secs_f64(), limit.margin.as_secs_f64());
        let statement =
            "select vambe.quota_set($1, $2::bigint::integer, make_interval(secs => $3), make_interval(secs => $4))";
        let parameters: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 4] =
            [(&name, Type::TEXT), (&requests, Type::INT8), (&period, Type::FLOAT8), (&margin, Type::FLOAT8)];
        database::query(&self.client, statement, &parameters).await?;
        Ok(())
    }

    /// Opens a quota again, after its key was refused or during a pause.
    ///
    /// # Errors
    ///
    /// [`Error::NoQuota`] if no quota has this name.
    pub async fn resume_quota(&self, name: &str) -> Result<(), Error> {
        let statement = "select coalesce(vambe.quota_resume($1), false)";
        let rows = database::query(&self.client, statement, &[(&name, Type::TEXT)]).await?;
        if rows.first().is_some_and(|row| row.get(0)) { Ok(()) } else { Err(Error::NoQuota) }
    }

    /// Returns the state of all quotas, by name.
    ///
    /// # Errors
    ///
    /// Fails if the database cannot be used.
    pub async fn quotas(&self) -> Result<Vec<QuotaStatus>, Error> {
        let statement = "select name, requests::bigint, period_s, margin_s, used::bigint, coalesce(next_in_s, 0), pause_reason, \
                         key_refused_at is not null from vambe.quota_status()";
        let rows = database::query(&self.client, statement, &[]).await?;
        let count = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
        let statuses = rows.iter().map(|row| QuotaStatus {
            name: row.get(0),
            requests: count(row.get(1)),
            period: seconds(row.get(2)),
            margin: seconds(row.get(3)),
            used: count(row.get(4)),
            next_in: seconds(row.get(5)),
            pause_reason: row.get(6),
            is_key_refused: row.get(7),
        });
        Ok(statuses.collect())
    }
}

/// Converts seconds of the database. Negative ones are zero, and ones without end are the longest duration.
pub(crate) fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX)
}
