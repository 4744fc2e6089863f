//! A request limit that many processes share, such as one in a database.

#[cfg(test)]
mod tests;

use std::{fmt, future::Future, pin::Pin, sync::Arc, time::Duration};

use super::Seen;

/// The future that [`SharedLimit::take`] returns.
pub type TakeSlot<'a> = Pin<Box<dyn Future<Output = Result<u64, NotGranted>> + Send + 'a>>;

/// A request limit that many processes share; set by [`ClientBuilder::shared_limit`](crate::ClientBuilder::shared_limit).
///
/// The client asks for a slot before each attempt, after its own limits have let the attempt pass. It begins the attempt within 5 s
/// after it called [`take`](Self::take), or does not use the slot. A request can therefore arrive until 5 s and the attempt
/// time-out have passed, and a limit that holds in every window of the server has to count a slot for that much longer.
///
/// `vambe-queue` has an implementation on PostgreSQL.
///
/// # Example
///
/// A limit of one request per process lifetime:
///
/// ```
/// use std::sync::atomic::{AtomicBool, Ordering};
/// use vambe_api::{Client, NotGranted, Seen, SharedLimit, TakeSlot};
///
/// #[derive(Debug, Default)]
/// struct Once(AtomicBool);
///
/// impl SharedLimit for Once {
///     fn take(&self) -> TakeSlot<'_> {
///         let is_first = !self.0.swap(true, Ordering::Relaxed);
///         Box::pin(async move { if is_first { Ok(1) } else { Err(NotGranted::Unavailable) } })
///     }
///
///     fn report(&self, _slot: u64, _seen: Seen) {}
/// }
///
/// let builder = Client::builder().api_key("your_api_key_here");
/// let client = builder.shared_limit(Once::default()).build()?;
/// # Ok::<(), vambe_api::ConfigError>(())
/// ```
pub trait SharedLimit: fmt::Debug + Send + Sync + 'static {
    /// Takes a slot for one request, and returns its number, which only [`report`](Self::report) uses.
    ///
    /// A slot counts whether it is used or not. The future may be dropped at any time. It should fail with
    /// [`NotGranted::Wait`] rather than wait for a slot, since the client waits for all its calls in one place.
    ///
    /// # Errors
    ///
    /// [`NotGranted`] says when to ask again.
    fn take(&self) -> TakeSlot<'_>;

    /// Records the result of the attempt with this slot. It is called within the call, so it must not block.
    ///
    /// It is not called for a slot that was not used, or if the caller dropped the call.
    fn report(&self, slot: u64, seen: Seen);
}

impl<T: SharedLimit> SharedLimit for Arc<T> {
    fn take(&self) -> TakeSlot<'_> {
        (**self).take()
    }

    fn report(&self, slot: u64, seen: Seen) {
        (**self).report(slot, seen);
    }
}

/// The reason why a [`SharedLimit`] grants no slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotGranted {
    /// No slot is free for this time; then ask again.
    Wait(Duration),
    /// The server rejects the API key. Nobody sends until a person opens the limit again.
    KeyRefused,
    /// The limit could not be asked, for example since its database is down. The implementation logs the reason.
    Unavailable,
}
