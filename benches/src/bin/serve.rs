//! `serve`: answers on a free port, which it prints, until its standard input is closed.

use std::io::{Read as _, Write as _};

use tokio::{net::TcpListener, runtime};
use vambe_benches::{Failure, server};

fn main() -> Result<(), Failure> {
    // The server ends even if its parent process is killed.
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        writeln!(std::io::stdout(), "http://{}", listener.local_addr()?)?;
        match server::serve(listener).await? {}
    })
}
