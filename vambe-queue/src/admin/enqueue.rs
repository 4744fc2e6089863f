//! Enqueuing without a transaction of a service.

use tokio_postgres::{error::SqlState, types::Type};

use super::{Admin, of_statement};
use crate::{Enqueue, Error};

/// The maximum number of attempts with a transaction that fails because of others.
const ATTEMPTS: u32 = 10;

impl Admin {
    /// Enqueues updates in this order, all of them or none, in a transaction of its own. The role `vambe_enqueue` is enough.
    ///
    /// An error may leave open whether they are enqueued. If each has a [`reference`](Enqueue::reference), the call can be repeated.
    /// Each ticket takes a place in the database's table of locks until the end of the call, so 1,000 updates are plenty.
    ///
    /// # Errors
    ///
    /// [`Error::TicketFull`] if a ticket has 1,000 pending updates. Otherwise it fails if the database cannot be used.
    pub async fn enqueue(&self, updates: &[Enqueue]) -> Result<(), Error> {
        let updates: Vec<_> = updates.iter().map(Enqueue::json).collect();
        let updates = format!("[{}]", updates.join(","));
        let statement = "select count(vambe.enqueue(value)) from jsonb_array_elements($1::text::jsonb) value";
        let mut attempt = 1;
        loop {
            let error = match self.try_query(statement, &[(&updates, Type::TEXT)]).await? {
                Ok(_) => return Ok(()),
                Err(error) => error,
            };
            match error.code() {
                Some(code) if *code == SqlState::PROGRAM_LIMIT_EXCEEDED => return Err(Error::TicketFull),
                // Others enqueue for the same tickets in another order.
                Some(code) if *code == SqlState::T_R_DEADLOCK_DETECTED && attempt < ATTEMPTS => attempt += 1,
                _ => return Err(of_statement(error)),
            }
        }
    }
}
