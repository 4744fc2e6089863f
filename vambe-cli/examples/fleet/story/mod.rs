//! The story of the demo: set up, enqueue, send, kill a worker, and compare what the server has seen.

mod fleet;
mod verdict;

use std::{error::Error, io::Write, path::PathBuf, time::Duration};

use tokio::time::{Instant, sleep};
use tokio_postgres::{Client, NoTls};
use vambe_api::{Metadata, TicketRef};
use vambe_emulator::{Contact, Emulator, Seed, Ticket, Uuid};
use vambe_queue::Enqueue;
use vambe_test_postgres::Cluster;

use self::fleet::Fleet;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const BOLD: &str = "\u{1b}[1m";
const DIM: &str = "\u{1b}[2m";
const PLAIN: &str = "\u{1b}[0m";

/// The server's limit. The quota keeps to it with a margin, for requests that arrive late.
const LIMIT: &str = "20/5s";
const MARGIN: &str = "5s";

const TICKETS: u128 = 6;

/// The values of each ticket, in the order in which they are enqueued.
const VALUES: [&str; 5] = ["ordered", "paid", "packed", "sent", "delivered"];

/// The value of the transaction that is rolled back.
const ROLLED_BACK: &str = "cancelled";

/// The demo.
pub(crate) struct Story {
    /// The program `vambe`.
    pub(crate) vambe: PathBuf,
    /// Ends the leases of the killed worker at once, for a test, instead of waiting for a minute.
    pub(crate) ends_leases: bool,
}

impl Story {
    /// Runs the demo. Fails if something was lost, out of order or beyond the limit.
    pub(crate) async fn run(&self, out: &mut dyn Write) -> Result<()> {
        let cluster = Cluster::start(&[])?;
        let server = server()?;
        writeln!(out, "PostgreSQL runs on port {}, in a temporary folder.", cluster.port())?;
        writeln!(out, "The emulator takes the place of api.vambe.me, with a limit of {LIMIT}.")?;
        writeln!(out, "Watch its tickets and requests: {}/\n", server.url())?;

        writeln!(out, "{BOLD}Set up the database, and one quota for all hosts{PLAIN}")?;
        let mut fleet = Fleet::new(&self.vambe, &cluster.url(), &server);
        fleet.run(out, &["queue", "migrate"])?;
        fleet.run(out, &["quota", "set", "vambe", LIMIT, "--margin", MARGIN])?;

        writeln!(out, "\n{BOLD}Start three workers{PLAIN}")?;
        let (mut database, connection) = tokio_postgres::connect(&cluster.url(), NoTls).await?;
        tokio::spawn(connection);
        for _ in 0..3 {
            fleet.start_worker(out, &database).await?;
        }

        writeln!(out, "\n{BOLD}Enqueue updates, each in a transaction of its own{PLAIN}")?;
        let enqueued = enqueue_all(&mut database).await?;
        writeln!(out, "  {enqueued} updates of {TICKETS} tickets are committed, and one is rolled back.")?;

        writeln!(out, "\n{BOLD}Kill a worker while it sends{PLAIN}")?;
        let killed = fleet.kill_a_busy_worker(&database).await?;
        writeln!(out, "  kill -9: worker {} is gone, with updates under way.", killed.number)?;
        writeln!(out, "  The others go on. The tickets of these updates wait until its leases end, after 60 s.")?;
        wait_until_sent(out, &database, self.ends_leases.then_some(&*killed.name)).await?;
        fleet.stop()?;

        writeln!(out, "\n{BOLD}What the server has seen{PLAIN}")?;
        verdict::write(out, &server, &database).await
    }
}

/// Starts the emulator with the tickets.
fn server() -> Result<Emulator> {
    let contact = |n| Contact::new(Uuid::from_u128(n << 64)).with_ticket(Ticket::active(Uuid::from_u128(n)));
    let seed = (1..=TICKETS).fold(Seed::new("key-of-the-demo"), |seed, n| seed.with_contact(contact(n)));
    let server = Emulator::builder().state(seed).limit(LIMIT.parse()?).control().start()?;
    // Slow enough to be killed in between.
    server.inject_always("latency:300ms".parse()?);
    Ok(server)
}

/// Enqueues all values of all tickets, and another one that is rolled back. Returns the number of the committed ones.
async fn enqueue_all(database: &mut Client) -> Result<usize> {
    let mut committed = 0;
    for value in VALUES {
        for ticket in 1..=TICKETS {
            enqueue(database, ticket, value).await?.commit().await?;
            committed += 1;
        }
    }
    enqueue(database, 1, ROLLED_BACK).await?.rollback().await?;
    Ok(committed)
}

/// Does what a service does, and leaves the end of the transaction to the caller.
async fn enqueue<'a>(database: &'a mut Client, ticket: u128, value: &str) -> Result<tokio_postgres::Transaction<'a>> {
    let update = Enqueue::new(TicketRef::TicketId(Uuid::from_u128(ticket)), Metadata::from([("order_state", value)]))?;
    let update = update.reference(format!("order/{ticket}/{value}")).source("demo");
    let transaction = database.transaction().await?;
    transaction.execute(Enqueue::SQL, &[&update.json()]).await?;
    Ok(transaction)
}

/// Waits until nothing is pending, and says every few seconds how much is. Ends the leases of this worker.
async fn wait_until_sent(out: &mut dyn Write, database: &Client, worker: Option<&str>) -> Result<()> {
    let end_leases = "update vambe.lane set due_at = clock_timestamp() where worker = $1";
    let start = Instant::now();
    let mut said = start;
    loop {
        if let Some(worker) = worker {
            // Each time: the database may have still been giving it an update.
            database.execute(end_leases, &[&worker]).await?;
        }
        let row = database.query_one("select pending, in_flight from vambe.queue_status()", &[]).await?;
        let (pending, in_flight): (i64, i64) = (row.get(0), row.get(1));
        if pending == 0 {
            return Ok(());
        }
        if said.elapsed() >= Duration::from_secs(10) {
            said = Instant::now();
            let seconds = start.elapsed().as_secs();
            writeln!(
                out,
                "  {DIM}after {seconds:>2} s: {pending} updates pending, {in_flight} tickets with a lease{PLAIN}"
            )?;
        }
        sleep(Duration::from_millis(100)).await;
    }
}
