//! The route, and the transaction that the service exists for.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    routing::put,
};
use tokio::sync::Mutex;
use tokio_postgres::Client;
use vambe_queue::Enqueue;

use crate::{
    failure::Failure,
    order::{NewOrder, Order},
};

/// The service's connection to its database. More than an example would have a pool here.
#[derive(Clone, Debug)]
pub(crate) struct App(Arc<Mutex<Client>>);

impl App {
    pub(crate) fn new(client: Client) -> Self {
        Self(Arc::new(Mutex::new(client)))
    }
}

pub(crate) fn router(app: App) -> Router {
    Router::new().route("/orders/{order_id}", put(set_order)).with_state(app)
}

/// Stores an order, and enqueues its metadata for the ticket. A repeated request changes nothing.
async fn set_order(
    State(app): State<App>,
    Path(order_id): Path<i64>,
    headers: HeaderMap,
    Json(NewOrder { ticket, product }): Json<NewOrder>,
) -> Result<StatusCode, Failure> {
    let mut update = Enqueue::new(ticket, Order { order_id, product: &product })?
        .reference(format!("order/{order_id}"))
        .source("outbox-service");
    // With OpenTelemetry, it would be the context of this service's own span.
    if let Some(traceparent) = headers.get("traceparent").and_then(|value| value.to_str().ok()) {
        update = update.traceparent(traceparent);
    }

    let mut client = app.0.lock().await;
    let transaction = client.transaction().await?;
    let statement = "insert into orders (id, product) values ($1, $2) on conflict do nothing";
    transaction.execute(statement, &[&order_id, &product]).await?;
    // Last, since transactions that enqueue for the same ticket wait for each other.
    transaction.execute(Enqueue::SQL, &[&update.json()]).await?;
    transaction.commit().await?;
    tracing::info!(order_id, "order stored");
    // The ticket gets it later.
    Ok(StatusCode::ACCEPTED)
}
