//! The server starts, keeps its data over a crash, and is gone after the test.

// Makes clippy treat the helpers as test code.
#![cfg(test)]

use std::process::Stdio;

use vambe_test_postgres::{Cluster, Error, Shutdown};

/// Runs one statement with `psql`, and returns what it printed.
fn psql(cluster: &Cluster, url: &str, statement: &str) -> String {
    let mut psql = cluster.command("psql");
    let output = psql.args(["--no-psqlrc", "--tuples-only", "--no-align", "--command", statement, url]);
    let output = output.stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success(), "{statement}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn keeps_what_was_committed_over_an_immediate_stop() {
    let cluster = Cluster::start(&[("max_connections", "30")]).unwrap();
    let url = cluster.create_database("kept").unwrap();
    assert_eq!(psql(&cluster, &url, "show max_connections"), "30");
    assert_eq!(psql(&cluster, &url, "show fsync"), "on");
    psql(&cluster, &url, "create table kept as select 7 as seven");

    cluster.stop(Shutdown::Immediate).unwrap();
    cluster.resume().unwrap();

    assert_eq!(psql(&cluster, &url, "select seven from kept"), "7");
    assert!(cluster.log().unwrap().contains("not properly shut down"), "the stop was like a crash");
}

#[test]
fn databases_of_one_server_are_apart() {
    let cluster = Cluster::shared().unwrap();
    let (one, other) = (cluster.create_database("one").unwrap(), cluster.create_database("other").unwrap());
    psql(&cluster, &one, "create table here ()");
    assert_eq!(psql(&cluster, &other, "select to_regclass('here') is null"), "t");
    let taken = cluster.create_database("one").unwrap_err();
    assert!(matches!(&taken, Error::Program { program: "createdb", .. }), "{taken}");
}

#[test]
fn says_why_a_server_does_not_start() {
    let error = Cluster::start(&[("no_such_setting", "on")]).unwrap_err();
    assert!(error.to_string().contains("no_such_setting"), "{error}");
}
