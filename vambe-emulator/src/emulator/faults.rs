//! The part of the handle that injects faults.

use crate::{
    emulator::Emulator,
    error::StartError,
    fault::{DefaultFault, Fault, FaultMix},
};

/// # Faults
///
/// Faults affect a `POST` to [`METADATA_PATH`](crate::METADATA_PATH), and every request for a
/// [route](crate::Builder::route) of a test. A fault comes before the checks of the request, unless it applies the update. The table in the [crate docs](crate#faults)
/// lists the effect of each fault.
///
/// The faults that were [injected](Self::inject) one by one come first, each for one request. Once
/// the queue is empty, the default comes: a single fault, a rotation, or a random mix, the one that
/// was set last. During an outage, [`Fault::lasting`], both wait.
impl Emulator {
    /// Injects a fault into the next update request that has none yet.
    ///
    /// # Example
    ///
    /// ```
    /// use vambe_emulator::{Emulator, Fault};
    ///
    /// let emulator = Emulator::start()?;
    /// emulator.inject(Fault::reset_after_write());
    /// // Here the code under test sends an update, which fails although it is applied.
    /// # Ok::<(), vambe_emulator::StartError>(())
    /// ```
    pub fn inject(&self, fault: Fault) {
        self.inject_all([fault]);
    }

    /// Injects these faults into the next update requests, one each; [`Fault::none`] skips a request.
    ///
    /// # Example
    ///
    /// ```
    /// use vambe_emulator::{Emulator, Fault, StatusCode};
    ///
    /// let emulator = Emulator::start()?;
    /// let unavailable = Fault::status(StatusCode::SERVICE_UNAVAILABLE);
    /// emulator.inject_all([unavailable, Fault::none(), "429".parse()?]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn inject_all(&self, faults: impl IntoIterator<Item = Fault>) {
        // Outside of the lock, because the iterator may use the emulator.
        let faults: Vec<_> = faults.into_iter().collect();
        self.shared.lock().faults.inject(faults);
    }

    /// Injects this fault into every update request from now on; an [outage](Fault::lasting) occurs once.
    pub fn inject_always(&self, fault: Fault) {
        self.inject_rotation([fault]);
    }

    /// Injects these faults into the update requests in turn, then from the first again. [Outages](Fault::lasting) occur once.
    pub fn inject_rotation(&self, faults: impl IntoIterator<Item = Fault>) {
        let rotation = DefaultFault::Rotation(faults.into_iter().collect());
        self.shared.lock().faults.set_default(rotation);
    }

    /// Injects a random fault of this mix into every update request, beginning with the first draw.
    ///
    /// [`Builder::fault_mix`](crate::Builder::fault_mix) does the same from the start.
    pub fn fault_mix(&self, mix: FaultMix) {
        self.shared.lock().faults.set_default(DefaultFault::Mix(mix));
    }

    /// Removes all faults, both the queue and the default; ends an outage, and restores revoked API
    /// keys.
    ///
    /// A fault in progress continues for its request.
    pub fn clear_faults(&self) {
        self.shared.lock().clear_faults();
    }

    /// Closes all open connections and refuses new ones until
    /// [`accept_connections`](Self::accept_connections).
    ///
    /// The port stays reserved. The state, the requests and the faults do not change.
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

    /// Listens again on the same port.
    ///
    /// # Errors
    ///
    /// Returns [`StartError::Bind`] if the port is no longer available; the call can be repeated.
    pub fn accept_connections(&self) -> Result<(), StartError> {
        self.server.accept()
    }

    /// Returns the number of connections accepted so far, including those without a request.
    pub fn connections(&self) -> u64 {
        self.shared.connections()
    }

    /// Returns the number of open connections.
    ///
    /// A connection that the client has just closed may still be counted for a moment.
    pub fn open_connections(&self) -> u64 {
        self.shared.open_connections()
    }

    /// Returns the number of update requests that met [`Fault::reset_before_reading`], which
    /// [`requests`](Self::requests) does not list.
    pub fn unread_requests(&self) -> u64 {
        self.shared.lock().unread_requests
    }
}
