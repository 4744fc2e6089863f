//! `vambe doctor`: checks what an import needs, in the order in which it can fail, and says what to do.

mod network;
mod request;

use std::{io, time::Duration};

use vambe_api::{Client, raw::operations::UPDATE_TICKET_METADATA, reqwest::Url};

use self::{network::Route, request::Answer};
use crate::{args::DoctorArgs, client, exit::Exit, output};

/// The time limit of each step.
const STEP: Duration = Duration::from_secs(15);

/// The result of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    check: &'static str,
    verdict: Verdict,
    text: String,
    /// The remedy of a problem.
    next: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Fine,
    /// Not checked.
    Skipped,
    Warning,
    /// An import would fail; the command ends with this code.
    Problem(Exit),
}

impl Finding {
    fn fine(check: &'static str, text: impl Into<String>) -> Self {
        Self { check, verdict: Verdict::Fine, text: text.into(), next: String::new() }
    }

    fn skipped(check: &'static str, text: impl Into<String>) -> Self {
        Self { verdict: Verdict::Skipped, ..Self::fine(check, text) }
    }

    fn warning(check: &'static str, text: impl Into<String>, next: impl Into<String>) -> Self {
        Self { verdict: Verdict::Warning, next: next.into(), ..Self::fine(check, text) }
    }

    fn problem(check: &'static str, exit: Exit, text: impl Into<String>, next: impl Into<String>) -> Self {
        Self { verdict: Verdict::Problem(exit), next: next.into(), ..Self::fine(check, text) }
    }
}

/// Checks everything and prints each finding at once.
pub(crate) fn run(args: &DoctorArgs) -> Exit {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            output::report(&RuntimeError(error), None);
            return Exit::Unusable;
        }
    };
    let mut report = Report { exit: Exit::Done };
    let checked = runtime.block_on(check(args, &mut report));
    checked.err().unwrap_or(report.exit)
}

#[derive(Debug, thiserror::Error)]
#[error("cannot start the async runtime: check the limit on open files (`ulimit -n`)")]
struct RuntimeError(#[source] io::Error);

/// The first problem so far decides about the exit code.
struct Report {
    exit: Exit,
}

impl Report {
    /// Prints a finding; returns true if it is no problem. Fails if the standard output does.
    fn add(&mut self, finding: &Finding) -> Result<bool, Exit> {
        let Finding { check, verdict, text, next } = finding;
        let verdict = match verdict {
            Verdict::Fine => "ok",
            Verdict::Skipped => "-",
            Verdict::Warning => "warning",
            Verdict::Problem(exit) => {
                if self.exit == Exit::Done {
                    self.exit = *exit;
                }
                "problem"
            }
        };
        output::print(|out| {
            writeln!(out, "{check:<8}  {verdict:<7}  {text}")?;
            if next.is_empty() { Ok(()) } else { writeln!(out, "{:<8}  {:<7}  {next}", "", "next:") }
        })?;
        Ok(verdict != "problem")
    }

    fn add_all(&mut self, findings: impl IntoIterator<Item = Finding>) -> Result<bool, Exit> {
        let mut are_fine = true;
        for finding in findings {
            are_fine &= self.add(&finding)?;
        }
        Ok(are_fine)
    }
}

/// Adds the findings to the report. Stops after a problem without which the next checks are impossible.
async fn check(args: &DoctorArgs, report: &mut Report) -> Result<(), Exit> {
    let (client, url) = match server(args) {
        Ok(server) => server,
        Err(error) => {
            let next = "correct the settings, then run the command again";
            report.add(&Finding::problem("settings", Exit::Unusable, error, next))?;
            return Ok(());
        }
    };
    let source = if args.server.api_key_file.is_some() { "the file of --api-key-file" } else { "VAMBE_API_KEY" };
    let key = client::api_key(&args.server);
    report.add(&match &key {
        Ok(_) => {
            Finding::fine("settings", format!("base URL {}; API key in {source}", client.raw().transport().base_url()))
        }
        // The network can be checked without a key.
        Err(error) => {
            let next = "set it; the network is checked without it";
            Finding::problem("settings", Exit::Unusable, output::one_line(error), next)
        }
    })?;
    let (route, proxy) = Route::to(&url);
    if !report.add(&proxy)? || !report.add_all(network::check(&route).await)? {
        return Ok(());
    }
    let shown = request::describe(&url, key.is_ok());
    output::print(|out| writeln!(out, "{shown}"))?;
    let without = request::send(&client, &url, None).await;
    if !report.add_all(request::of_connection(&url, &route, &without))? {
        return Ok(());
    }
    let Ok(without) = without else { return Ok(()) };
    report.add(&request::clock(&without))?;
    let Ok(key) = key else {
        report
            .add(&request::server(without.status).unwrap_or_else(|| Finding::skipped("API key", "no key to check")))?;
        return Ok(());
    };
    if let Some(problem) = request::server(without.status) {
        report.add(&problem)?;
        return Ok(());
    }
    let with = request::send(&client, &url, Some(&key)).await;
    report.add(&request::api_key(without.status, with.map(|Answer { status, .. }| status), source))?;
    Ok(())
}

/// Returns the client and the URL of the operation. Neither needs the API key.
fn server(args: &DoctorArgs) -> Result<(Client, Url), String> {
    let client = client::without_key(&args.server).map_err(|error| output::one_line(&error))?;
    let url = format!("{}{}", client.raw().transport().base_url(), UPDATE_TICKET_METADATA.path);
    let url = url.parse().map_err(|error| format!("the base URL is invalid: {error}"))?;
    Ok((client, url))
}
