//! Ctrl-C, SIGTERM and SIGHUP: the first lets a run end, the second ends it.

use rustix::process::{Pid, Signal, kill_process};
use vambe_emulator::Fault;

use super::{Bench, Running, csv};

fn send(signal: Signal, running: &Running) {
    kill_process(Pid::from_child(&running.process), signal).unwrap();
}

#[test]
fn the_first_signal_waits_for_what_is_on_its_way_and_leaves_a_journal_to_go_on_with() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let bench = Bench::new(300, "orders.csv", csv(300));
        bench.emulator.inject_all(vec![Fault::none(); 10]);
        // The update is applied, and its answer takes a while: when the signal comes, some are in flight, as a rule. All rows would
        // take more than a minute, so that the signal comes before their end on a busy machine too.
        bench.emulator.inject_always("latency:1s".parse().unwrap());
        let mut running = bench.start(&["--in-flight", "4"]);
        assert!(!bench.wait_for_updates(11, &mut running));
        send(signal, &running);
        running.wait_for_line("stopping");
        running.wait_for_line("stopped: run the same command again to resume");
        assert_eq!(running.wait().code(), Some(3), "{signal:?}");
        let [applied, rejected] = bench.journal().counts();
        assert_eq!((applied, rejected), (bench.emulator.updates(), 0), "{signal:?}");
        assert!((10..300).contains(&applied), "{applied} rows");

        bench.emulator.clear_faults();
        let events = bench.events(&[]);
        events.outcome.assert(0, &["going on with orders.csv.journal", &format!("{applied} applied")]);
        assert_eq!(events.counts(), [300, 0, 0, 0]);
        assert_eq!(bench.emulator.updates(), 300, "no row is sent twice");
    }
}

#[test]
fn the_second_signal_ends_it_at_once_and_what_was_on_its_way_is_sent_again() {
    let bench = Bench::new(20, "orders.csv", csv(20));
    bench.emulator.inject_always("latency:3600s".parse().unwrap());
    let mut running = bench.start(&["--in-flight", "4"]);
    assert!(!bench.wait_for_updates(4, &mut running));
    send(Signal::INT, &running);
    running.wait_for_line("stopping once 4 requests in flight have ended; Ctrl-C again stops at once");
    send(Signal::INT, &running);
    assert_eq!(running.wait().code(), Some(3));
    assert_eq!(bench.journal().counts(), [0, 0]);

    bench.emulator.clear_faults();
    bench.run(&[]).assert(0, &[]);
    assert_eq!(bench.emulator.updates(), 24);
}

#[cfg(target_os = "linux")]
#[test]
fn under_nohup_a_closed_terminal_does_not_stop_it() {
    use std::process::{Command, Stdio};

    use super::IMPORT;
    use crate::support::{API_KEY, program};

    let bench = Bench::new(50, "orders.csv", csv(50));
    bench.emulator.inject_always("latency:20ms".parse().unwrap());
    let mut command = Command::new("/bin/sh");
    command.args(["-c", "trap '' HUP; exec \"$0\" \"$@\""]).arg(program()).args(IMPORT).arg(bench.input);
    command.env_clear().env("VAMBE_API_KEY", API_KEY).env("VAMBE_BASE_URL", bench.emulator.url());
    command.current_dir(bench.dir.path()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut running = Running::new(command.spawn().unwrap());
    assert!(!bench.wait_for_updates(5, &mut running));
    send(Signal::HUP, &running);
    assert_eq!(running.wait().code(), Some(0));
    assert_eq!(bench.journal().counts(), [50, 0]);
}
