//! The quota and the queue on PostgreSQL servers of their own.

// Makes clippy treat the helpers as test code.
#![cfg(test)]
#![cfg(unix)]

mod chaos;
mod dead;
mod enqueue;
mod model;
mod order;
mod pgbouncer;
mod quota;
mod roles;
mod support;
mod tls;
mod two_databases;
mod upgrade;
mod worker;
