//! Parses the `KEY=VALUE` pairs of the command line.

use std::collections::BTreeMap;

use vambe_api::{EmptyMetadata, Metadata};

/// An invalid pair. Messages show no value, and no argument without `=`, which may be a value that lost its quotes.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PairError {
    #[error("pair {position} has no `=`: write KEY=VALUE, in quotes if it has spaces, as in \"note=call back\"")]
    NoEquals { position: usize },
    #[error("pair {position} has no key before its `=`: write KEY=VALUE")]
    EmptyKey { position: usize },
    #[error("the key {key:?} is given twice: a ticket has one value for each key")]
    Twice { key: String },
    #[error(transparent)]
    None(#[from] EmptyMetadata),
}

/// Parses the pairs. The key ends at the first `=`; the value may be empty or contain `=`.
pub(crate) fn parse(pairs: &[String]) -> Result<Metadata, PairError> {
    let mut metadata = BTreeMap::new();
    for (index, pair) in pairs.iter().enumerate() {
        let position = index + 1;
        let (key, value) = pair.split_once('=').ok_or(PairError::NoEquals { position })?;
        if key.is_empty() {
            return Err(PairError::EmptyKey { position });
        }
        if metadata.insert(key.to_owned(), value.to_owned()).is_some() {
            return Err(PairError::Twice { key: key.to_owned() });
        }
    }
    Ok(Metadata::try_from(metadata)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_all(pairs: &[&str]) -> Result<Metadata, PairError> {
        parse(&pairs.iter().map(|&pair| pair.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn the_key_ends_at_the_first_equals_sign() {
        let metadata = parse_all(&["b=1", "a=x=y=", "empty=", " k =v"]).unwrap();
        let pairs: Vec<_> = metadata.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(pairs, [(" k ", "v"), ("a", "x=y="), ("b", "1"), ("empty", "")]);
    }

    #[test]
    fn rejects_invalid_pairs_without_showing_them() {
        let cases = [
            (&["a=1", "hunter2"][..], PairError::NoEquals { position: 2 }),
            (&[""], PairError::NoEquals { position: 1 }),
            (&["=hunter2"], PairError::EmptyKey { position: 1 }),
            (&["a=hunter2", "b=1", "a=hunter2"], PairError::Twice { key: "a".into() }),
            (&[], PairError::None(Metadata::try_from(BTreeMap::new()).unwrap_err())),
        ];
        for (pairs, expected) in cases {
            let error = parse_all(pairs).unwrap_err();
            assert_eq!(error, expected, "{pairs:?}");
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
        }
    }
}
