//! The runs of a journal: whose account it is, when requests were sent, and which may have no record.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;

use super::*;

/// A record of a request that was sent so many seconds ago.
fn sent(row: u64, attempts: u32, seconds: i64) -> Record {
    let last_request_ms = Some(Timestamp::now().as_millisecond() - 1_000 * seconds);
    Record { attempts, last_request_ms, ..applied(row) }
}

/// Opens the journal for a run with this key, which writes these records, and is killed unless it `ends`.
#[track_caller]
fn run(place: &Place, key: &ApiKey, is_same: bool, records: &[Record], ends: bool) -> Result<(), JournalError> {
    let (mut journal, resumed) = open_for(&place.path, &header(), &new_run(key, is_same, None))?;
    journal.begin_run(&resumed.run)?;
    journal.append(records)?;
    if ends { journal.end_run() } else { Ok(()) }
}

#[test]
fn another_key_is_refused_without_same_account() {
    let place = Place::new();
    let (a, b, c) = (key("a"), key("b"), key("c"));
    run(&place, &a, false, &[applied(1)], true).unwrap();
    let before = place.bytes();
    assert!(matches!(run(&place, &b, false, &[], true), Err(JournalError::OtherAccount)));
    assert_eq!(place.bytes(), before);
    run(&place, &a, false, &[], true).unwrap();

    // It is written down, also if nothing was left to send.
    run(&place, &b, true, &[], true).unwrap();
    run(&place, &b, false, &[], true).unwrap();
    run(&place, &a, false, &[], true).unwrap();
    assert!(matches!(run(&place, &c, false, &[], true), Err(JournalError::OtherAccount)));
}

#[test]
fn a_key_without_an_answer_of_the_server_does_not_count() {
    let place = Place::new();
    let (wrong, right) = (key("wrong"), key("right"));
    // The rows were not sent, as far as anybody knows, and one is no update.
    let faulty = Record { attempts: 0, ..rejected(3, 400, "no number", "x") };
    run(&place, &wrong, false, &[not_sent(1), unknown(2), faulty], true).unwrap();
    run(&place, &right, false, &[applied(1)], true).unwrap();
    assert!(matches!(run(&place, &wrong, false, &[], true), Err(JournalError::OtherAccount)));
}

#[test]
fn a_journal_of_version_0_1_0_asks_for_the_account_once() {
    let lines = [
        format!(
            r#"{{"vambe_journal":1,"input_sha256":"{}","input_bytes":4096,"input_rows":100,"format":"csv","base_url":"https://api.vambe.me","started":"2026-11-22T10:00:00Z"}}"#,
            "ab".repeat(32)
        ),
        r#"{"row":1,"outcome":"applied","attempts":1}"#.to_owned(),
    ];
    let lines = lines.map(|json| format!("{:08x} {json}\n", crc32fast::hash(json.as_bytes())));
    let place = Place::new();
    let a = key("a");
    // Of which nothing is final, it can have any account.
    place.write(&lines[0]);
    run(&place, &a, false, &[], true).unwrap();

    place.write(lines.concat());
    let error = run(&place, &a, false, &[], true).unwrap_err();
    assert!(matches!(error, JournalError::NoAccount) && error.to_string().contains("--same-account"), "{error}");
    assert_eq!(place.bytes(), lines.concat().into_bytes());
    run(&place, &a, true, &[], true).unwrap();
    run(&place, &a, false, &[], true).unwrap();
    assert!(matches!(run(&place, &key("b"), false, &[], true), Err(JournalError::OtherAccount)));
}

#[test]
fn a_fingerprint_differs_from_journal_to_journal_and_has_no_key() {
    let secret = key("hunter2");
    let fingerprint = |header: &Header| Account { key: &secret, is_same: false }.fingerprint(header);
    let first = fingerprint(&header());
    assert_eq!((first.len(), &first), (32, &fingerprint(&header())));
    assert_ne!(first, fingerprint(&Header { started: "2026-11-22T10:00:00.000000001Z".parse().unwrap(), ..header() }));
    assert_ne!(first, fingerprint(&Header { input_sha256: "cd".repeat(32), ..header() }));
    let place = Place::new();
    run(&place, &secret, false, &[applied(1)], true).unwrap();
    assert!(!String::from_utf8(place.bytes()).unwrap().contains("hunter2"));
}

/// When requests were sent that count for a run with this limit, in seconds before now.
fn sent_before(place: &Place, rate: &str) -> Vec<u64> {
    let key = key("a");
    let (_journal, resumed) =
        open_for(&place.path, &header(), &new_run(&key, false, Some(rate.parse().unwrap()))).unwrap();
    let now = SystemTime::now() + Duration::from_millis(500);
    let mut seconds: Vec<_> = resumed.sent.iter().map(|time| now.duration_since(*time).unwrap().as_secs()).collect();
    seconds.sort_unstable();
    // The test itself may take a while.
    seconds.into_iter().map(|seconds| seconds / 100 * 100).collect()
}

#[test]
fn the_requests_of_the_last_period_count_in_the_next_run() {
    let place = Place::new();
    let a = key("a");
    let not_final = Record { last_request_ms: sent(1, 1, 150).last_request_ms, ..unknown(4) };
    let records = [sent(1, 1, 5_000), sent(2, 1, 1_150), sent(3, 2, 250), not_final, applied(5), sent(6, 1, 350)];
    run(&place, &a, false, &records, true).unwrap();
    // Three for the row that is unknown. The one of 5,000 seconds ago is too old, and one has no time.
    assert_eq!(sent_before(&place, "100/h"), [100, 100, 100, 200, 200, 300, 1_100]);
    // No more than the limit counts.
    assert_eq!(sent_before(&place, "4/h"), [100, 100, 100, 200]);
    assert_eq!(sent_before(&place, "100/200s"), [100, 100, 100, 200, 200]);
    let (_journal, resumed) = place.open().unwrap();
    assert!(resumed.sent.is_empty(), "without a limit, nothing is kept");
}

#[test]
fn requests_of_a_killed_run_without_a_record_count_too() {
    let place = Place::new();
    let a = key("a");
    run(&place, &a, false, &[sent(1, 1, 150)], false).unwrap();
    // Ten of that run, which are taken to be sent just now.
    let killed = [vec![0; 10], vec![100]].concat();
    assert_eq!(sent_before(&place, "100/h"), killed);
    assert_eq!(sent_before(&place, "100/h"), killed, "looking at it changes nothing");
    assert_eq!(sent_before(&place, "5/h"), [0; 5]);
    // The next run begins now, and is not killed: the ten are still counted from its beginning.
    run(&place, &a, false, &[], true).unwrap();
    assert_eq!(sent_before(&place, "100/h"), killed);
    run(&place, &a, false, &[], false).unwrap();
    assert_eq!(sent_before(&place, "100/h"), [vec![0; 20], vec![100]].concat());
}

#[test]
fn the_requests_of_a_lost_record_count_as_often_as_there_can_be() {
    let place = Place::new();
    run(&place, &key("a"), false, &[applied(1), applied(2)], true).unwrap();
    let text = String::from_utf8(place.bytes()).unwrap();
    place.write(text.replace(r#""row":1,"#, r#""row":3,"#));
    assert_eq!(sent_before(&place, "100/h"), [0; 3]);
}
