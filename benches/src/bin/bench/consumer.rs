//! Part `consumer`: crates, cold dev build on two cores, and release binary of a program that sends one update.

use std::{fs, path::Path};

use tempfile::TempDir;
use vambe_benches::{
    Failure,
    contender::{BY_HAND, OURS},
};

use crate::{
    process::{cargo, crates, root},
    table::{Bar, Report, Samples},
};

const OURS_MAIN: &str = r#"
use vambe_api::{Client, Error, Metadata, TicketRef};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let ticket = TicketRef::ticket_id("a1b2c3d4-e5f6-7890-abcd-ef1234567890")?;
    Client::from_env()?.update_ticket_metadata(ticket, Metadata::from([("status", "escalated")])).await?;
    Ok(())
}
"#;

/// With reqwest's default features, the usual choice.
const BY_HAND_DEPENDENCIES: &str = r#"
reqwest = { version = "0.13", features = ["json"] }
serde = { version = "1", features = ["derive"] }
"#;

const BY_HAND_MAIN: &str = r#"
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
struct Update<'a> {
    ticket_id: &'a str,
    metadata: Metadata<'a>,
}

#[derive(Serialize)]
struct Metadata<'a> {
    status: &'a str,
}

#[derive(Deserialize)]
struct Answer {
    status: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let update = Update {
        ticket_id: "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
        metadata: Metadata { status: "escalated" },
    };
    let answer = reqwest::Client::new()
        .post("https://api.vambe.me/api/public/ticket/metadata")
        .header("x-api-key", std::env::var("VAMBE_API_KEY")?)
        .json(&update)
        .send()
        .await?
        .error_for_status()?
        .json::<Answer>()
        .await?;
    println!("{}", answer.status);
    Ok(())
}
"#;

/// The name of a program with vambe-api's default features off: without TLS, and thus only for plain HTTP.
const FEATURELESS: &str = "vambe-api, without features";

pub(crate) fn measure(report: &mut Report, rounds: u32) -> Result<(), Failure> {
    let consumers = [(BY_HAND, consumer(BY_HAND_DEPENDENCIES, BY_HAND_MAIN)?), (OURS, ours("")?)];
    let (mut count, mut time, mut size) = (Samples::default(), Samples::default(), Samples::default());
    for (name, folder) in &consumers {
        // So that only the compiler is measured.
        cargo(&["fetch"], folder.path())?;
        count.push(name, crates(folder.path(), "consumer")?);
        size.push(name, release_size(folder.path())?);
    }
    for _ in 0..rounds {
        for (name, folder) in &consumers {
            time.push(name, cold_build(folder.path())?);
        }
    }
    count.push(FEATURELESS, crates_of_ours_without_features()?);
    report.table("Crates of a consumer", "crates", 0, &count, Some(BY_HAND));
    report.table("Cold dev build of a consumer with 2 jobs", "s", 1, &time, Some(BY_HAND));
    report.table("Release binary of a consumer, stripped", "KiB", 0, &size, Some(BY_HAND));
    let build = Bar::at_most(0.65).tried(
        "Other load on the machine changes the ratio: with it, 0.44 to 0.83 were measured; its processor time took 0.62 to 0.70.",
    );
    report.value_bar("crates of a consumer", &count, OURS, &Bar::at_most(96.0));
    report.value_bar("crates of a consumer without features", &count, FEATURELESS, &Bar::at_most(82.0));
    report.ratio_bar("cold dev build of a consumer", &time, OURS, BY_HAND, &build);
    Ok(())
}

/// Counts the crates that a program with vambe-api builds, without itself.
pub(crate) fn crates_of_ours() -> Result<f64, Failure> {
    crates(ours("")?.path(), "consumer")
}

/// Counts them with vambe-api's default features off.
pub(crate) fn crates_of_ours_without_features() -> Result<f64, Failure> {
    crates(ours("default-features = false, ")?.path(), "consumer")
}

fn ours(options: &str) -> Result<TempDir, Failure> {
    consumer(&format!("vambe-api = {{ {options}path = {:?} }}", root()?.join("vambe-api")), OURS_MAIN)
}

/// Creates the package of a program.
fn consumer(dependencies: &str, main: &str) -> Result<TempDir, Failure> {
    let folder = tempfile::tempdir()?;
    fs::create_dir(folder.path().join("src"))?;
    fs::write(folder.path().join("src/main.rs"), main)?;
    fs::write(
        folder.path().join("Cargo.toml"),
        format!(
            "[package]\nname = \"consumer\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
             {dependencies}\ntokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }}\n"
        ),
    )?;
    // Common dependencies have the same versions.
    fs::copy(root()?.join("Cargo.lock"), folder.path().join("Cargo.lock"))?;
    Ok(folder)
}

/// Builds with the default release profile, and returns the size of the stripped program in KiB.
fn release_size(folder: &Path) -> Result<f64, Failure> {
    let target = tempfile::tempdir()?;
    let path = target.path().display().to_string();
    let strip = "profile.release.strip=true";
    cargo(&["build", "--offline", "--release", "--config", strip, "--jobs", "2", "--target-dir", &path], folder)?;
    Ok(fs::metadata(target.path().join("release/consumer"))?.len() as f64 / 1024.0)
}

fn cold_build(folder: &Path) -> Result<f64, Failure> {
    let target = tempfile::tempdir()?;
    let target = target.path().display().to_string();
    Ok(cargo(&["build", "--offline", "--jobs", "2", "--target-dir", &target], folder)?.as_secs_f64())
}
