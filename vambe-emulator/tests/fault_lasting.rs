//! Faults with an effect beyond their request: late writes, outages and revoked keys.

use std::time::Duration;

use serde_json::json;
use vambe_emulator::{Emulator, Fault, Seed, placeholders};

use crate::support::{Call, connect, valid_body, wait_until};

fn statuses(emulator: &Emulator, count: usize) -> Vec<u16> {
    (0..count).map(|_| Call::update(&valid_body()).send(emulator.address()).status).collect()
}

/// Sends an update that is written late, leaves, and sends another one; returns the values that the key had.
fn overtaken_write(delay: Duration) -> Vec<String> {
    let emulator = Emulator::start().unwrap();
    emulator.inject(Fault::late_write(delay));
    let update =
        |value| Call::update(&json!({ "ticket_id": placeholders::TICKET_ID, "metadata": { "status": value } }));
    let mut stream = connect(emulator.address());
    update("first").write(&mut stream);
    wait_until(|| emulator.total_requests() == 1);
    drop(stream);
    update("second").send(emulator.address()).assert_updated();
    wait_until(|| emulator.open_connections() == 0);
    let left = emulator.updates() == 1;
    wait_until(|| emulator.updates() == 2);

    let requests = emulator.requests();
    let [first, second] = &requests[..] else { panic!("{requests:?}") };
    assert!(first.arrived() <= second.arrived());
    if left {
        assert!(first.applied() > second.applied(), "{requests:?}");
        assert_eq!(first.status(), None, "the client left before the response");
    }
    emulator.history(placeholders::TICKET_ID).unwrap()["status"].clone()
}

#[test]
fn a_late_write_comes_after_its_client_has_left() {
    // On a busy machine, the second update can come after a short delay.
    let delays = [200, 2_000, 20_000].map(Duration::from_millis);
    let is_overtaken = |delay| overtaken_write(delay) == ["open", "second", "first"];
    assert!(delays.into_iter().any(is_overtaken), "the late write never came last");
}

#[test]
fn a_late_write_meets_the_checks_of_its_time() {
    let emulator = Emulator::start().unwrap();
    emulator.inject(Fault::late_write(Duration::from_millis(1)));
    let response = Call::update_raw("{").without("x-api-key").send(emulator.address());
    response.assert_rejected(401, "Unauthorized", "late");
    assert_eq!((emulator.requests()[0].applied(), emulator.updates()), (None, 0));
}

#[test]
fn an_outage_ends_when_faults_are_cleared() {
    let emulator = Emulator::start().unwrap();
    emulator.inject_all(["none", "outage:1h", "500"].map(|fault| fault.parse().unwrap()));
    assert_eq!(statuses(&emulator, 4), [200, 503, 503, 503]);
    emulator.inject("502".parse().unwrap());
    assert_eq!(statuses(&emulator, 2), [503, 503], "the queue waits");
    let requests = emulator.requests();
    assert_eq!(requests[3].fault(), Some(&"outage:1h".parse().unwrap()));
    emulator.clear_faults();
    assert_eq!(statuses(&emulator, 1), [200]);
}

#[test]
fn an_outage_can_apply_its_updates() {
    let emulator = Emulator::start().unwrap();
    emulator.inject("outage:1h:503:after-write".parse().unwrap());
    assert_eq!((statuses(&emulator, 2), emulator.updates()), (vec![503, 503], 2));
}

#[test]
fn a_revoked_key_is_rejected_until_it_is_restored() {
    let seed = Seed::default().with_api_key("other");
    let emulator = Emulator::builder().state(seed).start().unwrap();
    let other = Call::update(&valid_body()).without("x-api-key").header("x-api-key", "other");
    for restore in [Emulator::clear_faults, Emulator::reset] {
        emulator.inject_all([Fault::none(), Fault::revoked_key()]);
        assert_eq!(statuses(&emulator, 3), [200, 401, 401]);
        other.send(emulator.address()).assert_updated();
        restore(&emulator);
        assert_eq!(statuses(&emulator, 1), [200]);
    }
    // An unknown key cannot be revoked.
    emulator.inject(Fault::revoked_key());
    let unknown = Call::update(&valid_body()).without("x-api-key").header("x-api-key", "unknown");
    unknown.send(emulator.address()).assert_rejected(401, "Unauthorized", "unknown");
    assert_eq!(statuses(&emulator, 1), [200]);
}

#[cfg(feature = "control")]
#[test]
fn the_control_api_shows_and_ends_lasting_faults() {
    use serde_json::Value;

    let emulator = Emulator::builder().control().start().unwrap();
    let faults = || -> Value {
        let response = Call::new("GET", "/__emulator/faults").send(emulator.address());
        serde_json::from_str(&response.body).unwrap()
    };
    let none = json!([null, 0]);
    let lasting = |faults: Value| json!([faults["outage"]["fault"], faults["revoked_keys"]]);
    assert_eq!(lasting(faults()), none);
    emulator.inject_all(["revoked-key", "outage:1h"].map(|fault| fault.parse().unwrap()));
    assert_eq!(statuses(&emulator, 2), [401, 503]);
    assert_eq!(lasting(faults()), json!(["outage:1h", 1]));
    let left = faults()["outage"]["seconds_left"].as_f64().unwrap();
    assert!(left > 0.0 && left <= 3600.0, "{left}");
    Call::new("DELETE", "/__emulator/faults").send(emulator.address());
    assert_eq!(lasting(faults()), none);
    assert_eq!(statuses(&emulator, 1), [200]);
}
