//! Setting, showing and resuming quotas.

use std::time::Duration;

use tokio_postgres::types::Type;

use super::Admin;
use crate::{
    Error, QuotaLimit,
    database::{Parameter, seconds},
};

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

impl Admin {
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
        let parameters: [Parameter<'_>; 4] =
            [(&name, Type::TEXT), (&requests, Type::INT8), (&period, Type::FLOAT8), (&margin, Type::FLOAT8)];
        self.query(statement, &parameters).await?;
        Ok(())
    }

    /// Opens a quota again, after its key was refused or during a pause.
    ///
    /// # Errors
    ///
    /// [`Error::NoQuota`] if no quota has this name.
    pub async fn resume_quota(&self, name: &str) -> Result<(), Error> {
        let statement = "select coalesce(vambe.quota_resume($1), false)";
        let rows = self.query(statement, &[(&name, Type::TEXT)]).await?;
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
        let rows = self.query(statement, &[]).await?;
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
