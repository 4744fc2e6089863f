//! Why a text, or a redirect, is no fault.

use thiserror::Error;

/// A fault, or a mix of faults, that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FaultError {
    /// The text begins with no name of a fault.
    #[error("there is no fault `{name}`; {}", advice(*.nearest))]
    Unknown {
        /// The beginning of the text, up to its first colon.
        name: String,
        /// The name that looks most like it, if any does.
        nearest: Option<&'static str>,
    },
    /// What follows the name does not fit it.
    #[error("`{text}` is not of the form {form}; `vambe-emulator --list-faults` prints all forms")]
    Form {
        /// The whole text of the fault.
        text: String,
        /// What could be written.
        form: String,
    },
    /// A redirect with a status that is none.
    #[error("{status} is no redirect; give it a status from 300 to 399")]
    Redirect {
        /// The status that was given.
        status: u16,
    },
    /// A redirect to what no header can carry, or no text form.
    #[error("the location of a redirect is visible ASCII without commas; percent-encode everything else")]
    Location,
    /// A part of a mix that is no fault with a weight.
    #[error("`{part}` has no weight; write FAULT=WEIGHT with a whole number, such as none=9")]
    Weight {
        /// The part, as it stands between the commas.
        part: String,
    },
}

fn advice(nearest: Option<&str>) -> String {
    match nearest {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => "`vambe-emulator --list-faults` prints all of them".to_owned(),
    }
}

/// The name that takes the fewest changes to become `text`, if these are few.
pub(super) fn nearest(text: &str, names: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let (distance, name) = names.map(|name| (distance(text, name), name)).min()?;
    (distance <= name.len() / 3).then_some(name)
}

/// How many letters have to be changed, added or taken away (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (line, a) in a.chars().enumerate() {
        let mut left = line + 1;
        let mut next = vec![left];
        for (b, above) in b.chars().zip(row.windows(2)) {
            let &[diagonal, above] = above else { break };
            left = (left + 1).min(above + 1).min(diagonal + usize::from(a != b));
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_counts_changes() {
        for (a, b, expected) in
            [("", "", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("none", "nome", 1)]
        {
            assert_eq!(distance(a, b), expected, "{a} {b}");
        }
    }
}
