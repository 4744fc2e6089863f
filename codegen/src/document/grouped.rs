//! Equal problems together, so that a mistake that a document repeats hundreds of times is one entry of a report.

use std::{collections::HashMap, hash::Hash};

/// The number of places that are listed.
const SHOWN: usize = 5;

/// Groups values by their keys, both in the order of their first occurrence.
pub(crate) fn grouped<K: Hash + Eq + Clone, V>(pairs: impl Iterator<Item = (K, V)>) -> Vec<(K, Vec<V>)> {
    let mut indices = HashMap::new();
    let mut groups: Vec<(K, Vec<V>)> = Vec::new();
    for (key, value) in pairs {
        let index = *indices.entry(key.clone()).or_insert(groups.len());
        match groups.get_mut(index) {
            Some((_, values)) => values.push(value),
            None => groups.push((key, vec![value])),
        }
    }
    groups
}

/// Lists the first places, and counts the others. A place is the name of a file, and a position, and the name is not repeated.
pub(crate) fn listed(places: &[(&str, String)]) -> String {
    let mut last = "";
    let shown = places.iter().take(SHOWN).map(|(file, position)| match std::mem::replace(&mut last, file) {
        same if same == *file => position.clone(),
        _ => format!("{file}:{position}"),
    });
    let shown = shown.collect::<Vec<_>>().join(", ");
    match places.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_keep_the_order_and_places_are_counted() {
        let pairs = [("b", 1), ("a", 2), ("b", 3)];
        assert_eq!(grouped(pairs.into_iter()), [("b", vec![1, 3]), ("a", vec![2])]);
        let mut places: Vec<_> = (1..=7).map(|line| ("a.yaml", format!("{line}:1"))).collect();
        assert_eq!(listed(&places), "a.yaml:1:1, 2:1, 3:1, 4:1, 5:1 and 2 more");
        places[1].0 = "b.yaml";
        assert_eq!(listed(&places[..3]), "a.yaml:1:1, b.yaml:2:1, a.yaml:3:1");
    }
}
