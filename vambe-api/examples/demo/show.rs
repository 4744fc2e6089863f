//! The output of a scene: the request, the server's view, the result, and the ticket with its changes marked.

use std::{
    collections::BTreeMap,
    error::Error as StdError,
    fmt,
    io::{self, Write},
};

use vambe_api::{Error, Response, Uuid, raw::types::UpdateTicketMetadataResponse};
use vambe_emulator::{Emulator, ReceivedRequest};

// The stream of the program removes them unless it is a terminal that shows them.
pub(crate) const BOLD: &str = "\u{1b}[1m";
pub(crate) const DIM: &str = "\u{1b}[2m";
pub(crate) const GREEN: &str = "\u{1b}[32m";
pub(crate) const YELLOW: &str = "\u{1b}[33m";
pub(crate) const RED: &str = "\u{1b}[31m";
pub(crate) const PLAIN: &str = "\u{1b}[0m";

/// The result of an update.
pub(crate) type Updated = Result<Response<UpdateTicketMetadataResponse>, Error>;

/// The output, and the emulator that it shows.
pub(crate) struct Show<'a> {
    pub(crate) out: &'a mut dyn Write,
    vambe: &'a Emulator,
}

impl<'a> Show<'a> {
    pub(crate) fn new(out: &'a mut dyn Write, vambe: &'a Emulator) -> Self {
        Self { out, vambe }
    }

    /// Sends an update of this ticket, and shows it.
    pub(crate) async fn scene(
        &mut self,
        title: &str,
        ticket: Uuid,
        call: impl IntoFuture<Output = Updated>,
    ) -> Result<(), Box<dyn StdError>> {
        writeln!(self.out, "\n{BOLD}{title}{PLAIN}")?;
        let before = self.metadata(ticket);
        self.vambe.clear_requests();
        let result = call.await;
        self.requests()?;
        self.result(&result)?;
        self.ticket(ticket, &before)?;
        Ok(())
    }

    /// Shows the request and, if there was a fault, how the server took each attempt.
    fn requests(&mut self) -> io::Result<()> {
        let requests = self.vambe.requests();
        if let Some(request) = requests.first() {
            let body = String::from_utf8_lossy(request.body());
            writeln!(self.out, "  request  {} {}", request.method(), request.path())?;
            writeln!(self.out, "           {body}")?;
        }
        if requests.iter().any(|request| request.fault().is_some()) {
            for (index, request) in requests.iter().enumerate() {
                writeln!(self.out, "  attempt  {}: {}", index + 1, Attempt(request))?;
            }
        }
        Ok(())
    }

    fn result(&mut self, result: &Updated) -> io::Result<()> {
        match result {
            Ok(response) => {
                let status = response.body().map(|body| body.status.as_str()).unwrap_or_default();
                let attempts = response.attempts();
                writeln!(
                    self.out,
                    "  result   {GREEN}Ok{PLAIN}: {}, status \"{status}\", attempts() {attempts}",
                    response.status()
                )
            }
            Err(error) => {
                writeln!(self.out, "  result   {RED}Err{PLAIN}: {error}")?;
                writeln!(self.out, "           delivery() {:?}, attempts() {}", error.delivery(), error.attempts())
            }
        }
    }

    fn ticket(&mut self, ticket: Uuid, before: &BTreeMap<String, String>) -> io::Result<()> {
        let after = self.metadata(ticket);
        let unchanged = if after == *before { ", unchanged" } else { "" };
        writeln!(self.out, "  ticket   {DIM}{ticket}{PLAIN}{unchanged}")?;
        for (key, value) in &after {
            match before.get(key) {
                Some(old) if old == value => writeln!(self.out, "             {key:<14} {value}")?,
                Some(old) => {
                    writeln!(self.out, "           {YELLOW}~ {key:<14} {value}{PLAIN} {DIM}(was {old}){PLAIN}")?;
                }
                None => writeln!(self.out, "           {GREEN}+ {key:<14} {value}{PLAIN} {DIM}(new){PLAIN}")?,
            }
        }
        Ok(())
    }

    fn metadata(&self, ticket: Uuid) -> BTreeMap<String, String> {
        self.vambe.ticket(ticket).map(|ticket| ticket.metadata().clone()).unwrap_or_default()
    }
}

/// An attempt as the server took it.
struct Attempt<'a>(&'a ReceivedRequest);

impl fmt::Display for Attempt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let applied = if self.0.applied().is_some() { "applied" } else { "not applied" };
        match self.0.status() {
            Some(status) => write!(f, "{applied}, answered with {}", status.as_u16()),
            None => write!(f, "{applied}, then the connection broke"),
        }
    }
}
