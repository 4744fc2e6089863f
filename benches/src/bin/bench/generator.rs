//! Part `generator`: `cargo xtask codegen` after the build, and the cold build of xtask.

use std::time::Instant;

use vambe_benches::Failure;

use crate::{
    process::{cargo, crates, output, root},
    table::{Bar, Report, Samples},
};

const RUNS: u32 = 20;

pub(crate) fn measure(report: &mut Report, rounds: u32) -> Result<(), Failure> {
    let (mut build, mut count, mut own) = (Samples::default(), Samples::default(), Samples::default());
    count.push("xtask", crates(&root()?, "xtask")?);
    for _ in 0..rounds {
        let target = tempfile::tempdir()?;
        let folder = target.path().display().to_string();
        let arguments = ["build", "--offline", "--package", "xtask", "--jobs", "2", "--target-dir", &folder];
        build.push("xtask", cargo(&arguments, &root()?)?.as_secs_f64());
        for _ in 0..RUNS {
            let start = Instant::now();
            output(target.path().join("debug/xtask"), &["codegen", "--check"])?;
            own.push("cargo xtask codegen", start.elapsed().as_secs_f64() * 1e3);
        }
    }
    report.table("Crates of xtask", "crates", 0, &count, None);
    report.table("Cold dev build of xtask with 2 jobs", "s", 1, &build, None);
    report.table("The generator's own time, after the build", "ms", 1, &own, None);
    report.value_bar("ms of the generator's own time", &own, "cargo xtask codegen", &Bar::at_most(50.0));
    Ok(())
}
