//! `bench budget`: fails if a call or the default dependency tree exceeds `benches/budget.txt`.

use std::{fs, io::Write as _};

use vambe_benches::{Failure, contender::OURS};

use crate::{
    call::{allocations_of, instructions_of},
    process::{Server, crates, root},
};

const BUDGET: &str = "benches/budget.txt";
/// The tolerance of a budget, for differences between machines.
const TOLERANCE: f64 = 1.02;

pub(crate) fn check() -> Result<(), Failure> {
    let budget =
        fs::read_to_string(root()?.join(BUDGET)).map_err(|error| format!("{BUDGET} cannot be read: {error}"))?;
    let server = Server::start()?;
    let measured = [
        ("instructions", instructions_of(&server, OURS)?),
        ("allocations", allocations_of(&server, OURS)?),
        ("crates", crates(&root()?, "vambe-api")?),
    ];
    let told: String = measured.iter().map(|(name, found)| format!("{name} {found:.0}\n")).collect();
    std::io::stdout().write_all(told.as_bytes())?;
    match exceeded(&budget, &measured)?.as_slice() {
        [] => Ok(()),
        exceeded => {
            Err(format!("{}; save it elsewhere, or say in {BUDGET} why it is worth it", exceeded.join(", ")).into())
        }
    }
}

/// Describes the measurements that exceed their budgets.
fn exceeded(budget: &str, measured: &[(&str, f64)]) -> Result<Vec<String>, Failure> {
    let mut exceeded = Vec::new();
    for (name, found) in measured {
        let line = budget.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        let limit: f64 =
            line.ok_or_else(|| format!("{BUDGET} has no line for `{name}`: add `{name} {found:.0}`"))?.parse()?;
        if *found > limit * TOLERANCE {
            exceeded.push(format!("{name}: {found:.0} are more than the budget of {limit:.0}"));
        }
    }
    Ok(exceeded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_percent_above_the_budget_pass_and_more_does_not() {
        let budget = "# A comment.\ninstructions 1000\nallocations 50\n";
        assert_eq!(exceeded(budget, &[("instructions", 1020.0), ("allocations", 51.0)]).unwrap(), Vec::<String>::new());
        let told = exceeded(budget, &[("instructions", 1021.0), ("allocations", 52.0)]).unwrap();
        assert_eq!(told.first().unwrap(), "instructions: 1021 are more than the budget of 1000");
        assert_eq!(told.len(), 2);
        assert!(exceeded(budget, &[("crates", 1.0)]).unwrap_err().to_string().contains("add `crates 1`"));
    }
}
