//! The versions of the schema `vambe`: applying, checking and printing them.

use tokio_postgres::{Client, types::Type};

use crate::{
    Error,
    database::{self, Away},
};

/// The versions in their order. A released text never changes.
const MIGRATIONS: [&str; 2] = [
    include_str!("../sql/0001_quota.sql"),
    concat!(
        include_str!("../sql/0002_queue/tables.sql"),
        include_str!("../sql/0002_queue/enqueue.sql"),
        include_str!("../sql/0002_queue/take.sql"),
        include_str!("../sql/0002_queue/dead.sql"),
        include_str!("../sql/0002_queue/status.sql"),
        include_str!("../sql/0002_queue/roles.sql"),
    ),
];

/// The newest version.
pub(crate) const NEWEST: i32 = MIGRATIONS.len() as i32;

/// Returns the SQL that creates the schema `vambe` or upgrades it, one transaction per version, for a migration tool of your own.
///
/// A transaction fails if its version is applied already, so leave out the versions that
/// [`Admin::check`](crate::Admin::check) does not miss.
pub fn migrations() -> Vec<String> {
    (1..).zip(MIGRATIONS).map(|(version, text)| transaction(version, text)).collect()
}

fn transaction(version: i32, text: &str) -> String {
    // The lock makes a second migration wait for the first.
    format!(
        "begin;\nselect pg_advisory_xact_lock(7809634);\ncreate schema if not exists vambe;\n\
         create table if not exists vambe.migration (version integer primary key, sha256 bytea not null, \
         applied_at timestamptz not null default now());\n\
         insert into vambe.migration (version, sha256) values ({version}, sha256(convert_to($vambe${text}$vambe$, 'UTF8')));\n\
         {text}\ncommit;\n"
    )
}

pub(crate) async fn apply(client: &Client) -> Result<(), Error> {
    for (version, text) in (1..).zip(MIGRATIONS) {
        if is_applied(client, version, text).await? {
            continue;
        }
        if let Err(error) = client.batch_execute(&transaction(version, text)).await {
            // The transaction has failed, so nothing is left to be done but its end.
            client.batch_execute("rollback").await.map_err(Away::from)?;
            // Another process may have been faster.
            if !is_applied(client, version, text).await? {
                return Err(Away::from(error).into());
            }
        }
    }
    Ok(())
}

pub(crate) async fn check(client: &Client) -> Result<(), Error> {
    for (version, text) in (1..).zip(MIGRATIONS) {
        if !is_applied(client, version, text).await? {
            return Err(Error::NotMigrated { needed: version });
        }
    }
    Ok(())
}

/// Checks that a version is applied, from whatever text: a newer release may have applied it.
pub(crate) async fn require(client: &Client, version: i32) -> Result<(), Error> {
    let exists = database::query(client, "select to_regclass('vambe.migration') is not null", &[]).await?;
    let statement = "select exists (select from vambe.migration where version = $1)";
    let exists = exists.first().is_some_and(|row| row.get(0))
        && database::query(client, statement, &[(&version, Type::INT4)]).await?.first().is_some_and(|row| row.get(0));
    if exists { Ok(()) } else { Err(Error::NotMigrated { needed: version }) }
}

/// Returns `true` if the version is applied, from the same text.
async fn is_applied(client: &Client, version: i32, text: &str) -> Result<bool, Error> {
    let exists = database::query(client, "select to_regclass('vambe.migration') is not null", &[]).await?;
    if !exists.first().is_some_and(|row| row.get(0)) {
        return Ok(false);
    }
    let statement = "select sha256 = sha256(convert_to($2, 'UTF8')) from vambe.migration where version = $1";
    let rows = database::query(client, statement, &[(&version, Type::INT4), (&text, Type::TEXT)]).await?;
    match rows.first().map(|row| row.get(0)) {
        None => Ok(false),
        Some(true) => Ok(true),
        Some(false) => Err(Error::OtherMigration { version }),
    }
}
