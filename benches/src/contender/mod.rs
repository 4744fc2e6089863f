//! The contenders: realistic ways to send the same update.
//!
//! A new one needs a module that implements `Contender`, and a line in `NAMES` and in `run`.

mod bulk;
mod by_hand;
mod hyper;
#[cfg(feature = "progenitor")]
mod progenitor;
mod vambe;

use std::future::Future;

use crate::{
    Failure,
    load::{Load, measure},
};

/// A way to send updates, with its connections.
pub(crate) trait Contender {
    /// Sends all updates of a load, usually with [`one_by_one`](crate::load::one_by_one).
    fn run(&self, load: Load) -> impl Future<Output = Result<(), Failure>>;
}

/// The contender under test.
pub const OURS: &str = "vambe-api";
/// The contender to compare with.
pub const BY_HAND: &str = "reqwest by hand";
/// vambe-api's runs of many updates, for many concurrent calls.
pub const BULK: &str = "vambe-api, bulk";
/// All contenders that make single calls.
pub const NAMES: &[&str] = &["hyper alone", BY_HAND, "progenitor as it is", OURS];

/// Puts the contender with this name under a load.
pub(crate) async fn run(name: &str, url: &str, load: Load) -> Result<String, Failure> {
    match name {
        "hyper alone" => measure(hyper::Hyper::new(url)?, load).await,
        BY_HAND => measure(by_hand::ByHand::new(url), load).await,
        #[cfg(feature = "progenitor")]
        "progenitor as it is" => measure(progenitor::Progenitor::new(url)?, load).await,
        OURS => measure(vambe::Vambe::new(url)?, load).await,
        BULK => measure(bulk::Bulk::new(url)?, load).await,
        _ => Err(format!("there is no contender `{name}`: {NAMES:?}, or it needs a feature of this package").into()),
    }
}
