//! The contenders: realistic ways to send the same update.
//!
//! A new one needs a module that implements `Call`, a line in `NAMES`, and one in `run`.

#[cfg(feature = "contenders")]
mod alternatives;
mod bad_path;
mod blocking;
mod bulk;
mod by_hand;
mod frugal;
mod hyper;
mod vambe;
mod waiting;

use std::future::Future;

use crate::{
    Failure,
    load::{Load, measure, one_by_one},
};

pub use bad_path::{BAD_PATHS, FIELDS, LARGE, NOT_FOUND, RETRY};
pub use waiting::WAITING;

/// A way to send one update; the load makes the concurrent calls.
pub(crate) trait Call: Clone + Send + 'static {
    /// Sends one update, and checks the answer.
    fn call(&self) -> impl Future<Output = Result<(), Failure>> + Send;
}

impl<T: Call + Sync> Contender for T {
    async fn run(&self, load: Load) -> Result<(), Failure> {
        let this = self.clone();
        one_by_one(load, move || {
            let this = this.clone();
            async move { this.call().await }
        })
        .await
    }
}

/// A way to send updates, with its connections.
pub(crate) trait Contender {
    /// Sends all updates of a load.
    fn run(&self, load: Load) -> impl Future<Output = Result<(), Failure>>;
}

/// The contender under test.
pub const OURS: &str = "vambe-api";
/// The contender to compare with.
pub const BY_HAND: &str = "reqwest by hand";
/// vambe-api's blocking client, for calls one after the other.
pub const BLOCKING: &str = "vambe-api, blocking";
/// vambe-api's runs of many updates, for many concurrent calls.
pub const BULK: &str = "vambe-api, bulk";

/// All contenders that make single calls, and what each of them does not do that vambe-api does.
pub const NAMES: &[(&str, &str)] = &[
    ("hyper alone", "TLS, proxies, time-outs, retries, status, typed errors, redaction"),
    ("ureq", "asynchronous calls, retries, safe resending, server's message in errors, redaction"),
    (BY_HAND, "time-outs, retries, server's message in errors, redaction, limits, tracing"),
    ("reqwest by hand, copying nothing", "as above, and nothing of the request can change after start-up"),
    (
        "reqwest-middleware with reqwest-retry",
        "deadline, server's message in errors, redaction, limits; resends what may be applied",
    ),
    ("openapi-generator", "time-outs, retries, exactly one identifier, redaction, limits, tracing"),
    ("progenitor as it is", "retries, deadline, body of an undocumented status, redaction, limits, tracing"),
    (OURS, ""),
];

/// Puts the contender with this name under a load.
pub(crate) async fn run(name: &str, url: &str, load: Load) -> Result<String, Failure> {
    if let Some(bad_path) = bad_path::BadPath::new(name, url)? {
        return measure(bad_path, load).await;
    }
    match name {
        WAITING => measure(waiting::Waiting::new(url)?, load).await,
        "hyper alone" => measure(hyper::Hyper::new(url)?, load).await,
        BY_HAND => measure(by_hand::ByHand::new(url)?, load).await,
        "reqwest by hand, copying nothing" => measure(frugal::Frugal::new(url)?, load).await,
        OURS => measure(vambe::Vambe::new(url)?, load).await,
        BLOCKING => measure(blocking::Blocking::new(url)?, load).await,
        BULK => measure(bulk::Bulk::new(url)?, load).await,
        #[cfg(feature = "contenders")]
        _ => alternatives::run(name, url, load).await,
        #[cfg(not(feature = "contenders"))]
        _ => Err(format!("there is no contender `{name}`, or it needs the feature `contenders`: {NAMES:?}").into()),
    }
}
