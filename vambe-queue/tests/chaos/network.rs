//! Networks that fail between a worker and its database, and between a worker and the server.

use std::{sync::Arc, time::Duration};

use vambe_test_postgres::Cluster;

use super::{
    fleet::Fleet,
    proxy::{Link, Proxy},
    services::Services,
};

/// Longer than an attempt, whose request must not arrive after the lease.
const LEASE: Duration = Duration::from_secs(25);

struct Network {
    fleet: Fleet,
    database: Arc<Proxy>,
    server: Arc<Proxy>,
    /// The database runs as long as this is held.
    _cluster: Arc<Cluster>,
}

impl Network {
    /// Starts a worker whose connections lead through proxies.
    async fn start(name: &str) -> (Self, Services) {
        let cluster = Cluster::shared().unwrap();
        let mut fleet = Fleet::new(&cluster, name, LEASE).await;
        let services = Services::start(&fleet).await;
        let (database, server) = (Proxy::start(cluster.port()).await, Proxy::start(fleet.vambe.address().port()).await);
        let url = format!("postgres://postgres@127.0.0.1:{}/{name}", database.port());
        fleet.start_worker_by(&url, &format!("http://127.0.0.1:{}", server.port()));
        fleet.until_workers_run().await;
        (Self { fleet, database, server, _cluster: cluster }, services)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_notices_that_its_connections_are_silent() {
    let (network, services) = Network::start("silent").await;
    // Nobody else sends, so each request is a proof.
    for _ in 0..2 {
        network.database.forget_connections();
        network.fleet.until_more_requests(20).await;
        network.server.forget_connections();
        network.fleet.until_more_requests(20).await;
    }
    network.fleet.finish(services).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_networks_lose_nothing() {
    let (mut network, services) = Network::start("cut").await;
    network.fleet.start_worker();
    for state in [Link::Cut, Link::Silent, Link::OneWay] {
        for proxy in [&network.database, &network.server] {
            proxy.set(state);
            // The other worker sends meanwhile.
            network.fleet.until_more_requests(20).await;
            // A request that a worker has given up must not arrive later, and a statement may.
            network.server.cut_connections();
            network.database.set(Link::Up);
        }
    }
    network.fleet.finish(services).await;
}
