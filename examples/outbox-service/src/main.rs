//! An example: a service that enqueues the metadata of an order in the transaction that stores it. This file starts and stops it.
//!
//! The service has no API key and does not call Vambe. A worker sends the update after the commit, also if the service has ended
//! by then; and never, if there was no commit. With a PostgreSQL that you may create roles in, and in its database `app`:
//!
//! ```sh
//! export VAMBE_QUEUE_URL=postgres://postgres@127.0.0.1/app
//! vambe queue migrate && vambe quota set vambe 1000/h --database "$VAMBE_QUEUE_URL"
//! psql "$VAMBE_QUEUE_URL" --file examples/outbox-service/schema.sql
//! DATABASE_URL=postgres://outbox_service@127.0.0.1/app cargo run --package outbox-service &
//! curl -i -X PUT http://127.0.0.1:3000/orders/1 --header 'Content-Type: application/json' \
//!   --data '{"contact_number": "+56912345678", "product": "lamp"}'
//! vambe queue list
//!
//! vambe emulator --port 8080 &
//! VAMBE_API_KEY=your_api_key_here VAMBE_BASE_URL=http://127.0.0.1:8080 vambe queue worker --quota vambe
//! ```
//!
//! In another language, only the last statement of the transaction is about Vambe. In Python, with psycopg:
//!
//! ```python
//! with connection.transaction():
//!     connection.execute("insert into orders (id, product) values (%s, %s)", (1, "lamp"))
//!     update = {"contact_number": "+56912345678", "metadata": {"order_id": "1", "product": "lamp"}, "reference": "order/1"}
//!     connection.execute("select vambe.enqueue(%s::jsonb)", (json.dumps(update),))
//! ```

mod app;
mod failure;
mod order;
#[cfg(test)]
#[cfg(unix)]
mod tests;

use std::{env, error::Error};

use app::App;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    tracing_subscriber::fmt().init();
    let url = env::var("DATABASE_URL").map_err(|_| "set DATABASE_URL, such as postgres://user@host/database")?;
    let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 3000)).await?;
    tracing::info!(address = %listener.local_addr()?, "listening");
    let server = axum::serve(listener, app::router(App::new(client)));
    let server = server.with_graceful_shutdown(async { drop(tokio::signal::ctrl_c().await) });
    tokio::select! {
        result = async { server.await } => Ok(result?),
        // Whoever started the service starts it again.
        result = connection => Err(result.err().map_or("the database closed the connection".into(), Into::into)),
    }
}
