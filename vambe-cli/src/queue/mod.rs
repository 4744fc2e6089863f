//! `vambe queue`: the queue that services enqueue to, its workers, and its dead letters.

mod enqueue;
mod metrics;
mod prometheus;
mod show;
mod worker;

use std::{env, io};

use vambe_api::InvalidTicketRef;
use vambe_queue::{Admin, DeadLetters, Error, InvalidUpdate, WorkerError};

use crate::{
    args::{Dead, Format, Queue, QueueDatabaseArgs, Selection, StatusFormat},
    client::ClientError,
    exit::Exit,
    import::UpdatesError,
    numbers::{count, plural},
    output,
};

const VARIABLE: &str = "VAMBE_QUEUE_URL";

/// An error of the queue's database, or of its URL.
#[derive(Debug, thiserror::Error)]
enum QueueError {
    #[error("no database of the queue: set VAMBE_QUEUE_URL to its URL, such as postgres://user@host/database")]
    NoUrl,
    #[error(
        "the URL of the database is invalid: use the form postgres://user@host/database, and for sslmode disable, prefer, require or verify-full"
    )]
    Url,
    #[error("the database has no queue of this version: run `vambe queue migrate` as its owner")]
    NotMigrated,
    #[error(
        "the database has no quota of this name: create it there with `vambe quota set`, or give its own with --quota-database"
    )]
    NoQuota,
    #[error("the queue has no such update; it forgets finished ones after 7 days: see `vambe queue list`")]
    NoUpdate,
    #[error("cannot use the queue")]
    Database(#[source] Error),
    #[error(transparent)]
    Ticket(#[from] InvalidTicketRef),
    #[error("cannot enqueue row {row}")]
    Row { row: u64, source: InvalidUpdate },
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error(transparent)]
    Updates(#[from] UpdatesError),
    #[error("enqueued {} of {}; run the same command again to enqueue the others", count(*enqueued), plural(*rows, "row"))]
    Unfinished { enqueued: u64, rows: u64, source: Box<QueueError> },
    #[error("a ticket has 1,000 pending updates: wait until workers have sent some of them")]
    TicketFull,
    #[error("cannot serve metrics on the address of --metrics: choose another port")]
    Metrics(#[source] io::Error),
    #[error("cannot install the Ctrl-C handler")]
    Signal(#[source] io::Error),
    #[error("cannot start the async runtime: check the limit on open files (`ulimit -n`)")]
    Runtime(#[source] io::Error),
}

impl From<Error> for QueueError {
    fn from(error: Error) -> Self {
        match error {
            // Its cause could repeat a part of the URL, which may have a password.
            Error::Url(_) => Self::Url,
            Error::NotMigrated { .. } => Self::NotMigrated,
            Error::NoQuota => Self::NoQuota,
            Error::TicketFull => Self::TicketFull,
            error => Self::Database(error),
        }
    }
}

impl From<WorkerError> for QueueError {
    fn from(error: WorkerError) -> Self {
        match error {
            WorkerError::Client(error) => Self::Client(error.into()),
            WorkerError::Queue(error) => error.into(),
            error => Self::Database(Error::Database(error.into())),
        }
    }
}

impl QueueError {
    fn exit(&self) -> Exit {
        match self {
            Self::Updates(error) => error.exit(),
            Self::Unfinished { .. } => Exit::Unfinished,
            _ => Exit::Unusable,
        }
    }
}

/// Carries out the command.
pub(crate) fn run(command: Queue) -> Exit {
    let result = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(QueueError::Runtime);
    match result.and_then(|runtime| runtime.block_on(dispatch(command))) {
        Ok(text) => output::print(|out| out.write_all(text.as_bytes())).err().unwrap_or(Exit::Done),
        Err(QueueError::Updates(error)) if error.is_reported() => error.exit(),
        Err(error) => {
            output::report(&error, None);
            error.exit()
        }
    }
}

/// Carries out the command, and returns the text to print.
async fn dispatch(command: Queue) -> Result<String, QueueError> {
    match command {
        Queue::Migrate { sql: true, .. } => Ok(vambe_queue::migrations().concat()),
        Queue::Migrate { check, database, .. } => {
            let admin = connect(&database).await?;
            if !check {
                admin.migrate().await?;
            }
            admin.check().await?;
            Ok("the schema vambe is up to date\n".to_owned())
        }
        Queue::Enqueue(args) => enqueue::run(&args).await,
        Queue::Worker(args) => worker::run(args).await,
        Queue::Status { format, database } => {
            let admin = connect(&database).await?;
            let (status, quotas) = (admin.queue_status().await?, admin.quotas().await?);
            Ok(match format {
                StatusFormat::Text => show::status(&status, &quotas),
                StatusFormat::Json => show::status_json(&status, &quotas),
                StatusFormat::Prometheus => prometheus::text(&status, &quotas, None),
            })
        }
        Queue::List { state, after, limit, format, database } => {
            let updates = connect(&database).await?.queued(state.as_deref(), after, limit).await?;
            Ok(match format {
                Format::Text => show::updates(&updates),
                Format::Json => updates.iter().map(show::update_json).collect(),
            })
        }
        Queue::Show { seq, reference, format, database } => {
            let admin = connect(&database).await?;
            let update = match (seq, reference) {
                (Some(seq), _) => admin.update(seq).await?,
                (None, Some(reference)) => admin.update_by_reference(&reference).await?,
                (None, None) => None,
            };
            let update = update.ok_or(QueueError::NoUpdate)?;
            Ok(match format {
                Format::Text => show::updates(&[update]),
                Format::Json => show::update_json(&update),
            })
        }
        Queue::Dead(Dead::Retry(selection)) => {
            let retried = connect(&selection.database).await?.retry_dead(&letters(&selection)).await?;
            Ok(retried.iter().map(show::retried).collect())
        }
        Queue::Dead(Dead::Drop(selection)) => {
            let dropped = connect(&selection.database).await?.drop_dead(&letters(&selection)).await?;
            Ok(format!("dropped {}\n", plural(dropped, "dead letter")))
        }
        Queue::Hold { ticket, reason, database } => {
            let ticket = ticket.read()?;
            connect(&database).await?.hold(&ticket, &reason).await?;
            Ok("the ticket is on hold\n".to_owned())
        }
        Queue::Release { ticket, database } => {
            let ticket = ticket.read()?;
            let was_held = connect(&database).await?.release(&ticket).await?;
            Ok(if was_held { "the ticket is released\n" } else { "the ticket was not on hold\n" }.to_owned())
        }
        Queue::Pause { reason, database } => {
            connect(&database).await?.pause_queue(&reason).await?;
            Ok("the queue is paused\n".to_owned())
        }
        Queue::Resume(database) => {
            connect(&database).await?.resume_queue().await?;
            Ok("the queue is not paused\n".to_owned())
        }
    }
}

async fn connect(database: &QueueDatabaseArgs) -> Result<Admin, QueueError> {
    Ok(Admin::connect(&url(database)?).await?)
}

fn url(database: &QueueDatabaseArgs) -> Result<String, QueueError> {
    let given = database.database.clone().or_else(|| env::var(VARIABLE).ok());
    given.filter(|url| !url.is_empty()).ok_or(QueueError::NoUrl)
}

/// Clap ensures that something is selected.
fn letters(selection: &Selection) -> DeadLetters {
    let mut letters = DeadLetters::default();
    if let Some(seq) = selection.seq {
        letters = letters.seq(seq);
    }
    if let Some(kind) = &selection.kind {
        letters = letters.kind(kind);
    }
    if let Some(age) = selection.older_than {
        letters = letters.older_than(age);
    }
    letters
}
