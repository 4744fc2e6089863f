//! The output of `cargo xtask demo --fleet`, from examples/fleet.

#[path = "../examples/fleet/story/mod.rs"]
mod story;

use crate::support::program;

#[tokio::test]
async fn the_demo_keeps_its_promises() {
    let mut out = Vec::new();
    let story = story::Story { vambe: program().into(), ends_leases: true };
    let result = story.run(&mut out).await;
    let out = String::from_utf8(out).unwrap();
    assert!(result.is_ok(), "{result:?} after\n{out}");
    for line in [
        "  ok     30 of 30 committed updates are applied\n",
        "  ok     6 of 6 tickets had their values in order\n",
        "  ok     0 rolled-back updates were sent\n",
        "Nothing is lost, each ticket is in order, and the limit is kept.",
    ] {
        assert!(out.contains(line), "{line:?} is not in\n{out}");
    }
}
