//! `vambe ticket metadata set`: sends one update and prints its outcome.

use std::io;

use serde::Serialize;
use vambe_api::{
    Delivery, Error, InvalidTicketRef, Metadata, Response, StatusCode, TicketRef, UpdateTicketMetadata, raw,
};

use crate::{
    args::{Format, SetArgs},
    client::{self, ClientError},
    exit::Exit,
    numbers::plural,
    output::{self, SCHEMA},
    pairs::{self, PairError},
};

type Success = Response<raw::types::UpdateTicketMetadataResponse>;

/// An error before anything was sent.
#[derive(Debug, thiserror::Error)]
enum Unusable {
    #[error(transparent)]
    Ticket(#[from] InvalidTicketRef),
    #[error(transparent)]
    Pairs(#[from] PairError),
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error("cannot start the async runtime: check the limit on open files (`ulimit -n`)")]
    Runtime(#[source] io::Error),
}

/// Sends the update and prints its outcome.
pub(crate) fn run(args: SetArgs) -> Exit {
    match prepare(&args) {
        Ok((runtime, update, done)) => conclude(&args, runtime.block_on(update.into_future()), &done),
        Err(error) => {
            output::report(&error, None);
            Exit::Unusable
        }
    }
}

/// Returns the update, and the line to print on success.
fn prepare(args: &SetArgs) -> Result<(tokio::runtime::Runtime, UpdateTicketMetadata, String), Unusable> {
    let ticket = args.ticket.read()?;
    let metadata = pairs::parse(&args.pairs)?;
    let (client, _) = client::connect(&args.connection, |builder| {
        builder.timeout(args.timeout).max_attempts(args.max_attempts.get())
    })?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Unusable::Runtime)?;
    let done = done(&ticket, &metadata);
    let mut update = client.update_ticket_metadata(ticket, metadata);
    if args.allow_closed_ticket {
        update = update.allow_closed_ticket(true);
    }
    Ok((runtime, update, done))
}

fn done(ticket: &TicketRef, metadata: &Metadata) -> String {
    let pairs = plural(metadata.iter().len() as u64, "pair");
    format!("applied: {pairs}, to the ticket named by {}", ticket.identifier())
}

fn conclude(args: &SetArgs, result: Result<Success, Error>, done: &str) -> Exit {
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

/// The event for programs: see `vambe-cli/schema/events.json`. The client has redacted the server's message.
#[derive(Serialize)]
struct Outcome<'a> {
    schema: u32,
    event: &'static str,
    outcome: &'static str,
    status: Option<u16>,
    attempts: u32,
    message: Option<String>,
    request_id: Option<&'a str>,
}

impl<'a> Outcome<'a> {
    fn of(result: &'a Result<Success, Error>) -> Self {
        match result {
            Ok(response) => Self {
                schema: SCHEMA,
                event: "update",
                outcome: "applied",
                status: Some(response.status().as_u16()),
                attempts: response.attempts(),
                message: None,
                request_id: response.request_id(),
            },
            Err(error) => Self {
                schema: SCHEMA,
                event: "update",
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

/// Returns the exit code of a failed update.
fn exit(error: &Error) -> Exit {
    match (error.status(), error.delivery()) {
        // A 403 may be about the key or, for example because of a firewall rule, about this request.
        (Some(StatusCode::UNAUTHORIZED), _) => Exit::KeyRefused,
        // Rejected only for now.
        (Some(StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS), _) => Exit::Unfinished,
        (_, Delivery::Rejected) => Exit::Rejected,
        (_, Delivery::NotSent | Delivery::Unknown) => Exit::Unfinished,
    }
}

/// Returns the advice after a failed update.
fn help(args: &SetArgs, error: &Error) -> &'static str {
    match (exit(error), error.delivery()) {
        _ if error.status() == Some(StatusCode::FORBIDDEN) => {
            "nothing was changed; if every update gets a 403, check the permissions of the API key, otherwise look for a firewall \
             that blocks this request"
        }
        (Exit::KeyRefused, _) if args.connection.server.api_key_file.is_some() => {
            "check the key in the file of --api-key-file"
        }
        (Exit::KeyRefused, _) => "check the key in VAMBE_API_KEY",
        (_, Delivery::Unknown) => "run the same command again: applying the update twice is safe",
        (Exit::Unfinished, _) => "nothing was changed; run the same command again later",
        _ if error.is_ticket_not_found() && args.ticket.is_contact() && !args.allow_closed_ticket => {
            "nothing was changed; if the contact's ticket is closed, add --allow-closed-ticket to update the latest closed one"
        }
        _ => "nothing was changed; retrying will not help",
    }
}
