//! An example: a service that writes its orders onto Vambe's tickets. This file starts and stops it.
//!
//! `PUT /chile/orders/12345` sets the order on the active ticket of a contact, with the API key of the account `chile`:
//!
//! ```sh
//! cargo run --package vambe-emulator -- --port 8080 &
//! mkdir /tmp/keys && echo your_api_key_here > /tmp/keys/chile
//! VAMBE_BASE_URL=http://127.0.0.1:8080 cargo run --package orders-service -- /tmp/keys &
//! curl -i -X PUT http://127.0.0.1:3000/chile/orders/12345 --header 'Content-Type: application/json' \
//!   --data '{"contact_number": "+56912345678", "priority": "high"}'
//! ```
//!
//! The folder has one file per account, with its API key. SIGHUP reads the folder again, after a key was rotated.

mod accounts;
mod answer;
mod app;
mod metrics;
mod order;
#[cfg(test)]
mod tests;

use std::{env, error::Error, path::PathBuf};

use accounts::Accounts;
use app::App;
use metrics::Metrics;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    tracing_subscriber::fmt().json().init();
    let folder = PathBuf::from(env::args_os().nth(1).ok_or("name the folder with the API keys")?);
    let metrics = Metrics::default();
    let accounts = Accounts::new(vambe_api::ClientBuilder::from_env()?.observer(metrics.clone()));
    accounts.load(&folder)?;
    #[cfg(unix)]
    tokio::spawn(reload(accounts.clone(), folder));

    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 3000)).await?;
    tracing::info!(address = %listener.local_addr()?, "listening");
    let app = app::router(App::new(accounts, metrics));
    // Calls in flight end within their time-out, so that no outcome is lost.
    axum::serve(listener, app).with_graceful_shutdown(async { drop(tokio::signal::ctrl_c().await) }).await?;
    Ok(())
}

/// Reads the API keys again at each SIGHUP. An account whose file cannot be read keeps its key.
#[cfg(unix)]
async fn reload(accounts: Accounts, folder: PathBuf) -> Result<(), std::io::Error> {
    let mut hangups = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup())?;
    while hangups.recv().await.is_some() {
        match accounts.load(&folder) {
            Ok(()) => tracing::info!("API keys read again"),
            Err(error) => tracing::error!(%error, "API keys not read again"),
        }
    }
    Ok(())
}
