//! `vambe quota`: sets, shows and resumes quotas; and the quota of `--quota`.

use std::{env, future::Future, io, time::Duration};

use vambe_queue::{Admin, QuotaLimit, QuotaStatus};

use crate::{
    args::{DatabaseArgs, Quota},
    exit::Exit,
    numbers::{count, plural},
    output,
};

const VARIABLE: &str = "VAMBE_QUOTA_URL";

/// An error of the quota's database, or of its URL.
#[derive(Debug, thiserror::Error)]
pub(crate) enum QuotaError {
    #[error("no database of quotas: set VAMBE_QUOTA_URL to its URL, such as postgres://user@host/database")]
    NoUrl,
    #[error(
        "the URL of the database is invalid: use the form postgres://user@host/database, and for sslmode disable, prefer, require or verify-full"
    )]
    Url,
    #[error("the database has no quotas: run `vambe quota set` as its owner")]
    NotMigrated,
    #[error("there is no quota of this name: `vambe quota show` lists them, and `vambe quota set` creates one")]
    NoQuota,
    #[error("cannot use the quota")]
    Database(#[source] vambe_queue::Error),
    #[error("cannot start the async runtime: check the limit on open files (`ulimit -n`)")]
    Runtime(#[source] io::Error),
}

impl From<vambe_queue::Error> for QuotaError {
    fn from(error: vambe_queue::Error) -> Self {
        match error {
            // Its cause could repeat a part of the URL, which may have a password.
            vambe_queue::Error::Url(_) => Self::Url,
            vambe_queue::Error::NotMigrated { .. } => Self::NotMigrated,
            vambe_queue::Error::NoQuota => Self::NoQuota,
            error => Self::Database(error),
        }
    }
}

/// Connects to the quota of `--quota`.
pub(crate) fn connect(name: &str) -> Result<vambe_queue::Quota, QuotaError> {
    let url = url(None)?;
    block_on(vambe_queue::Quota::connect(&url, name))
}

/// Carries out the command.
pub(crate) fn run(command: Quota) -> Exit {
    let result = match command {
        Quota::Set { name, rate, margin, database } => {
            let limit = QuotaLimit::new(rate.requests(), rate.period());
            let limit = margin.map_or(limit, |margin| limit.margin(margin));
            with(&database, async |admin| {
                admin.migrate().await?;
                admin.set_quota(&name, limit).await?;
                admin.quotas().await
            })
            .map(|quotas| quotas.into_iter().filter(|quota| quota.name == name).collect())
        }
        Quota::Show(database) => with(&database, async |admin| admin.quotas().await),
        Quota::Resume { name, database } => with(&database, async |admin| {
            admin.resume_quota(&name).await?;
            admin.quotas().await
        })
        .map(|quotas| quotas.into_iter().filter(|quota| quota.name == name).collect()),
    };
    match result {
        Ok(quotas) => {
            let print = |quota: &QuotaStatus| describe(quota) + "\n";
            let lines: String = quotas.iter().map(print).collect();
            output::print(|out| out.write_all(lines.as_bytes())).err().unwrap_or(Exit::Done)
        }
        Err(error) => {
            output::report(&error, None);
            Exit::Unusable
        }
    }
}

fn with(
    database: &DatabaseArgs,
    act: impl AsyncFnOnce(Admin) -> Result<Vec<QuotaStatus>, vambe_queue::Error>,
) -> Result<Vec<QuotaStatus>, QuotaError> {
    let url = url(database.database.as_ref())?;
    block_on(async { act(Admin::connect(&url).await?).await })
}

/// Returns the URL that was given, or that of the environment.
pub(crate) fn url(given: Option<&String>) -> Result<String, QuotaError> {
    given.cloned().or_else(|| env::var(VARIABLE).ok()).filter(|url| !url.is_empty()).ok_or(QuotaError::NoUrl)
}

fn block_on<T>(future: impl Future<Output = Result<T, vambe_queue::Error>>) -> Result<T, QuotaError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(QuotaError::Runtime)?;
    Ok(runtime.block_on(future)?)
}

/// Returns the line for a quota.
pub(crate) fn describe(quota: &QuotaStatus) -> String {
    let state = match (quota.is_key_refused, &quota.pause_reason) {
        (true, _) => "closed: the server rejected the API key; replace it, then run `vambe quota resume`".to_owned(),
        (_, Some(reason)) if reason == "too_many" => format!("paused after a 429{}", again(quota.next_in)),
        (_, Some(_)) => format!("paused during an outage{}", again(quota.next_in)),
        _ if quota.next_in.is_zero() => "open".to_owned(),
        _ => format!("full{}", again(quota.next_in)),
    };
    format!(
        "{}: {} of {} used in {}, with a margin of {}; {state}",
        quota.name.escape_debug(),
        count(quota.used.into()),
        plural(quota.requests.into(), "slot"),
        exact(quota.period),
        exact(quota.margin)
    )
}

fn again(wait: Duration) -> String {
    format!(", next slot in {} s", wait.as_secs_f64().ceil())
}

/// Formats a duration in its largest unit that needs no fraction: `1 h`, `90 s`.
fn exact(duration: Duration) -> String {
    match duration.as_secs() {
        seconds if duration.subsec_nanos() > 0 || seconds == 0 || seconds % 60 > 0 => {
            format!("{} s", duration.as_secs_f64())
        }
        seconds if seconds % 3600 > 0 => format!("{} min", seconds / 60),
        seconds => format!("{} h", seconds / 3600),
    }
}
