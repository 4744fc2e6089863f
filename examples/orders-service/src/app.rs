//! The routes, and the one call that the service exists for.

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, put},
};

use crate::{
    accounts::Accounts,
    answer::Failure,
    metrics::Metrics,
    order::{Order, OrderUpdate},
};

#[derive(Clone, Debug)]
pub(crate) struct App {
    accounts: Accounts,
    metrics: Metrics,
}

impl App {
    pub(crate) fn new(accounts: Accounts, metrics: Metrics) -> Self {
        Self { accounts, metrics }
    }
}

pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/{account}/orders/{order_id}", put(set_order))
        .route("/metrics", get(|State(app): State<App>| async move { app.metrics.text() }))
        .with_state(app)
}

async fn set_order(
    State(app): State<App>,
    Path((account, order_id)): Path<(String, u64)>,
    Json(update): Json<OrderUpdate>,
) -> Result<StatusCode, Failure> {
    let client = app.accounts.client(&account).ok_or(Failure::NoAccount)?;
    let OrderUpdate { ticket, priority, refund_reason } = update;
    let result = client.update_ticket_metadata(ticket, Order { order_id, priority, refund_reason }).await;
    match result {
        Ok(response) => {
            tracing::info!(account, order_id, attempts = response.attempts(), "order set");
            Ok(StatusCode::NO_CONTENT)
        }
        Err(error) => {
            let (kind, delivery) = (error.kind().as_str(), error.delivery());
            tracing::warn!(account, order_id, %error, kind, ?delivery, "order not set");
            Err(error.into())
        }
    }
}
