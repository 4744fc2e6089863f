//! The rate limit over real sockets, judged by the log's times of arrival.

use std::{
    io::Read as _,
    thread,
    time::{Duration, SystemTime},
};

use vambe_emulator::{Emulator, Fault, Limit, ReceivedRequest};

use crate::support::{Call, Response, connect, valid_body};

fn start(limit: &str) -> Emulator {
    Emulator::builder().limit(limit.parse().unwrap()).start().unwrap()
}

fn update(emulator: &Emulator) -> Response {
    Call::update(&valid_body()).send(emulator.address())
}

#[test]
fn a_request_over_the_limit_is_refused() {
    let emulator = start("2/h");
    for _ in 0..2 {
        update(&emulator).assert_updated();
    }
    let refused = update(&emulator);
    refused.assert_rejected(429, "Too Many Requests", "the third");
    let (_, retry_after) = refused.head.split_once("\r\nretry-after: ").unwrap();
    let seconds: u64 = retry_after.lines().next().unwrap().parse().unwrap();
    assert!((3000..=3600).contains(&seconds), "{seconds}");

    let requests = emulator.requests();
    let log: Vec<_> = requests.iter().map(|r| (r.status().unwrap().as_u16(), r.applied().is_some())).collect();
    assert_eq!(log, [(200, true), (200, true), (429, false)]);
    assert_eq!(requests[2].fault(), None);
    assert_eq!(requests[2].json().unwrap(), valid_body());
    assert_eq!((emulator.peak_requests(), emulator.refused_requests(), emulator.updates()), (Some(3), 1, 2));
}

#[test]
fn every_update_takes_a_slot_and_nothing_else_does() {
    let emulator = start("4/h");
    emulator.inject_all([Fault::none(), Fault::reset_before_reading(), "503".parse().unwrap(), Fault::none()]);
    assert_eq!(Call::new("GET", "/x").send(emulator.address()).status, 404);
    assert_eq!(Call::update(&valid_body()).without("x-api-key").send(emulator.address()).status, 401);
    let mut stream = connect(emulator.address());
    Call::update(&valid_body()).write(&mut stream);
    assert!(stream.read(&mut [0]).is_err(), "a reset");
    assert_eq!([update(&emulator).status, update(&emulator).status], [503, 200]);
    // Before all checks.
    assert_eq!(Call::update_raw("{").without("x-api-key").send(emulator.address()).status, 429);
    assert_eq!(Call::new("GET", "/x").send(emulator.address()).status, 404);
    assert_eq!((emulator.peak_requests(), emulator.refused_requests()), (Some(5), 1));
}

#[test]
fn neither_a_reset_nor_a_cleared_log_frees_a_slot() {
    let emulator = start("1/h");
    update(&emulator).assert_updated();
    emulator.reset();
    emulator.clear_requests();
    assert_eq!((emulator.peak_requests(), emulator.refused_requests()), (Some(0), 0));
    assert_eq!(update(&emulator).status, 429);
    assert_eq!((emulator.peak_requests(), emulator.refused_requests()), (Some(1), 1));
}

#[test]
fn without_a_limit_there_is_no_peak() {
    let emulator = Emulator::start().unwrap();
    update(&emulator).assert_updated();
    assert_eq!((emulator.peak_requests(), emulator.refused_requests()), (None, 0));
}

/// Returns the most times within any window of the period.
fn most(times: &[SystemTime], period: Duration) -> usize {
    let since = |first: &SystemTime, time: &SystemTime| time.duration_since(*first).ok();
    let within = |first, time| since(first, time).is_some_and(|elapsed| elapsed < period);
    times.iter().map(|first| times.iter().filter(|time| within(first, time)).count()).max().unwrap_or_default()
}

/// Invariant: no window has more accepted requests than the limit, none is refused early, and the peak is exact.
#[test]
fn many_clients_together_keep_to_the_limit() {
    const CLIENTS: usize = 8;
    const UPDATES: usize = 40;

    for limit in ["50/h", "100/20ms"] {
        let emulator = start(limit);
        thread::scope(|scope| {
            for _ in 0..CLIENTS {
                scope.spawn(|| (0..UPDATES).for_each(|_| drop(update(&emulator))));
            }
        });
        let limit: Limit = limit.parse().unwrap();
        let (most_allowed, period) = (limit.requests().get() as usize, limit.period());
        let requests = emulator.requests();
        let arrived: Vec<_> = requests.iter().map(ReceivedRequest::arrived).collect();
        let mut accepted = Vec::new();
        for request in &requests {
            let holds_a_slot = |time: &&SystemTime| request.arrived().duration_since(**time).unwrap() < period;
            let taken = accepted.iter().filter(holds_a_slot).count();
            let status = request.status().unwrap().as_u16();
            assert_eq!(status, if taken < most_allowed { 200 } else { 429 }, "{limit}: {taken} slots are taken");
            if status == 200 {
                accepted.push(request.arrived());
            }
        }
        assert!(most(&accepted, period) <= most_allowed, "{limit}");
        assert_eq!(emulator.peak_requests(), Some(most(&arrived, period) as u64), "{limit}");
        assert_eq!(emulator.refused_requests(), (CLIENTS * UPDATES - accepted.len()) as u64, "{limit}");
        assert_eq!(emulator.updates(), accepted.len() as u64, "{limit}");
    }
}

#[cfg(feature = "control")]
#[test]
fn the_control_api_shows_the_limit_and_frees_it() {
    use serde_json::{Value, json};

    let emulator = Emulator::builder().control().limit("1/h".parse().unwrap()).start().unwrap();
    let get = |path: &str| -> Value {
        let response = Call::new("GET", &format!("/__emulator/{path}")).send(emulator.address());
        serde_json::from_str(&response.body).unwrap()
    };
    emulator.inject_all([Fault::none(), Fault::reset_after_write()]);
    assert_eq!([update(&emulator).status, update(&emulator).status], [200, 429]);
    let limit = get("state")["limit"].clone();
    let per_second = 1.0 / 3600.0;
    assert_eq!(limit, json!({ "limit": "1/h", "per_second": per_second, "used": 1, "peak": 2, "refused": 1 }));
    assert_eq!(get("faults")["next"], json!(["reset-after-write"]), "a refused request consumes no fault");

    Call::new("POST", "/__emulator/reset").send(emulator.address());
    let limit = get("state")["limit"].clone();
    assert_eq!(limit, json!({ "limit": "1/h", "per_second": per_second, "used": 0, "peak": 0, "refused": 0 }));
    update(&emulator).assert_updated();
}
