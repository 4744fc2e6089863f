//! The error of parsing or building a fault.

use thiserror::Error;

/// A fault or a mix of faults that is invalid.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FaultError {
    /// The text does not begin with the name of a fault.
    #[error("unknown fault `{name}`; {}", advice(*.nearest))]
    Unknown {
        /// The text up to its first colon.
        name: String,
        /// The most similar name, if one is close.
        nearest: Option<&'static str>,
    },
    /// The part after the name is invalid for this fault.
    #[error("`{text}` does not match {form}; `--list-faults` explains all forms")]
    Form {
        /// The whole text of the fault.
        text: String,
        /// The form of this kind of fault.
        form: &'static str,
    },
    /// The status of a redirect is not 3xx.
    #[error("{status} is not a redirect; use a status from 300 to 399")]
    Redirect {
        /// The rejected status.
        status: u16,
    },
    /// The location of a redirect does not fit into a header or into the text form.
    #[error("the location of a redirect must be visible ASCII without commas; percent-encode everything else")]
    Location,
    /// A part of a mix is not a fault with a weight.
    #[error("`{part}` has no weight; write FAULT=WEIGHT with a whole number, such as none=9")]
    Weight {
        /// The text between two commas.
        part: String,
    },
}

fn advice(nearest: Option<&str>) -> String {
    match nearest {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => "`--list-faults` prints all of them".to_owned(),
    }
}

/// Returns the name with the smallest edit distance to `text`, if it is close.
pub(super) fn nearest(text: &str, names: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let (distance, name) = names.map(|name| (distance(text, name), name)).min()?;
    (distance <= name.len() / 3).then_some(name)
}

/// Returns the Levenshtein distance.
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
    fn the_distance_counts_edits() {
        for (a, b, expected) in
            [("", "", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("none", "nome", 1)]
        {
            assert_eq!(distance(a, b), expected, "{a} {b}");
        }
    }
}
