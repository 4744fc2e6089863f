//! The key-value pairs to set on a ticket: never none.

use std::{
    collections::{BTreeMap, HashMap, btree_map},
    fmt,
};

use crate::TicketMetadata;

/// Key-value pairs to set on a ticket, at least one, in the order of their keys.
///
/// Vambe merges them with the ones that the ticket has: a key that is given is overwritten, any other is kept. Of a key
/// that is given twice, the last value counts.
///
/// An update without a pair would do nothing and hide a mistake, so there is no empty `Metadata`: pairs that are known
/// when the program is written are counted by the compiler, others by [`try_from_iter`](Self::try_from_iter) and the
/// `TryFrom` implementations. (The wire allows it; [`Client::raw`](crate::Client::raw) can send it.)
///
/// `Debug` shows the keys and hides the values.
///
/// # Example
///
/// ```
/// use vambe_api::Metadata;
///
/// let mut metadata = Metadata::from([("order_id", "ORD-12345")]);
/// metadata.insert("priority", "high");
/// assert_eq!(metadata.get("priority"), Some("high"));
/// assert_eq!(format!("{metadata:?}"), r#"{"order_id": [redacted], "priority": [redacted]}"#);
///
/// assert!(Metadata::try_from_iter(std::iter::empty::<(String, String)>()).is_err());
/// ```
///
/// An empty array does not compile:
///
/// ```compile_fail,E0080
/// let none: [(String, String); 0] = [];
/// let metadata = vambe_api::Metadata::from(none);
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Metadata(BTreeMap<String, String>);

impl Metadata {
    /// The pairs of an iterator.
    ///
    /// # Errors
    ///
    /// [`EmptyMetadata`] if it gives none.
    ///
    /// # Example
    ///
    /// ```
    /// use vambe_api::Metadata;
    ///
    /// let columns = [("order_id", "ORD-12345"), ("refund_reason", "")];
    /// let metadata = Metadata::try_from_iter(columns.into_iter().filter(|(_, value)| !value.is_empty()))?;
    /// assert_eq!(metadata.iter().len(), 1);
    /// # Ok::<(), vambe_api::EmptyMetadata>(())
    /// ```
    pub fn try_from_iter<K: Into<String>, V: Into<String>>(
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Self, EmptyMetadata> {
        let pairs: BTreeMap<_, _> = pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        if pairs.is_empty() { Err(EmptyMetadata) } else { Ok(Self(pairs)) }
    }

    /// Adds a pair, and gives back the value that the key had before.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<String>) -> Option<String> {
        self.0.insert(key.into(), value.into())
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// The pairs, in the order of their keys.
    pub fn iter(&self) -> btree_map::Iter<'_, String, String> {
        self.0.iter()
    }
}

impl<K: Into<String>, V: Into<String>, const N: usize> From<[(K, V); N]> for Metadata {
    fn from(pairs: [(K, V); N]) -> Self {
        const { assert!(N > 0, "metadata needs at least one key-value pair") }
        Self(BTreeMap::from(pairs.map(|(key, value)| (key.into(), value.into()))))
    }
}

impl TryFrom<BTreeMap<String, String>> for Metadata {
    type Error = EmptyMetadata;

    fn try_from(pairs: BTreeMap<String, String>) -> Result<Self, Self::Error> {
        if pairs.is_empty() { Err(EmptyMetadata) } else { Ok(Self(pairs)) }
    }
}

impl TryFrom<HashMap<String, String>> for Metadata {
    type Error = EmptyMetadata;

    fn try_from(pairs: HashMap<String, String>) -> Result<Self, Self::Error> {
        Self::try_from_iter(pairs)
    }
}

impl<K: Into<String>, V: Into<String>> TryFrom<Vec<(K, V)>> for Metadata {
    type Error = EmptyMetadata;

    fn try_from(pairs: Vec<(K, V)>) -> Result<Self, Self::Error> {
        Self::try_from_iter(pairs)
    }
}

impl From<Metadata> for BTreeMap<String, String> {
    fn from(metadata: Metadata) -> Self {
        metadata.0
    }
}

impl<'a> IntoIterator for &'a Metadata {
    type Item = (&'a String, &'a String);
    type IntoIter = btree_map::Iter<'a, String, String>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<K: Into<String>, V: Into<String>> Extend<(K, V)> for Metadata {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, pairs: I) {
        self.0.extend(pairs.into_iter().map(|(key, value)| (key.into(), value.into())));
    }
}

impl fmt::Debug for Metadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.0.keys().map(|key| (key, crate::Redacted))).finish()
    }
}

/// A value that can be given where a call takes metadata.
///
/// Implemented for [`Metadata`], for arrays, vectors and maps of pairs, and for references to a type that implements
/// [`TicketMetadata`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given as metadata",
    note = "give a `Metadata`, an array, a vector or a map of pairs, or a reference to a type that implements `TicketMetadata`"
)]
pub trait IntoMetadata {
    /// Converts the value into [`Metadata`].
    ///
    /// # Errors
    ///
    /// Returns [`EmptyMetadata`] if the value has no pair.
    fn into_metadata(self) -> Result<Metadata, EmptyMetadata>;
}

impl IntoMetadata for Metadata {
    fn into_metadata(self) -> Result<Metadata, EmptyMetadata> {
        Ok(self)
    }
}

impl<K: Into<String>, V: Into<String>, const N: usize> IntoMetadata for [(K, V); N] {
    fn into_metadata(self) -> Result<Metadata, EmptyMetadata> {
        Ok(self.into())
    }
}

impl<K: Into<String>, V: Into<String>> IntoMetadata for Vec<(K, V)> {
    fn into_metadata(self) -> Result<Metadata, EmptyMetadata> {
        self.try_into()
    }
}

impl IntoMetadata for BTreeMap<String, String> {
    fn into_metadata(self) -> Result<Metadata, EmptyMetadata> {
        self.try_into()
    }
}

impl IntoMetadata for HashMap<String, String> {
    fn into_metadata(self) -> Result<Metadata, EmptyMetadata> {
        self.try_into()
    }
}

impl<T: TicketMetadata + ?Sized> IntoMetadata for &T {
    fn into_metadata(self) -> Result<Metadata, EmptyMetadata> {
        self.to_metadata()
    }
}

/// There was no key-value pair to set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EmptyMetadata;

impl fmt::Display for EmptyMetadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the metadata is empty: give at least one key-value pair, or leave the update out")
    }
}

impl std::error::Error for EmptyMetadata {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_becomes_no_metadata() {
        assert_eq!(Metadata::try_from(BTreeMap::new()), Err(EmptyMetadata));
        assert_eq!(Metadata::try_from(HashMap::new()), Err(EmptyMetadata));
        assert_eq!(Metadata::try_from(Vec::<(String, String)>::new()), Err(EmptyMetadata));
    }

    #[test]
    fn keys_are_sorted_and_the_last_value_of_a_key_counts() {
        let metadata = Metadata::from([("b", "1"), ("a", "2"), ("b", "3")]);
        let pairs: Vec<_> = metadata.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(pairs, [("a", "2"), ("b", "3")]);
    }

    proptest::proptest! {
        #[test]
        fn any_pairs_are_those_of_a_map_and_none_are_refused(pairs: Vec<(String, String)>) {
            let map: BTreeMap<_, _> = pairs.iter().cloned().collect();
            match Metadata::try_from_iter(pairs) {
                Ok(metadata) => {
                    let shown = format!("{metadata:?}");
                    assert!(shown.matches("[redacted]").count() >= map.len(), "{shown}");
                    assert_eq!(BTreeMap::from(metadata), map);
                }
                Err(EmptyMetadata) => assert!(map.is_empty()),
            }
        }
    }
}
