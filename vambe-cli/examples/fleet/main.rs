//! Three workers with one quota and one queue, one of which is killed: nothing is lost, and each ticket stays in order.
//!
//! Run it with `cargo xtask demo --fleet`. It starts a PostgreSQL server from the machine's programs, in a temporary folder, and the
//! emulator in the place of api.vambe.me. The test `fleet` runs the same story.

#[cfg(unix)]
mod story;

#[cfg(unix)]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The program that cargo has built: this one is in the folder `examples` next to it.
    let folder = std::env::current_exe()?;
    let folder = folder.parent().and_then(std::path::Path::parent).ok_or("this program has no folder")?;
    let mut out = anstream::stdout();
    let story = story::Story { vambe: folder.join("vambe"), ends_leases: false };
    tokio::select! {
        result = story.run(&mut out) => result,
        // What it has started ends with it.
        result = tokio::signal::ctrl_c() => Err(result.err().map_or("stopped".into(), Into::into)),
    }
}

#[cfg(not(unix))]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    Err("the demo of a fleet needs a Unix system, since it kills a process with a signal".into())
}
