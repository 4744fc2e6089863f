//! The pairs of schemas that a walk compares, and the operations that lead to each of them.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{
    node::Node,
    walk::{Context, Use, Walk},
};

/// The pairs that a walk has reached. A pair is compared when it is reached first; each further way to it is noted.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    indices: HashMap<(String, String, Use), usize>,
    /// The ways to each pair.
    ways: Vec<Ways>,
}

/// From where a pair is reached: operations, and other pairs.
#[derive(Debug, Default)]
struct Ways {
    operations: BTreeSet<String>,
    pairs: HashSet<usize>,
}

impl Pairs {
    /// The number of pairs.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.ways.len()
    }

    /// Lists the operations that lead to a pair.
    pub(super) fn operations(&self, pair: usize) -> Vec<String> {
        let (mut found, mut visited, mut queue) = (BTreeSet::new(), HashSet::from([pair]), vec![pair]);
        while let Some(ways) = queue.pop().and_then(|pair| self.ways.get(pair)) {
            found.extend(ways.operations.iter().cloned());
            queue.extend(ways.pairs.iter().copied().filter(|pair| visited.insert(*pair)));
        }
        found.into_iter().collect()
    }
}

impl<'a> Walk<'a> {
    /// Notes a way to a pair. Returns its index if it is reached for the first time.
    pub(super) fn enter(&mut self, context: &Context, base: &Node<'a>, head: &Node<'a>) -> Option<usize> {
        // An absent schema is the same one everywhere.
        let key = |schema: &Node<'a>| match schema.present {
            true => [schema].into_iter().chain(&schema.parts).map(|part| &*part.at).collect::<Vec<_>>().join(" "),
            false => String::new(),
        };
        let (old, new) = (key(base), key(head));
        for part in [base].into_iter().chain(&base.parts) {
            if [head].into_iter().chain(&head.parts).any(|other| other.at == part.at) {
                self.compared.insert(part.at.clone());
            }
        }
        let next = self.pairs.ways.len();
        let index = *self.pairs.indices.entry((old, new, context.usage)).or_insert(next);
        if index == next {
            self.pairs.ways.push(Ways::default());
        }
        if let Some(ways) = self.pairs.ways.get_mut(index) {
            match context.pair {
                Some(pair) => drop(ways.pairs.insert(pair)),
                None => drop(ways.operations.insert(context.operation.clone())),
            }
        }
        (index == next).then_some(index)
    }
}
