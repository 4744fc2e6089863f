//! `bench budget`: fails if a call, a row of an import or the dependency tree of a consumer exceeds `benches/budget.txt`.

use std::{fs, io::Write as _};

use vambe_benches::{
    Failure,
    contender::{BLOCKING, NOT_FOUND, OURS, RETRY},
};

use crate::{
    bad_paths,
    call::{self, allocations_of, instructions_of},
    consumer::{crates_of_ours, crates_of_ours_without_features},
    import,
    process::{Server, root},
};

const BUDGET: &str = "benches/budget.txt";
/// The tolerance of a budget, for differences between machines.
const TOLERANCE: f64 = 1.02;

pub(crate) fn check() -> Result<(), Failure> {
    let budget =
        fs::read_to_string(root()?.join(BUDGET)).map_err(|error| format!("{BUDGET} cannot be read: {error}"))?;
    let server = Server::start()?;
    let calls = [
        ("call", call::LENGTHS, OURS),
        ("blocking call", call::LENGTHS, BLOCKING),
        ("404", bad_paths::LENGTHS, NOT_FOUND),
        ("retry", bad_paths::LENGTHS, RETRY),
    ];
    let mut measured = Vec::new();
    for (name, lengths, contender) in calls {
        measured.push((format!("{name}: instructions"), instructions_of(&lengths, &server, contender)?));
        measured.push((format!("{name}: allocations"), allocations_of(&server, contender)?));
    }
    let row = import::cost_of_row(&server)?;
    measured.push(("import row: instructions".to_owned(), row.instructions));
    measured.push(("import row: allocations".to_owned(), row.allocations));
    measured.push(("consumer: crates".to_owned(), crates_of_ours()?));
    measured.push(("consumer without features: crates".to_owned(), crates_of_ours_without_features()?));
    let found: String = measured.iter().map(|(name, found)| format!("{name} {found:.0}\n")).collect();
    std::io::stdout().write_all(found.as_bytes())?;
    match exceeded(&budget, &measured)?.as_slice() {
        [] => Ok(()),
        exceeded => {
            Err(format!("{}; save it elsewhere, or say in {BUDGET} why it is worth it", exceeded.join(", ")).into())
        }
    }
}

/// Describes the measurements that exceed their budgets.
fn exceeded(budget: &str, measured: &[(String, f64)]) -> Result<Vec<String>, Failure> {
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
        let budget = "# A comment.\ncall: instructions 1000\ncall: allocations 50\n";
        let exceeded = |measured: &[(&str, f64)]| {
            let measured: Vec<_> = measured.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
            exceeded(budget, &measured)
        };
        let within = exceeded(&[("call: instructions", 1020.0), ("call: allocations", 51.0)]);
        assert_eq!(within.unwrap(), Vec::<String>::new());
        let above = exceeded(&[("call: instructions", 1021.0), ("call: allocations", 52.0)]).unwrap();
        assert_eq!(above.first().unwrap(), "call: instructions: 1021 are more than the budget of 1000");
        assert_eq!(above.len(), 2);
        assert!(exceeded(&[("crates", 1.0)]).unwrap_err().to_string().contains("add `crates 1`"));
    }
}
