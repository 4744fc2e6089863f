//! The order of faults: queue, rotation and mix.

use std::{io::Read as _, thread};

use vambe_emulator::{Emulator, Fault, FaultMix, StatusCode};

use crate::support::{Call, connect, valid_body, wait_until};

fn status(status: u16) -> Fault {
    Fault::status(StatusCode::from_u16(status).unwrap())
}

fn statuses(emulator: &Emulator, count: usize) -> Vec<u16> {
    (0..count).map(|_| Call::update(&valid_body()).send(emulator.address()).status).collect()
}

fn mix() -> FaultMix {
    FaultMix::seeded(42).with(status(503), 1).with(status(500), 2).with(Fault::none(), 3)
}

/// Returns the statuses of the first draws of the mix.
fn drawn(mix: &FaultMix, count: usize) -> Vec<u16> {
    let status = |fault: Fault| match fault.to_string().strip_prefix("status:") {
        Some(status) => status.parse().unwrap(),
        None => 200,
    };
    mix.draws().take(count).map(status).collect()
}

#[test]
fn injected_faults_come_in_order() {
    let emulator = Emulator::start().unwrap();
    emulator.inject(status(500));
    emulator.inject_all([Fault::none(), status(502)]);
    emulator.inject(status(503));
    assert_eq!(statuses(&emulator, 6), [500, 200, 502, 503, 200, 200]);
}

#[test]
fn the_default_fault_comes_after_the_injected_ones() {
    let emulator = Emulator::start().unwrap();
    emulator.inject_always(status(503));
    assert_eq!(statuses(&emulator, 2), [503, 503]);
    emulator.inject_all([status(500), Fault::none()]);
    assert_eq!(statuses(&emulator, 4), [500, 200, 503, 503]);
}

#[test]
fn a_rotation_repeats() {
    let emulator = Emulator::builder().fault_rotation([status(500), Fault::none()]).start().unwrap();
    assert_eq!(statuses(&emulator, 5), [500, 200, 500, 200, 500]);
    emulator.inject_rotation([]);
    assert_eq!(statuses(&emulator, 2), [200, 200]);
}

#[test]
fn the_last_default_fault_wins() {
    let emulator = Emulator::start().unwrap();
    emulator.fault_mix(mix());
    emulator.inject_always(status(408));
    assert_eq!(statuses(&emulator, 2), [408, 408]);
    emulator.fault_mix(mix());
    assert_eq!(statuses(&emulator, 4), drawn(&mix(), 4));
}

#[test]
fn cleared_faults_do_not_come() {
    let emulator = Emulator::start().unwrap();
    emulator.inject_always(status(503));
    emulator.inject(status(500));
    emulator.clear_faults();
    assert_eq!(statuses(&emulator, 2), [200, 200]);
}

#[test]
fn a_reset_of_the_state_keeps_the_faults() {
    let emulator = Emulator::start().unwrap();
    assert_eq!(statuses(&emulator, 1), [200]);
    emulator.inject(status(500));
    emulator.reset();
    assert_eq!(emulator.updates(), 0);
    assert_eq!(statuses(&emulator, 2), [500, 200]);
}

#[test]
fn the_same_seed_draws_the_same_faults() {
    let expected = drawn(&mix(), 60);
    for _ in 0..2 {
        let emulator = Emulator::builder().fault_mix(mix()).start().unwrap();
        assert_eq!(statuses(&emulator, 60), expected);
    }
    assert_ne!(drawn(&mix().with_seed(43), 60), expected);
    for status in [200, 500, 503] {
        assert!(expected.contains(&status), "{status} is never drawn: {expected:?}");
    }
}

#[test]
fn a_fault_is_drawn_as_often_as_its_weight_says() {
    let draws = drawn(&mix(), 6000);
    for (status, expected) in [(503, 1000), (500, 2000), (200, 3000)] {
        let count = draws.iter().filter(|drawn| **drawn == status).count();
        assert!(count.abs_diff(expected) < 150, "{status}: {count}");
    }
}

#[test]
fn a_mix_without_weight_draws_no_fault() {
    for mix in [FaultMix::seeded(1), FaultMix::seeded(1).with(status(503), 0)] {
        assert!(mix.draws().take(10).all(|fault| fault.is_none()), "{mix}");
    }
}

#[test]
fn an_injected_fault_consumes_no_draw() {
    let emulator = Emulator::builder().fault_mix(mix()).start().unwrap();
    emulator.inject(status(408));
    assert_eq!(statuses(&emulator, 1), [408]);
    assert_eq!(statuses(&emulator, 5), drawn(&mix(), 5));
}

#[test]
fn log_and_counters_agree_after_concurrent_faults() {
    const THREADS: usize = 8;
    const UPDATES: usize = 40;

    let mix: FaultMix = "none=3,reset-before-reading=1,reset-before-write=1,reset-after-write=1,close-after-write=1,\
                         503=1,503:after-write=1,body-cut=1,204=1,latency:1ms:429=1"
        .parse()
        .unwrap();
    let emulator = Emulator::builder().fault_mix(mix.clone()).start().unwrap();
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                for _ in 0..UPDATES {
                    let mut stream = connect(emulator.address());
                    Call::update(&valid_body()).write(&mut stream);
                    // Every fault of the mix ends the connection.
                    let _ = stream.read_to_end(&mut Vec::new());
                }
            });
        }
    });

    let drawn: Vec<_> = mix.draws().take(THREADS * UPDATES).collect();
    let unread = drawn.iter().filter(|fault| **fault == Fault::reset_before_reading()).count();
    let applied = drawn.iter().filter(|fault| fault.applies_update()).count();
    let requests = emulator.requests();
    assert_eq!((emulator.unread_requests(), requests.len()), (unread as u64, drawn.len() - unread));
    assert_eq!(emulator.updates(), applied as u64);
    assert_eq!(requests.iter().filter(|request| request.applied().is_some()).count(), applied);
    wait_until(|| emulator.open_connections() == 0);
}
