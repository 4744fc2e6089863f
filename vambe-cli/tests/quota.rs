//! `vambe quota` and `--quota`, against a PostgreSQL server of the test's own.

use vambe_test_postgres::Cluster;

use crate::support::{Outcome, contact, emulator, number, run, vambe, vambe_with};

#[track_caller]
fn quota(url: &str, args: &[&str]) -> Outcome {
    run(vambe(&["quota"]).args(args).env("VAMBE_QUOTA_URL", url))
}

#[test]
fn a_quota_limits_every_command_of_every_host() {
    let cluster = Cluster::shared().unwrap();
    let url = cluster.create_database("cli").unwrap();
    let emulator = emulator([contact(1)]);
    let number = number(1);
    let set = |name: &str| {
        let mut command = vambe_with(&emulator, &["ticket", "metadata", "set", "--contact-number", &number, "a=b"]);
        run(command.args(["--quota", name]).env("VAMBE_QUOTA_URL", &url))
    };
    set("q").assert(2, &["run `vambe quota set` as its owner"]);
    let created = quota(&url, &["set", "q", "2/h"]);
    created.assert(0, &[]);
    assert_eq!(created.stdout, "q: 0 of 2 slots used in 1 h, with a margin of 20 s; open\n");
    set("other").assert(2, &["no quota of this name"]);
    for _ in 0..2 {
        set("q").assert(0, &[]);
    }
    set("q").assert(3, &["no slot of the shared limit", "nothing was sent"]);
    assert_eq!(emulator.updates(), 2);
    let shown = quota(&url, &["show"]);
    assert!(shown.stdout.starts_with("q: 2 of 2 slots used in 1 h, with a margin of 20 s; full"), "{shown:?}");
    assert!(quota(&url, &["set", "q", "3/h", "--margin", "1s"]).stdout.ends_with("a margin of 1 s; open\n"));
    quota(&url, &["resume", "q"]).assert(0, &[]);
    quota(&url, &["resume", "other"]).assert(2, &["no quota of this name"]);
}

#[test]
fn an_import_takes_a_slot_for_each_row() {
    let cluster = Cluster::shared().unwrap();
    let url = cluster.create_database("import").unwrap();
    quota(&url, &["set", "q", "100/h"]).assert(0, &[]);
    let (emulator, folder) = (emulator((1..4).map(contact)), tempfile::tempdir().unwrap());
    let rows: String = (1..4).map(|n| format!("{},a\n", number(n))).collect();
    let file = folder.path().join("rows.csv");
    std::fs::write(&file, format!("contact_number,key\n{rows}")).unwrap();
    let mut import = vambe_with(&emulator, &["ticket", "metadata", "import", "--quota", "q"]);
    run(import.arg(&file).env("VAMBE_QUOTA_URL", &url)).assert(0, &[]);
    assert_eq!(emulator.updates(), 3);
    let shown = quota(&url, &["show"]);
    assert!(shown.stdout.starts_with("q: 3 of 100 slots used"), "{shown:?}");
}

#[test]
fn an_unusable_database_is_named_without_its_password() {
    for (url, words) in [
        ("", "set VAMBE_QUOTA_URL"),
        ("hunter2", "postgres://user@host/database"),
        ("postgres://user:hunter2@127.0.0.1:1/database", "cannot use the quota"),
    ] {
        let outcome = quota(url, &["show"]);
        outcome.assert(2, &[words]).assert_hides(&["hunter2"]);
    }
}
