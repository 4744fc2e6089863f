//! `vambe queue`, against a PostgreSQL server of the test's own.

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    process::{Child, Stdio},
    sync::Arc,
    thread,
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use vambe_emulator::Emulator;
use vambe_test_postgres::Cluster;

use crate::support::{Outcome, binary, contact, emulator, number, run, ticket_id, vambe};

/// A database with a queue.
pub(crate) struct Queue {
    cluster: Arc<Cluster>,
    pub(crate) url: String,
}

impl Queue {
    pub(crate) fn new(name: &str) -> Self {
        let cluster = Cluster::shared().unwrap();
        let url = cluster.create_database(name).unwrap();
        Self { cluster, url }
    }

    #[track_caller]
    pub(crate) fn run(&self, args: &[&str]) -> Outcome {
        run(vambe(&["queue"]).args(args).env("VAMBE_QUEUE_URL", &self.url))
    }

    /// Runs the command, asserts that it succeeds, and returns what it printed.
    #[track_caller]
    pub(crate) fn prints(&self, args: &[&str]) -> String {
        let outcome = self.run(args);
        outcome.assert(0, &[]);
        outcome.stdout
    }

    /// Enqueues as a service does, in SQL.
    fn enqueue(&self, update: &str) {
        let mut psql = self.cluster.command("psql");
        psql.args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname", &self.url, "--command"]);
        let output = psql.arg(format!("select vambe.enqueue('{update}')")).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    }

    pub(crate) fn worker(&self, emulator: &Emulator, args: &[&str]) -> Child {
        let mut command = binary();
        command.args(["queue", "worker", "--quota", "q"]).args(args).env("VAMBE_QUEUE_URL", &self.url);
        command.env("VAMBE_API_KEY", emulator.api_key()).env("VAMBE_BASE_URL", emulator.url());
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    pub(crate) fn until(&self, state: &str) {
        while !self.prints(&["status", "--format", "json"]).contains(state) {
            thread::sleep(Duration::from_millis(20));
        }
    }
}

pub(crate) fn stop(worker: Child) -> String {
    stop_with_log(worker).0
}

/// Stops a worker, and returns its standard output and error.
fn stop_with_log(worker: Child) -> (String, String) {
    kill_process(Pid::from_child(&worker), Signal::TERM).unwrap();
    let output = worker.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_worker_sends_what_services_enqueue() {
    let queue = Queue::new("queue");
    queue.run(&["status"]).assert(2, &["run `vambe queue migrate` as its owner"]);
    queue.run(&["migrate", "--check"]).assert(2, &["run `vambe queue migrate` as its owner"]);
    assert_eq!(queue.prints(&["migrate"]), "the schema vambe is up to date\n");
    assert_eq!(queue.prints(&["migrate", "--check"]), "the schema vambe is up to date\n");
    run(&mut vambe(&["quota", "set", "q", "1000/h", "--database", &queue.url])).assert(0, &[]);

    let emulator = emulator([contact(1)]);
    let known = number(1);
    queue.enqueue(&format!(
        r#"{{"contact_number":"{known}","metadata":{{"a":"planted"}},"source":"orders","reference":"order/1","traceparent":"00-trace"}}"#
    ));
    queue.enqueue(r#"{"contact_number":"+56999999999","metadata":{"a":"planted"},"source":"orders"}"#);
    let listed = queue.run(&["list"]);
    listed.assert(0, &[]).assert_hides(&["planted", "5699", &known]);
    let words: Vec<Vec<_>> = listed.stdout.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(words[0].join(" "), "SEQ STATE AGE TICKET BY KEYS REFERENCE SOURCE LAST FAILURE");
    let first = words[1].join(" ");
    assert!(first.starts_with("1 pending ") && first.ends_with(" s contact_number a order/1 orders"), "{first}");

    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    let worker = queue.worker(&emulator, &["--verbose", "--metrics", &port.to_string()]);
    queue.until(r#""pending":0"#);
    let metrics = metrics(port);
    for line in [r#"vambe_queue_dead{kind="not_found"} 1"#, r#"vambe_quota_used{quota="q"} 2"#, "vambe_queue_workers 1"]
    {
        assert!(metrics.contains(line), "{line} is not in {metrics}");
    }
    let (end, log) = stop_with_log(worker);
    assert_eq!(end, "applied 1 request; 1 rejected, 0 to retry, 0 not sent\n");
    let line = log.lines().find(|line| line.contains("order/1")).unwrap();
    for words in ["INFO", "vambe.queue.update", r#"traceparent="00-trace""#, r#"outcome="applied""#] {
        assert!(line.contains(words), "{words} is not in {line}");
    }
    assert!(!log.contains("planted") && !log.contains("5699") && !log.contains(&known), "{log}");
    assert_eq!(emulator.ticket(ticket_id(1)).unwrap().metadata()["a"], "planted");

    let status = queue.prints(&["status"]);
    for line in ["0 updates pending\n", "1 dead letter: 0 rejected, 1 not found", "source orders: 0 pending, 1 dead"] {
        assert!(status.contains(line), "{line} is not in {status}");
    }
    let shown = queue.run(&["show", "--reference", "order/1"]);
    shown.assert(0, &[]).assert_hides(&["planted", &known]);
    let words: Vec<_> = shown.stdout.lines().last().unwrap().split_whitespace().collect();
    assert_eq!(
        (&words[..2], &words[4..]),
        (&["1", "applied"][..], &["-", "a", "order/1", "orders", "1", "attempt"][..])
    );
    let shown = queue.prints(&["show", "--seq", "2", "--format", "json"]);
    assert!(shown.contains(r#""state":"not_found""#), "{shown}");
    queue.run(&["show", "--seq", "3"]).assert(2, &["the queue has no such update"]);
    let dead = queue.run(&["list", "--state", "dead", "--format", "json"]);
    dead.assert_hides(&["planted", "5699"]);
    // The order of the members depends on the features of serde_json in the build.
    for member in [r#""state":"not_found""#, r#""status":404"#] {
        assert!(dead.stdout.contains(member), "{member} is not in {dead:?}");
    }
    assert_eq!(queue.prints(&["dead", "retry", "--kind", "not_found"]), "2: queued\n");
    assert_eq!(queue.prints(&["dead", "drop", "--all"]), "dropped 0 dead letters\n");
}

#[test]
fn a_worker_takes_its_slots_from_another_database() {
    let (queue, quota) = (Queue::new("only_queue"), Queue::new("only_quota"));
    queue.prints(&["migrate"]);
    run(&mut vambe(&["quota", "set", "q", "1000/h", "--database", &quota.url])).assert(0, &[]);
    let emulator = emulator([contact(1)]);
    queue.enqueue(&format!(r#"{{"contact_number":"{}","metadata":{{"a":"1"}}}}"#, number(1)));
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    let worker = queue.worker(&emulator, &["--quota-database", &quota.url, "--metrics", &port.to_string()]);
    queue.until(r#""pending":0"#);
    assert!(metrics(port).contains(r#"vambe_quota_used{quota="q"} 1"#));
    assert_eq!(stop(worker), "applied 1 request; 0 rejected, 0 to retry, 0 not sent\n");
}

/// Reads the page once. The worker may listen only now.
fn metrics(address: std::net::SocketAddr) -> String {
    let mut stream = loop {
        match TcpStream::connect(address) {
            Ok(stream) => break stream,
            Err(_) => thread::sleep(Duration::from_millis(20)),
        }
    };
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).unwrap();
    assert!(page.starts_with("HTTP/1.1 200 OK"), "{page}");
    page
}

#[test]
fn a_person_holds_pauses_and_drops() {
    let queue = Queue::new("hold");
    queue.prints(&["migrate"]);
    let ticket = ["--contact-number", "+56912345678"];
    let hold = |reason: &[&str]| queue.prints(&[&["hold"], &ticket[..], reason].concat());
    assert_eq!(hold(&["--reason", "asked by support"]), "the ticket is on hold\n");
    queue.enqueue(r#"{"contact_number":"+56912345678","metadata":{"a":"1"},"expires_in":0}"#);
    assert!(queue.prints(&["list", "--state", "held"]).contains("1    held "));
    assert_eq!(queue.prints(&[&["release"], &ticket[..]].concat()), "the ticket is released\n");
    assert_eq!(queue.prints(&[&["release"], &ticket[..]].concat()), "the ticket was not on hold\n");

    assert_eq!(queue.prints(&["pause", "--reason", "down\u{1b}[31m"]), "the queue is paused\n");
    let paused = r"paused: down\u{1b}[31m; end it with `vambe queue resume`";
    assert!(queue.prints(&["status"]).contains(paused), "a terminal would obey the text");
    assert_eq!(queue.prints(&["resume"]), "the queue is not paused\n");
    queue.run(&["dead", "drop"]).assert(2, &["--all"]);
    queue.run(&["hold", "--ticket-id", "1", "--reason", "x"]).assert(2, &["the ticket id is not a UUID"]);
}

#[test]
fn a_worker_needs_a_key_a_queue_and_a_quota() {
    let queue = Queue::new("needs");
    let worker = || {
        let mut command = vambe(&["queue", "worker", "--quota", "q"]);
        command.env("VAMBE_QUEUE_URL", &queue.url).env("VAMBE_BASE_URL", "http://127.0.0.1:1");
        command
    };
    run(&mut worker()).assert(2, &["no API key"]);
    run(worker().env("VAMBE_API_KEY", "key")).assert(2, &["run `vambe queue migrate` as its owner"]);
    queue.prints(&["migrate"]);
    run(worker().env("VAMBE_API_KEY", "key")).assert(2, &["create it there with `vambe quota set`"]);
    run(vambe(&["queue", "status"]).env("VAMBE_QUEUE_URL", "")).assert(2, &["set VAMBE_QUEUE_URL"]);
    let outcome = run(vambe(&["queue", "status"]).env("VAMBE_QUEUE_URL", "hunter2"));
    outcome.assert(2, &["postgres://user@host/database"]).assert_hides(&["hunter2"]);
    let sql = run(&mut vambe(&["queue", "migrate", "--sql"]));
    sql.assert(0, &[]);
    assert!(sql.stdout.contains("create function vambe.enqueue"), "the SQL needs no database");
}
