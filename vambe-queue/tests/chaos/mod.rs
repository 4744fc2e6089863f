//! Services, workers and a server under faults of processes, networks and machines.
//!
//! Workers are processes. The emulator counts requests as the server does, and [`judge`] compares what it received with what services
//! committed.

mod clock;
#[cfg(target_os = "linux")]
mod disk;
mod fleet;
mod judge;
mod kills;
mod network;
mod proxy;
mod restarts;
mod services;
mod stops;
mod transactions;
