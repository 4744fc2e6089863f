//! The demo of `cargo xtask demo`, which vambe-api/examples/demo shows.

#[path = "../vambe-api/examples/demo/scenes.rs"]
mod scenes;
#[path = "../vambe-api/examples/demo/show.rs"]
mod show;

#[tokio::test]
async fn the_demo_shows_each_request_and_its_result() {
    let mut out = Vec::new();
    scenes::run(&mut out).await.unwrap();
    let out = String::from_utf8(out).unwrap();
    let count = |words: &str| out.matches(words).count();
    let plain = show::PLAIN;
    let (applied, failed) = (count(&format!("Ok{plain}: ")), count(&format!("Err{plain}: ")));
    assert_eq!((count("  request  POST "), applied, failed), (7, 4, 3), "{out}");
    assert!(out.contains("delivery() Unknown, attempts() 3"), "{out}");
    assert!(out.ends_with("  docs/emulator.md           this server, for tests in any language\n"), "{out}");
}
