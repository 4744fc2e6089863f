//! A table of every fault of the emulator: the result of the client next to the updates that were really applied.
//!
//! `vambe-api/src/faults.md` has the expected table and is part of the crate's documentation. `UPDATE_FIXTURES=1` writes it. The test
//! checks in any case that no claim contradicts the emulator.

use std::{sync::Arc, time::Duration};

use vambe_api::{Client, Delivery, Error, Metadata, Response, TicketRef, raw::types::UpdateTicketMetadataResponse};
use vambe_emulator::{Emulator, Fault, placeholders as page};
use vambe_tests::{read, root};

/// The fault of every attempt, and whether the attempt ends by itself.
const ROWS: &[(&str, Attempt)] = &[
    ("none", Ends),
    ("latency:5ms:none", Ends),
    ("latency:3600s", Hangs),
    ("late-write:5ms", Ends),
    ("late-write:3600s", Hangs),
    // It lasts for each attempt of its own.
    ("outage:1ns", Ends),
    ("revoked-key", Ends),
    ("reset-before-reading", Ends),
    ("reset-before-write", Ends),
    ("reset-after-write", Ends),
    ("close-before-write", Ends),
    ("close-after-write", Ends),
    ("body-cut:200", Ends),
    ("body-cut:400", Ends),
    ("body-cut:503", Ends),
    ("content-length-too-long:200", Hangs),
    ("content-length-too-long:404", Hangs),
    ("body-endless:200", Ends),
    ("body-endless:500:after-write", Ends),
    ("body-slow-drip:200:every=3600s", Hangs),
    ("body-slow-drip:503:every=3600s", Hangs),
    ("body-late:3600s", Hangs),
    ("body-late:3600s:503", Hangs),
    ("body-large:200", Ends),
    ("body-large:400", Ends),
    ("html-200", Ends),
    ("empty-200", Ends),
    ("wrong-json-200", Ends),
    ("unknown-field-200", Ends),
    ("status:201", Ends),
    ("status:204", Ends),
    ("redirect:301:http://other.invalid/x", Ends),
    ("redirect:302:http://other.invalid/x", Ends),
    ("redirect:303:after-write:http://other.invalid/x", Ends),
    ("redirect:307:http://other.invalid/x", Ends),
    ("redirect:308:http://other.invalid/x", Ends),
    ("message-list:400", Ends),
    ("status:401", Ends),
    ("status:403", Ends),
    ("status:408", Ends),
    ("status:413", Ends),
    ("status:429", Ends),
    ("status:429:retry-after=0", Ends),
    ("status:429:retry-after=3600", Ends),
    ("status:429:retry-after=date+3600s", Ends),
    ("status:429:retry-after=date-3600s", Ends),
    ("status:429:retry-after=absurd", Ends),
    ("status:429:retry-after=malformed", Ends),
    ("status:500", Ends),
    ("status:500:after-write", Ends),
    ("status:501:after-write", Ends),
    ("status:502", Ends),
    ("status:502:after-write", Ends),
    ("status:503", Ends),
    ("status:503:after-write", Ends),
    ("status:503:retry-after=3600", Ends),
    ("status:504:after-write", Ends),
];

/// The end of an attempt with a fault.
#[derive(Clone, Copy)]
enum Attempt {
    /// The emulator ends it.
    Ends,
    /// The time limit ends it: the response, or the rest of it, never arrives.
    Hangs,
}

use Attempt::{Ends, Hangs};

impl Attempt {
    /// The time limits of an attempt to try a row with, until it is as expected.
    fn limits(self) -> &'static [Duration] {
        match self {
            Ends => &[CALL],
            Hangs => &HANGS,
        }
    }
}

/// The time limit of a call. It keeps a failing test from hanging, and is shorter than the waits that the faults ask for.
pub(crate) const CALL: Duration = Duration::from_mins(10);

/// The time limits of an attempt that hangs, which the test has to wait for. On a busy machine, a limit can pass before the
/// request or the response arrives: such a row is repeated with the next limit, and the last result counts.
const HANGS: [Duration; 3] = [Duration::from_millis(500), Duration::from_secs(5), Duration::from_secs(50)];

const PATH: &str = "vambe-api/src/faults.md";

type Outcome = Result<Response<UpdateTicketMetadataResponse>, Error>;

fn attempts(outcome: &Outcome) -> u32 {
    outcome.as_ref().map_or_else(Error::attempts, Response::attempts)
}

pub(crate) async fn update(vambe: &Emulator, attempt_timeout: Duration) -> Outcome {
    let client = Client::builder()
        .api_key(vambe.api_key())
        .base_url(vambe.url())
        .backoff(Duration::ZERO, Duration::ZERO)
        .attempt_timeout(attempt_timeout)
        .timeout(CALL)
        .build()
        .unwrap();
    client.update_ticket_metadata(TicketRef::TicketId(page::TICKET_ID), Metadata::from([("status", "escalated")])).await
}

/// Returns a line of the table; panics if a claim contradicts the emulator.
fn row(name: &str, outcome: &Outcome, applied: u64) -> String {
    let (result, delivery, message, attempts) = match outcome {
        Ok(response) => {
            assert!(applied >= 1, "{name}: a success that was not applied");
            let body = response.body().map_or("not the documented body", |_| "the documented body");
            (format!("`Ok`, {}", response.status().as_u16()), body, "", response.attempts())
        }
        Err(error) => {
            let variant = format!("{error:?}").split(['(', ' ']).next().unwrap().to_owned();
            let status = error.status().map_or(String::new(), |status| format!(", {}", status.as_u16()));
            let delivery = match error.delivery() {
                Delivery::NotSent => "`NotSent`",
                Delivery::Rejected => "`Rejected`",
                Delivery::Unknown => "`Unknown`",
            };
            assert!(
                applied == 0 || error.delivery() == Delivery::Unknown,
                "{name}: {delivery}, but applied {applied} times"
            );
            assert!(applied <= u64::from(error.attempts()), "{name}");
            assert_eq!(error.history().len(), error.attempts() as usize, "{name}");
            assert_eq!(error.status(), error.history().last().and_then(|attempt| attempt.status), "{name}");
            (format!("`{variant}`{status}"), delivery, error.message().unwrap_or_default(), error.attempts())
        }
    };
    format!("| {name} | {result} | {delivery} | {message} | {attempts} | {applied} |\n")
}

/// Returns the line of a fault, and whether the emulator has seen every attempt.
async fn with_every_attempt(fault: &str, attempt_timeout: Duration) -> (String, bool) {
    let vambe = Emulator::start().unwrap();
    // More than there are attempts. Not `inject_always`, in which an outage occurs once.
    vambe.inject_all(vec![fault.parse().unwrap(); 10]);
    let outcome = update(&vambe, attempt_timeout).await;
    let seen = vambe.requests().len() as u64 + vambe.unread_requests();
    if let Err(error) = &outcome {
        assert_eq!(
            error.retry_after().is_some(),
            fault.contains("retry-after") && !fault.contains("malformed"),
            "{fault}"
        );
    }
    (row(&format!("`{fault}`"), &outcome, vambe.updates()), seen == u64::from(attempts(&outcome)))
}

/// Runs a row with one time limit after the other until the outcome is as expected; the last outcome counts.
async fn play_until<F: Future>(
    attempt: Attempt,
    play: impl Fn(Duration) -> F,
    is_expected: impl Fn(&F::Output) -> bool,
) -> F::Output {
    let (last, others) = attempt.limits().split_last().unwrap();
    for limit in others {
        let outcome = play(*limit).await;
        if is_expected(&outcome) {
            return outcome;
        }
    }
    play(*last).await
}

async fn play_always(fault: &'static str, attempt: Attempt, expected: Arc<str>) -> String {
    let is_expected = |(line, all_seen): &(String, bool)| *all_seen && expected.contains(line);
    let (line, all_seen) = play_until(attempt, |limit| with_every_attempt(fault, limit), is_expected).await;
    assert!(all_seen, "{fault}: the emulator has seen another number of attempts");
    line
}

/// Runs all rows and returns their results in the order of the table. Rows that hang run together, the others one after the
/// other.
async fn all<F>(play: impl Fn(&'static str, Attempt) -> F) -> Vec<F::Output>
where
    F: Future<Output: Send> + Send + 'static,
{
    let hanging = |&(fault, attempt)| matches!(attempt, Hangs).then(|| tokio::spawn(play(fault, attempt)));
    let hanging: Vec<_> = ROWS.iter().map(hanging).collect();
    let mut results = Vec::new();
    for (&(fault, attempt), hanging) in ROWS.iter().zip(hanging) {
        results.push(match hanging {
            Some(task) => task.await.unwrap(),
            None => play(fault, attempt).await,
        });
    }
    results
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_fault_makes_delivery_contradict_the_emulator() {
    let expected: Arc<str> = read(PATH).into();
    let mut table = String::from(
        "| Fault, at every attempt | Result | `delivery()` | `message()` | Attempts | Applied |\n|---|---|---|---|---|---|\n",
    );
    table.extend(all(|fault, attempt| play_always(fault, attempt, Arc::clone(&expected))).await);

    let vambe = Emulator::start().unwrap();
    vambe.refuse_connections();
    table.push_str(&row("connection refused", &update(&vambe, CALL).await, vambe.updates()));

    let vambe = Emulator::builder().tls_self_signed().start().unwrap();
    table.push_str(&row("TLS with an untrusted certificate", &update(&vambe, CALL).await, vambe.updates()));

    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        std::fs::write(root().join(PATH), &table).unwrap();
    }
    let expected = read(PATH);
    let diff =
        similar::TextDiff::from_lines(&expected, &table).unified_diff().header(PATH, "what happened").to_string();
    assert!(diff.is_empty(), "{diff}");
}

/// Invariant: the table of faults covers every fault of the emulator.
#[test]
fn the_table_has_every_kind_of_fault() {
    let tried: Vec<_> = ROWS.iter().map(|(fault, _)| fault.parse::<Fault>().unwrap().kind().name()).collect();
    for kind in Fault::kinds() {
        assert!(tried.contains(&kind.name()), "no row for {}", kind.name());
    }
}

/// Returns the outcome after one fault and then none, and how often the update was applied.
async fn with_one_attempt(fault: &str, attempt_timeout: Duration) -> (Outcome, u64) {
    let vambe = Emulator::start().unwrap();
    vambe.inject(fault.parse().unwrap());
    let outcome = update(&vambe, attempt_timeout).await;
    (outcome, vambe.updates())
}

async fn play_once(fault: &'static str, attempt: Attempt, expected: u32) -> (&'static str, Outcome, u64) {
    let is_expected = |(outcome, _): &(Outcome, u64)| attempts(outcome) == expected;
    let (outcome, applied) = play_until(attempt, |limit| with_one_attempt(fault, limit), is_expected).await;
    assert_eq!(attempts(&outcome), expected, "{fault}: {outcome:?}");
    (fault, outcome, applied)
}

/// Returns whether the table says that an attempt with this fault is retried.
fn is_repeated(table: &str, fault: &str) -> bool {
    let row = table.lines().find(|line| line.starts_with(&format!("| `{fault}` |")));
    row.unwrap_or_else(|| panic!("{PATH} has no row for {fault}")).split('|').nth(5).unwrap().trim() != "1"
}

/// A temporary fault is retried, and the caller sees a success.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_fault_and_then_none_is_a_success_where_repeating_helps() {
    let table = read(PATH);
    let outcomes =
        all(|fault, attempt| play_once(fault, attempt, if is_repeated(&table, fault) { 2 } else { 1 })).await;
    for (fault, outcome, applied) in outcomes {
        match outcome {
            Ok(_) => assert!(applied >= 1, "{fault}"),
            Err(error) => {
                assert_eq!(error.attempts(), 1, "{fault}: {error}");
                // A temporary fault fails only if the server asks for a longer wait than the deadline allows.
                let may_pass = [408, 429, 500, 502, 503, 504].contains(&error.status().unwrap().as_u16());
                let asks = error.retry_after().is_some_and(|wait| wait > CALL);
                assert_eq!(may_pass, asks, "{fault}: {error}");
            }
        }
    }
}
