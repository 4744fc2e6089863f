//! A full disk: the run ends, tells of nothing that is not in the journal, and is gone on with once there is room.

use assert_cmd::Command;

use super::{Bench, Events, IMPORT, SECRET, checked, csv};
use crate::support::{PATIENCE, number, program};

impl Bench {
    /// An import of the input that can write no file larger than so many blocks of 512 bytes.
    fn command_with_little_room(&self, blocks: u32) -> Command {
        // The write fails with an error and a signal, SIGXFSZ, which must not end the process.
        let script = format!("ulimit -f {blocks}; exec \"$0\" \"$@\"");
        let mut command = std::process::Command::new("/bin/sh");
        command.args(["-c", &script]).arg(program()).args(IMPORT).arg(self.input).env_clear();
        command.env("VAMBE_API_KEY", self.emulator.api_key()).env("VAMBE_BASE_URL", self.emulator.url());
        let mut command = Command::from_std(command);
        command.current_dir(self.dir.path()).timeout(PATIENCE);
        command
    }
}

#[test]
fn a_disk_that_fills_ends_the_run_and_with_room_the_same_command_goes_on() {
    let bench = Bench::new(290, "orders.csv", csv(300));
    let events = Events::of(checked(bench.command_with_little_room(8).args(["--format", "json"])));
    events.outcome.assert(
        3,
        &[
            "error: the run was stopped, since its journal cannot be written",
            "caused by: ",
            "`ulimit -f`",
            "goes on where",
        ],
    );
    assert_eq!(events.summary()["end"], "failed");
    let [applied, rejected, not_sent, unknown] = events.counts();
    assert_eq!([applied, rejected], bench.journal().counts());
    assert!(0 < applied && applied < 290, "{applied} rows");
    // The server has applied rows whose outcome is not on disk: they are unknown, not unsent.
    let on_server = bench.emulator.updates();
    assert!(applied < on_server && on_server <= applied + unknown, "{on_server}, {events:?}");
    assert!(not_sent > 0, "the run continued without a journal");
    assert_eq!(unknown, events.named("row").iter().filter(|row| row["outcome"] == "unknown").count() as u64);

    let events = bench.events(&[]);
    events.outcome.assert(1, &[&format!("{applied} applied")]);
    assert_eq!(events.counts(), [290, 10, 0, 0]);
    assert_eq!(bench.journal().counts(), [290, 10]);
    let state = bench.state();
    assert!((1..).zip(state.values()).all(|(row, metadata)| metadata["order_id"] == format!("{SECRET}-{row}")));
}

#[test]
fn rows_that_fill_the_memory_for_rows_are_given_up_with_the_run() {
    // Three of them do not fit into it together, and none fits into the journal: the server has refused it.
    let row = |index| format!("{},{}\n", number(index), SECRET.repeat(1 << 18));
    let bench = Bench::new(3, "orders.csv", format!("contact_number,order_id\n{}{}{}", row(1), row(2), row(3)));
    let events = Events::of(checked(bench.command_with_little_room(64).args(["--format", "json"])));
    events.outcome.assert(3, &["error: the run was stopped, since its journal cannot be written"]);
    let [applied, rejected, not_sent, unknown] = events.counts();
    assert_eq!((applied, rejected), (0, 0));
    assert!(unknown > 0 && not_sent > 0, "the first was refused, and the last was never read: {events:?}");

    let events = bench.events(&[]);
    events.outcome.assert(1, &[]);
    assert_eq!(events.counts(), [0, 3, 0, 0]);
}

#[test]
fn without_room_for_the_first_line_nothing_is_sent() {
    let bench = Bench::new(3, "orders.csv", csv(3));
    let outcome = checked(&mut bench.command_with_little_room(0));
    outcome.assert(3, &["the journal `orders.csv.journal` cannot be used", "`ulimit -f`"]);
    assert_eq!(bench.emulator.updates(), 0);
    bench.run(&[]).assert(0, &[]);
}
