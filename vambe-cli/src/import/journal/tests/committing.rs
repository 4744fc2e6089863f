//! The committer: reports records in order, and only once they are on disk.

use std::{
    io,
    pin::pin,
    sync::{Arc, Mutex, mpsc},
    task::{Context, Waker},
};

use super::{
    failures::{Faults, with_faults},
    *,
};
use crate::import::journal::{CommitError, Committer, Stopped, storage::Storage};

/// The number of records that may be sent and not on disk.
const MOST: usize = 100;

/// The events, in their order.
#[derive(Debug, PartialEq)]
enum Event {
    /// The number of lines that were written.
    Written(usize),
    Synced,
    Reported(u64),
}

type Events = Arc<Mutex<Vec<Event>>>;

/// Records its calls. Each sync signals its start and waits for the test.
struct Gate {
    events: Events,
    begun: mpsc::Sender<()>,
    go_on: mpsc::Receiver<()>,
    fails: bool,
}

impl Storage for Gate {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let lines = bytes.iter().filter(|&&byte| byte == b'\n').count();
        self.events.lock().unwrap().push(Event::Written(lines));
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        // The test may no longer wait.
        let _ = self.begun.send(());
        let _ = self.go_on.recv();
        if self.fails {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.events.lock().unwrap().push(Event::Synced);
        Ok(())
    }

    fn cut(&mut self, _length: u64) -> io::Result<()> {
        Ok(())
    }
}

/// A committer whose first batch, row 1 alone, waits in its sync, with the rows up to 10 in the queue.
struct Scene {
    events: Events,
    committer: Committer<u64>,
    go_on: mpsc::Sender<()>,
}

async fn scene(fails: bool) -> Scene {
    let events = Events::default();
    let (begun, has_begun) = mpsc::channel();
    let (go_on, may_go_on) = mpsc::channel();
    let storage = Gate { events: Arc::clone(&events), begun: begun.clone(), go_on: may_go_on, fails };
    let reported = Arc::clone(&events);
    let committer = Committer::start(Journal::new(Box::new(storage), 0, 10_000), MOST, move |record, payload| {
        assert_eq!(record.row, payload);
        reported.lock().unwrap().push(Event::Reported(payload));
        // Lets the test fail rather than wait if a record is reported without a sync.
        let _ = begun.send(());
    });
    committer.send(applied(1), 1).await.unwrap();
    has_begun.recv().unwrap();
    for row in 2..=10 {
        committer.send(applied(row), row).await.unwrap();
    }
    assert_eq!(*events.lock().unwrap(), [Event::Written(1)]);
    Scene { events, committer, go_on }
}

#[tokio::test]
async fn records_are_reported_in_order_after_their_sync() {
    let Scene { events, committer, go_on } = scene(false).await;
    drop(go_on);
    committer.finish().await.unwrap();
    let mut expected = vec![Event::Written(1), Event::Synced, Event::Reported(1), Event::Written(9), Event::Synced];
    expected.extend((2..=10).map(Event::Reported));
    assert_eq!(*events.lock().unwrap(), expected);
}

#[tokio::test]
async fn a_sender_waits_while_too_many_records_are_not_on_disk() {
    let Scene { events, committer, go_on } = scene(false).await;
    for row in 11..=100 {
        committer.send(applied(row), row).await.unwrap();
    }
    assert!(pin!(committer.send(applied(101), 101)).poll(&mut Context::from_waker(Waker::noop())).is_pending());
    drop(go_on);
    committer.send(applied(102), 102).await.unwrap();
    committer.finish().await.unwrap();
    let reported = |event: &Event| if let Event::Reported(row) = event { Some(*row) } else { None };
    let rows: Vec<_> = events.lock().unwrap().iter().filter_map(reported).collect();
    assert_eq!(rows, (1..=100).chain([102]).collect::<Vec<_>>(), "a send that is dropped queues nothing");
}

#[tokio::test]
async fn a_failed_sync_returns_waiting_records_and_takes_no_more() {
    let Scene { events, committer, go_on } = scene(true).await;
    drop(go_on);
    let mut not_taken = Vec::new();
    // More than there are slots.
    for row in 11..=3_000 {
        if let Err(Stopped(..)) = committer.send(applied(row), row).await {
            not_taken.push(row);
        }
    }
    assert!(!not_taken.is_empty());
    let CommitError { error, unwritten } = committer.finish().await.unwrap_err();
    assert!(matches!(error, JournalError::Full(_)), "{error:?}");
    assert_eq!(*events.lock().unwrap(), [Event::Written(1)]);
    let all: Vec<u64> = unwritten.into_iter().map(|(_, payload)| payload).chain(not_taken).collect();
    assert_eq!(all, (1..=3_000).collect::<Vec<_>>(), "no row is lost or reported twice");
}

#[tokio::test]
async fn finish_writes_everything_and_returns_the_journal() {
    let test = TestJournal::new();
    let reported = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&reported);
    let committer =
        Committer::start(test.open().unwrap().0, MOST, move |record, ()| sink.lock().unwrap().push(record.row));
    let rows: Vec<u64> = (1..=100).rev().collect();
    for &row in &rows {
        committer.send(applied(row), ()).await.unwrap();
    }
    let mut journal = committer.finish().await.unwrap();
    assert_eq!(*reported.lock().unwrap(), rows);
    journal.append(&[]).unwrap();
    drop(journal);
    assert_eq!(test.final_rows(), sorted(rows));
}

#[test]
fn a_dropped_committer_still_writes_its_records() {
    let test = TestJournal::new();
    let journal = test.open().unwrap().0;
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
        let (reported, is_reported) = tokio::sync::oneshot::channel();
        let mut reported = Some(reported);
        let committer = Committer::start(journal, MOST, move |_, ()| {
            if let Some(sender) = reported.take() {
                sender.send(()).unwrap();
            }
        });
        committer.send(applied(1), ()).await.unwrap();
        // The runtime would not wait for a task that has not started.
        is_reported.await.unwrap();
        for row in 2..=50 {
            committer.send(applied(row), ()).await.unwrap();
        }
    });
    assert_eq!(test.final_rows(), (1..=50).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_full_disk_returns_unwritten_records_unreported() {
    let test = TestJournal::new();
    let (journal, _) = test.open().unwrap();
    let journal = with_faults(journal, Faults { room: Some(1_000), ..Faults::default() });
    let reported = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&reported);
    let committer = Committer::start(journal, MOST, move |record, ()| sink.lock().unwrap().push(record.row));
    let mut not_taken = Vec::new();
    for row in 1..=100 {
        if let Err(Stopped(..)) = committer.send(applied(row), ()).await {
            not_taken.push(row);
        }
    }
    let CommitError { error, unwritten } = committer.finish().await.unwrap_err();
    assert!(matches!(error, JournalError::Full(_)), "{error:?}");
    let unwritten = unwritten.into_iter().map(|(record, ())| record.row);
    let reported = reported.lock().unwrap().clone();
    assert_eq!(test.final_rows(), reported, "what was reported is what is on disk");
    let all: Vec<u64> = reported.into_iter().chain(unwritten).chain(not_taken).collect();
    assert_eq!(all, (1..=100).collect::<Vec<_>>(), "no row is lost or reported twice");
}

#[tokio::test]
async fn a_report_that_panics_is_an_error() {
    let test = TestJournal::new();
    let committer = Committer::start(test.open().unwrap().0, MOST, |_, ()| panic!("on purpose"));
    committer.send(applied(1), ()).await.unwrap();
    committer.stopped().await;
    for row in 2..=2 * MOST as u64 {
        assert!(committer.send(applied(row), ()).await.is_err(), "a sender waits for slots that nobody frees");
    }
    let error = committer.finish().await.unwrap_err();
    assert!(matches!(error.error, JournalError::Thread(_)), "{error:?}");
}

fn sorted(mut rows: Vec<u64>) -> Vec<u64> {
    rows.sort_unstable();
    rows
}
