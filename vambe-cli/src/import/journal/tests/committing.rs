//! The committer: what is reported is on disk, in order.

use std::{
    io,
    num::NonZeroUsize,
    sync::{Arc, Mutex, mpsc},
};

use super::{
    failures::{Faults, with_faults},
    *,
};
use crate::import::journal::{CommitError, Committer, Stopped, storage::Storage};

/// As many as most scenes have records.
const BATCH: NonZeroUsize = NonZeroUsize::new(100).unwrap();

/// What happened, in its order.
#[derive(Debug, PartialEq)]
enum Event {
    /// So many lines were written.
    Written(usize),
    Synced,
    Reported(u64),
}

type Events = Arc<Mutex<Vec<Event>>>;

/// Tells what it is asked for; its syncs wait for the test, which is told when each begins.
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
        // The test no longer waits once it has seen what it wanted to.
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

/// A committer whose first batch is row 1 alone, that waits in its sync, with the rows up to 10 behind it.
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
    let committer = Committer::start(Journal::new(Box::new(storage), 0, 10_000), BATCH, move |record, payload| {
        assert_eq!(record.row, payload);
        reported.lock().unwrap().push(Event::Reported(payload));
        // If it were reported without a sync, the test should fail, not wait.
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
async fn records_are_reported_after_their_sync_in_order_and_what_came_during_one_shares_the_next() {
    let Scene { events, committer, go_on } = scene(false).await;
    drop(go_on);
    committer.finish().await.unwrap();
    let mut expected = vec![Event::Written(1), Event::Synced, Event::Reported(1), Event::Written(9), Event::Synced];
    expected.extend((2..=10).map(Event::Reported));
    assert_eq!(*events.lock().unwrap(), expected);
}

#[tokio::test]
async fn what_waits_when_a_sync_fails_comes_back_too_and_no_more_is_taken() {
    let Scene { events, committer, go_on } = scene(true).await;
    drop(go_on);
    let mut not_taken = Vec::new();
    // More than the queue and a batch can hold.
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
    assert_eq!(all, (1..=3_000).collect::<Vec<_>>(), "nothing is lost, and nothing told twice");
}

#[tokio::test]
async fn all_is_written_when_it_finishes_and_the_journal_comes_back() {
    let place = Place::new();
    let reported = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&reported);
    let committer =
        Committer::start(place.open().unwrap().0, BATCH, move |record, ()| sink.lock().unwrap().push(record.row));
    let rows: Vec<u64> = (1..=100).rev().collect();
    for &row in &rows {
        committer.send(applied(row), ()).await.unwrap();
    }
    let mut journal = committer.finish().await.unwrap();
    assert_eq!(*reported.lock().unwrap(), rows);
    journal.append(&[]).unwrap();
    drop(journal);
    assert_eq!(place.final_rows(), sorted(rows));
}

#[test]
fn what_was_sent_is_written_also_if_it_is_dropped_unfinished() {
    let place = Place::new();
    let journal = place.open().unwrap().0;
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
        let (reported, is_reported) = tokio::sync::oneshot::channel();
        let mut reported = Some(reported);
        let committer = Committer::start(journal, BATCH, move |_, ()| {
            if let Some(sender) = reported.take() {
                sender.send(()).unwrap();
            }
        });
        committer.send(applied(1), ()).await.unwrap();
        // A task that has not begun would not be waited for.
        is_reported.await.unwrap();
        for row in 2..=50 {
            committer.send(applied(row), ()).await.unwrap();
        }
    });
    assert_eq!(place.final_rows(), (1..=50).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_full_disk_stops_it_and_what_was_not_written_comes_back_unreported() {
    let place = Place::new();
    let (journal, _) = place.open().unwrap();
    let journal = with_faults(journal, Faults { room: Some(1_000), ..Faults::default() });
    let reported = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&reported);
    let committer = Committer::start(journal, BATCH, move |record, ()| sink.lock().unwrap().push(record.row));
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
    assert_eq!(place.final_rows(), reported, "what was reported is what is on disk");
    let all: Vec<u64> = reported.into_iter().chain(unwritten).chain(not_taken).collect();
    assert_eq!(all, (1..=100).collect::<Vec<_>>(), "nothing is lost, and nothing told twice");
}

#[tokio::test]
async fn a_report_that_panics_is_an_error() {
    let place = Place::new();
    let committer = Committer::start(place.open().unwrap().0, BATCH, |_, ()| panic!("on purpose"));
    committer.send(applied(1), ()).await.unwrap();
    let error = committer.finish().await.unwrap_err();
    assert!(matches!(error.error, JournalError::Thread(_)), "{error:?}");
}

fn sorted(mut rows: Vec<u64>) -> Vec<u64> {
    rows.sort_unstable();
    rows
}
