//! `vambe ticket metadata set`: one update, and what became of it.

use std::io;

use serde::Serialize;
use vambe_api::{
    Delivery, Error, InvalidTicketRef, Metadata, Response, StatusCode, TicketRef, UpdateTicketMetadata, raw,
};

use crate::{
    args::{Format, SetArgs},
    client::{self, ClientError},
    exit::Exit,
    output,
    pairs::{self, PairError},
};

type Answer = Response<raw::types::UpdateTicketMetadataResponse>;

/// Why nothing was begun.
#[derive(Debug, thiserror::Error)]
enum Unusable {
    #[error(transparent)]
    Ticket(#[from] InvalidTicketRef),
    #[error(transparent)]
    Pairs(#[from] PairError),
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error("cannot wait for the network; look for a limit on open files")]
    Runtime(#[source] io::Error),
}

/// Sends the update, and tells what became of it.
pub(crate) fn run(args: SetArgs) -> Exit {
    match prepare(&args) {
        Ok((runtime, update, done)) => conclude(&args, runtime.block_on(update.into_future()), &done),
        Err(error) => {
            output::report(&error, None);
            Exit::Unusable
        }
    }
}

/// The update, and the line that tells of its success.
fn prepare(args: &SetArgs) -> Result<(tokio::runtime::Runtime, UpdateTicketMetadata, String), Unusable> {
    let ticket = args.ticket.read()?;
    let metadata = pairs::parse(&args.pairs)?;
    let builder = client::builder(&args.connection)?.timeout(args.timeout).max_attempts(args.max_attempts.get());
    let client = client::build(builder)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Unusable::Runtime)?;
    let done = done(&ticket, &metadata);
    let mut update = client.update_ticket_metadata(ticket, metadata);
    if args.allow_closed_ticket {
        update = update.allow_closed_ticket(true);
    }
    Ok((runtime, update, done))
}

fn done(ticket: &TicketRef, metadata: &Metadata) -> String {
    let count = metadata.iter().len();
    let pairs = if count == 1 { "pair" } else { "pairs" };
    format!("applied: {count} {pairs}, to the ticket named by {}", ticket.identifier())
}

fn conclude(args: &SetArgs, result: Result<Answer, Error>, done: &str) -> Exit {
    let printed = match args.format {
        Format::Json => output::print(|out| {
            serde_json::to_writer(&mut *out, &Outcome::of(&result))?;
            writeln!(out)
        }),
        Format::Text if result.is_ok() => output::print(|out| writeln!(out, "{done}")),
        Format::Text => Ok(()),
    };
    match (result, printed) {
        (Ok(_), Ok(())) => Exit::Done,
        (Ok(_), Err(exit)) => exit,
        (Err(error), _) => {
            output::report(&error, Some(help(args, &error)));
            exit(&error)
        }
    }
}

/// The result for programs. The server's message is in it as the client shows it: without what was sent.
#[derive(Serialize)]
struct Outcome<'a> {
    outcome: &'static str,
    status: Option<u16>,
    attempts: u32,
    message: Option<String>,
    request_id: Option<&'a str>,
}

impl<'a> Outcome<'a> {
    fn of(result: &'a Result<Answer, Error>) -> Self {
        match result {
            Ok(answer) => Self {
                outcome: "applied",
                status: Some(answer.status().as_u16()),
                attempts: answer.attempts(),
                message: None,
                request_id: answer.request_id(),
            },
            Err(error) => Self {
                outcome: match error.delivery() {
                    Delivery::NotSent => "not_sent",
                    Delivery::Rejected => "rejected",
                    Delivery::Unknown => "unknown",
                },
                status: error.status().map(|status| status.as_u16()),
                attempts: error.attempts(),
                message: Some(output::one_line(error)),
                request_id: error.request_id(),
            },
        }
    }
}

/// The exit code of a failed update.
fn exit(error: &Error) -> Exit {
    match (error.status(), error.delivery()) {
        // A 403 may be about the key or about this one request, for example by a firewall's rule: one answer does not say.
        (Some(StatusCode::UNAUTHORIZED), _) => Exit::KeyRefused,
        // Rejected for now, not for what it says.
        (Some(StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS), _) => Exit::Unfinished,
        (_, Delivery::Rejected) => Exit::Rejected,
        (_, Delivery::NotSent | Delivery::Unknown) => Exit::Unfinished,
    }
}

/// What to do next.
fn help(args: &SetArgs, error: &Error) -> &'static str {
    match (exit(error), error.delivery()) {
        _ if error.status() == Some(StatusCode::FORBIDDEN) => {
            "nothing was changed; if every update is answered 403, check the permissions of the API key, otherwise look for a \
             firewall that blocks this one"
        }
        (Exit::KeyRefused, _) if args.connection.api_key_file.is_some() => {
            "look at the key in the file of --api-key-file"
        }
        (Exit::KeyRefused, _) => "look at the key in VAMBE_API_KEY",
        (_, Delivery::Unknown) => "the same command may be run again: to apply the update twice does no harm",
        (Exit::Unfinished, _) => "nothing was changed; run the same command again later",
        _ if error.is_ticket_not_found() && args.ticket.is_contact() && !args.allow_closed_ticket => {
            "nothing was changed; if the contact's ticket is closed, --allow-closed-ticket takes the latest closed one"
        }
        _ => "nothing was changed, and the same command would be refused again",
    }
}
