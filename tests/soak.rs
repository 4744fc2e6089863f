//! Under load and faults, every call ends in time, no success is lost, and no resource is leaked.
//!
//! The test runs in its own process, so that it counts no sockets and memory of other tests.

use std::{
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use vambe_api::{Client, Delivery, Metadata, TicketRef, Uuid};
use vambe_emulator::{Contact, Emulator, FaultMix, Seed, Ticket};

const TASKS: usize = 64;
const UPDATES: usize = 20_000;
const TICKETS: usize = 500;
/// Far more than a busy machine needs: it keeps a failing test from hanging.
const BOUND: Duration = Duration::from_mins(30);
/// Long enough that attempts fail because of their faults, and hardly ever because of a busy machine.
const ATTEMPT: Duration = Duration::from_secs(5);
const CALL: Duration = Duration::from_secs(20);
/// Files that the runtime or the test harness may open in the meantime.
const SPARE: usize = 8;
/// Allowed for a late scheduler, not for the client.
const GRACE: Duration = Duration::from_mins(1);

const MIX: &str = "none=600,latency:2ms=40,reset-before-reading=20,reset-before-write=20,reset-after-write=20,\
    close-after-write=20,body-cut:200=20,body-cut:503=10,html-200=10,empty-200=10,status:201=10,status:204=10,\
    status:400=10,status:404=10,status:429=20,status:500:after-write=20,status:502=20,\
    status:503=40,status:503:after-write=20,body-endless:500=2,content-length-too-long:200=2,latency:3600s=2,\
    redirect:307:http://other.invalid/x=5";

/// Invariant: under load and faults, no update is lost and no resource is leaked.
#[test]
fn twenty_thousand_updates_under_faults_lose_nothing() {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "soak::child", "--nocapture"])
        .env("VAMBE_TESTS_SOAK", "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("soaked"), "{said}");
}

#[test]
fn child() {
    if std::env::var_os("VAMBE_TESTS_SOAK").is_none() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let bounded = async { tokio::time::timeout(BOUND, soak()).await };
    runtime.block_on(bounded).expect("the soak must end within its bound");
}

/// The outcome of one update.
struct Outcome {
    number: usize,
    delivery: Option<Delivery>,
    took: Duration,
}

fn ticket(number: usize) -> Uuid {
    Uuid::from_u128(0x1000 + (number % TICKETS) as u128)
}

async fn soak() {
    let contacts =
        (0..TICKETS).map(|n| Contact::new(Uuid::from_u128(n as u128)).with_ticket(Ticket::active(ticket(n))));
    let seed = contacts.fold(Seed::new("key"), Seed::with_contact);
    let mix: FaultMix = MIX.parse::<FaultMix>().unwrap().with_seed(42);
    let vambe = Emulator::builder().state(seed).keep_requests(0).fault_mix(mix).start().unwrap();
    let client = Client::builder()
        .api_key("key")
        .base_url(vambe.url())
        .timeout(CALL)
        .attempt_timeout(ATTEMPT)
        .backoff(Duration::from_millis(1), Duration::from_millis(10))
        .build()
        .unwrap();

    let files = open_files();
    // The allocator and the pools reach their size after a part of the run.
    let mut all = run(&client, 0..UPDATES / 4).await;
    let memory = resident_kib();
    all.extend(run(&client, UPDATES / 4..UPDATES).await);
    let memory_after = resident_kib();

    assert_eq!(all.len(), UPDATES);
    let mut counts = [0_usize; 4];
    for Outcome { number, delivery, took } in &all {
        assert!(*took < CALL + GRACE, "update {number} took {took:?}");
        let applied = vambe.ticket(ticket(*number)).unwrap().metadata().contains_key(&number.to_string());
        match delivery {
            None => assert!(applied, "update {number} succeeded and is not there"),
            Some(Delivery::Unknown) => {}
            Some(delivery) => assert!(!applied, "update {number} is {delivery:?} and there"),
        }
        counts[delivery.map_or(0, |delivery| 1 + delivery as usize)] += 1;
    }
    let [succeeded, not_sent, rejected, unknown] = counts;
    assert!(
        succeeded > UPDATES * 8 / 10 && rejected > 0 && unknown > 0,
        "the mix must have had its effect: {counts:?}"
    );

    assert!(memory_after < memory + 16 * 1024, "from {memory} to {memory_after} KiB");
    // At most two connections per task, with both ends in this process: one in use, and one that the HTTP library opens while the
    // last one is not back in its pool. The emulator may see the end of one late.
    wait_until("no connection is left over", || open_files() <= files + 4 * TASKS + SPARE).await;
    drop(client);
    wait_until("all connections end with the client", || vambe.open_connections() == 0).await;
    wait_until("all files are closed in the end", || open_files() <= files + SPARE).await;
    println!("soaked: {succeeded} succeeded, {not_sent} not sent, {rejected} rejected, {unknown} unknown");
}

/// Waits for another thread, for less time than the HTTP library keeps an idle connection.
async fn wait_until(fact: &str, is_so: impl Fn() -> bool) {
    let so = async {
        while !is_so() {
            tokio::task::yield_now().await;
        }
    };
    let in_time = tokio::time::timeout(Duration::from_mins(1), so).await;
    assert!(in_time.is_ok(), "not so: {fact}; {} files are open", open_files());
}

async fn run(client: &Client, numbers: std::ops::Range<usize>) -> Vec<Outcome> {
    let numbers = Arc::new(std::sync::Mutex::new(numbers));
    let tasks: Vec<_> = (0..TASKS)
        .map(|_| {
            let (client, numbers) = (client.clone(), Arc::clone(&numbers));
            tokio::spawn(async move {
                let mut outcomes = Vec::new();
                loop {
                    let Some(number) = numbers.lock().unwrap().next() else { return outcomes };
                    let start = Instant::now();
                    let metadata = Metadata::from([(number.to_string(), "set")]);
                    let result = client.update_ticket_metadata(TicketRef::TicketId(ticket(number)), metadata).await;
                    let delivery = result.err().map(|error| error.delivery());
                    outcomes.push(Outcome { number, delivery, took: start.elapsed() });
                }
            })
        })
        .collect();
    let mut outcomes = Vec::new();
    for task in tasks {
        outcomes.extend(task.await.unwrap());
    }
    outcomes
}

/// Returns the memory of this process, or 0 on systems that do not report it.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

/// Returns the number of open files of this process, or 0 on systems that do not report it.
fn open_files() -> usize {
    std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}
