//! The part of the handle that makes things go wrong.

use crate::{
    emulator::Emulator,
    error::StartError,
    fault::{Fault, FaultMix, Standing},
};

/// # Faults
///
/// A fault meets a `POST` to [`METADATA_PATH`](crate::METADATA_PATH), nothing else, and comes before
/// the checks of the request unless it applies the update. What each fault does is in the table of
/// the [crate docs](crate#faults).
///
/// First come the faults that were [injected](Self::inject) one by one, each for one request. When
/// none is left, the standing ones come: always the same, a rotation, or a random mix, whichever was
/// set last.
impl Emulator {
    /// Lets the next update request meet this fault; after a second call, the one after it too.
    ///
    /// # Example
    ///
    /// ```
    /// use vambe_emulator::{Emulator, Fault};
    ///
    /// let emulator = Emulator::start()?;
    /// emulator.inject(Fault::reset_after_write());
    /// // Here the code under test sends an update. It is applied, and yet fails.
    /// # Ok::<(), vambe_emulator::StartError>(())
    /// ```
    pub fn inject(&self, fault: Fault) {
        self.inject_all([fault]);
    }

    /// Lets the next update requests meet these faults, one each; [`Fault::none`] lets one through.
    ///
    /// # Example
    ///
    /// ```
    /// use vambe_emulator::{Emulator, Fault, StatusCode};
    ///
    /// let emulator = Emulator::start()?;
    /// emulator.inject_all([Fault::status(StatusCode::SERVICE_UNAVAILABLE), Fault::none(), "429".parse()?]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn inject_all(&self, faults: impl IntoIterator<Item = Fault>) {
        // Outside of the lock, since an iterator can do anything.
        let faults: Vec<_> = faults.into_iter().collect();
        self.shared.lock().faults.inject(faults);
    }

    /// Lets every update request meet this fault, from now on.
    pub fn inject_always(&self, fault: Fault) {
        self.inject_rotation([fault]);
    }

    /// Lets the update requests meet these faults one after the other, and again from the first.
    pub fn inject_rotation(&self, faults: impl IntoIterator<Item = Fault>) {
        let rotation = Standing::Rotation(faults.into_iter().collect());
        self.shared.lock().faults.set_standing(rotation);
    }

    /// Lets every update request draw its fault from this mix, beginning with the first draw.
    ///
    /// [`Builder::fault_mix`](crate::Builder::fault_mix) does so from the start.
    pub fn fault_mix(&self, mix: FaultMix) {
        self.shared.lock().faults.set_standing(Standing::Mix(mix));
    }

    /// Forgets all faults, both the injected and the standing ones.
    ///
    /// A fault in progress goes on.
    pub fn clear_faults(&self) {
        self.shared.lock().faults.clear();
    }

    /// Refuses connections, until [`accept_connections`](Self::accept_connections): nothing listens
    /// on the port, and all open connections are closed.
    ///
    /// The port stays reserved meanwhile. The state, the requests and the faults stay as they are.
    ///
    /// # Example
    ///
    /// ```
    /// use std::net::TcpStream;
    /// use vambe_emulator::Emulator;
    ///
    /// let emulator = Emulator::start()?;
    /// emulator.refuse_connections();
    /// assert!(TcpStream::connect(emulator.address()).is_err());
    /// emulator.accept_connections()?;
    /// assert!(TcpStream::connect(emulator.address()).is_ok());
    /// # Ok::<(), vambe_emulator::StartError>(())
    /// ```
    pub fn refuse_connections(&self) {
        self.server.refuse();
    }

    /// Listens again, on the same port.
    ///
    /// # Errors
    ///
    /// [`StartError::Bind`] if the port is gone. It still refuses then, and this can be called again.
    pub fn accept_connections(&self) -> Result<(), StartError> {
        self.server.accept()
    }

    /// How many connections were accepted so far, also those on which no request came.
    pub fn connections(&self) -> u64 {
        self.shared.connections()
    }

    /// How many connections are open at the moment.
    ///
    /// A client that has just closed its own may still be counted for a moment.
    pub fn open_connections(&self) -> u64 {
        self.shared.open_connections()
    }

    /// How many update requests met [`Fault::reset_before_reading`]; they are not among the
    /// [`requests`](Self::requests).
    pub fn unread_requests(&self) -> u64 {
        self.shared.lock().unread_requests
    }
}
