//! Workers that are killed.

use std::time::Duration;

use vambe_emulator::{Fault, FaultMix, StatusCode};
use vambe_test_postgres::Cluster;

use super::{fleet::Fleet, services::Services};

const KILLS: u32 = 50;

#[tokio::test(flavor = "multi_thread")]
async fn killed_workers_lose_nothing_and_keep_the_limit() {
    let cluster = Cluster::shared().unwrap();
    let mut fleet = Fleet::new(&cluster, "kills", Duration::from_secs(10)).await;
    fleet.vambe.fault_mix(
        FaultMix::seeded(7)
            .with(Fault::none(), 20)
            .with(Fault::status(StatusCode::SERVICE_UNAVAILABLE), 1)
            .with(Fault::status(StatusCode::UNPROCESSABLE_ENTITY), 1)
            .with(Fault::reset_before_write(), 1)
            .with(Fault::reset_after_write(), 1),
    );
    let services = Services::start(&fleet).await;
    fleet.start_workers(3).await;
    let mut random = fastrand::Rng::with_seed(50);
    for _ in 0..KILLS {
        fleet.until_more_requests(random.u64(1..=8)).await;
        fleet.replace_worker(random.usize(..3));
    }
    fleet.finish(services).await;
}
