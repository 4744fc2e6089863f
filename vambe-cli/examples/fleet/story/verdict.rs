//! The end of the demo: what was promised, and what the server has seen.

use std::io::Write;

use tokio_postgres::Client;
use vambe_emulator::{Emulator, Uuid};

use super::{BOLD, LIMIT, PLAIN, ROLLED_BACK, Result, TICKETS, VALUES};

/// Writes a line for each promise. Fails if one is broken.
pub(super) async fn write(out: &mut dyn Write, server: &Emulator, database: &Client) -> Result<()> {
    let histories: Vec<Vec<String>> = (1..=TICKETS)
        .map(|n| server.history(Uuid::from_u128(n)).and_then(|mut keys| keys.remove("order_state")).unwrap_or_default())
        .collect();
    let values = || histories.iter().flatten();
    let committed = VALUES.len() * histories.len();
    let applied = VALUES.iter().map(|value| values().filter(|seen| seen == value).count()).sum::<usize>();
    let in_order = histories.iter().filter(|history| history.iter().eq(VALUES.iter())).count();
    let rolled_back = values().filter(|value| *value == ROLLED_BACK).count();
    let dead: i64 = database.query_one("select count(*) from vambe.dead", &[]).await?.get(0);
    let (peak, refused) = (server.peak_requests().unwrap_or_default(), server.refused_requests());
    let limit = u64::from(LIMIT.parse::<vambe_emulator::Limit>()?.requests().get());

    let promises = [
        (format!("{applied} of {committed} committed updates are applied"), applied == committed && dead == 0),
        (format!("{in_order} of {TICKETS} tickets had their values in order"), in_order == histories.len()),
        (format!("{rolled_back} rolled-back updates were sent"), rolled_back == 0),
        (format!("{peak} requests at most in any 5 s, of {limit} allowed"), peak <= limit && refused == 0),
    ];
    for (promise, is_kept) in &promises {
        writeln!(out, "  {:<6} {promise}", if *is_kept { "ok" } else { "BROKEN" })?;
    }
    // More if the killed worker had sent requests that it could not record.
    writeln!(out, "  {:<6} {} requests for {committed} updates", "", server.total_requests())?;
    if promises.iter().any(|(_, is_kept)| !is_kept) {
        return Err("a promise is broken: see above".into());
    }
    writeln!(out, "\n{BOLD}Nothing is lost, each ticket is in order, and the limit is kept.{PLAIN}")?;
    writeln!(out, "docs/fleet.md is the guide, and examples/outbox-service a service that enqueues.")?;
    Ok(())
}
