//! Passing finished requests on, to the program that prints them.

use std::{
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    time::Duration,
};

use super::received_request::ReceivedRequest;

/// The number of requests that wait for a slow reader. A reader that has stopped must not stop the server.
const WAITING: usize = 1_000;

/// The sending end.
#[derive(Clone, Debug)]
pub(crate) struct Observer {
    sender: SyncSender<Observed>,
    skipped: u64,
}

/// A request whose outcome is known.
pub(crate) struct Observed {
    pub(crate) request: ReceivedRequest,
    /// The time from the arrival of the head to the decision on the response.
    pub(crate) took: Duration,
    /// The number of requests before this one for which the reader was too slow.
    pub(crate) skipped: u64,
}

impl Observer {
    pub(crate) fn new() -> (Self, Receiver<Observed>) {
        let (sender, receiver) = sync_channel(WAITING);
        (Self { sender, skipped: 0 }, receiver)
    }

    pub(super) fn report(&mut self, request: ReceivedRequest, took: Duration) {
        match self.sender.try_send(Observed { request, took, skipped: self.skipped }) {
            Ok(()) => self.skipped = 0,
            Err(_) => self.skipped += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::fault::Fault;

    #[test]
    fn a_slow_reader_learns_how_many_requests_it_missed() {
        let (head, ()) = http::Request::new(()).into_parts();
        let request = ReceivedRequest::new(&head, Fault::none(), SystemTime::now());
        let (mut observer, receiver) = Observer::new();
        for _ in 0..WAITING + 2 {
            observer.report(request.clone(), Duration::ZERO);
        }
        assert!(receiver.try_iter().map(|observed| observed.skipped).eq([0; WAITING]));
        observer.report(request.clone(), Duration::ZERO);
        observer.report(request, Duration::ZERO);
        assert!(receiver.try_iter().map(|observed| observed.skipped).eq([2, 0]));
    }
}
