//! The key-value pairs to set on a ticket: at least one.

use std::{
    collections::{BTreeMap, HashMap, btree_map},
    fmt,
};

use crate::TicketMetadata;

/// Key-value pairs to set on a ticket, at least one, in the order of their keys.
///
/// The server merges them into the ticket's existing metadata: it overwrites the given keys and keeps the others. If a key is
/// given twice, the last value counts.
///
/// An update without a pair would do nothing and hide a mistake, so an empty `Metadata` cannot exist: the compiler counts the
/// pairs of an array, [`try_from_iter`](Self::try_from_iter) and the `TryFrom` implementations count others. The API allows an
/// empty update, which [`Client::raw`](crate::Client::raw) can send.
///
/// `Debug` shows the keys and redacts the values.
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
/// An empty array is a compile error:
///
/// ```compile_fail,E0080
/// let none: [(String, String); 0] = [];
/// let metadata = vambe_api::Metadata::from(none);
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Metadata(BTreeMap<String, String>);

impl Metadata {
    /// Collects the pairs of an iterator.
    ///
    /// # Errors
    ///
    /// [`EmptyMetadata`] if there are none.
    ///
    /// # Example
    ///
    /// ```
    /// use vambe_api::Metadata;
    ///
    /// let columns = [("order_id", "ORD-12345"), ("refund_reason", "")];
    /// let given = columns.into_iter().filter(|(_, value)| !value.is_empty());
    /// let metadata = Metadata::try_from_iter(given)?;
    /// assert_eq!(metadata.iter().len(), 1);
    /// # Ok::<(), vambe_api::EmptyMetadata>(())
    /// ```
    pub fn try_from_iter<K: Into<String>, V: Into<String>>(
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Result<Self, EmptyMetadata> {
        let pairs: BTreeMap<_, _> = pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        if pairs.is_empty() { Err(EmptyMetadata) } else { Ok(Self(pairs)) }
    }

    /// Inserts a pair. Returns the previous value of the key.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<String>) -> Option<String> {
        self.0.insert(key.into(), value.into())
    }

    /// Returns the value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// Returns an iterator over the pairs, in the order of their keys.
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
/// [`TicketMetadata`]. The derive also implements it for the type itself, so that a derived struct can be given by value. A generic
/// `M: TicketMetadata` is given by reference.
///
/// # Example
///
/// ```
/// use vambe_api::{EmptyMetadata, IntoMetadata, Metadata, TicketMetadata, metadata};
///
/// #[derive(TicketMetadata)]
/// struct Refund {
///     order_id: u64,
///     #[metadata(flatten)]
///     details: Metadata,
/// }
///
/// fn from_generic<M: TicketMetadata>(typed: M) -> Result<Metadata, EmptyMetadata> {
///     (&typed).into_metadata()
/// }
///
/// let refund = || Refund { order_id: 12345, details: metadata! { "reason" => "damaged" } };
/// let expected = Metadata::from([("order_id", "12345"), ("reason", "damaged")]);
/// assert_eq!(refund().into_metadata()?, expected);
/// assert_eq!((&refund()).into_metadata()?, expected);
/// assert_eq!(from_generic(refund())?, expected);
/// # Ok::<(), vambe_api::EmptyMetadata>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given as metadata",
    note = "give a `Metadata`, an array, a vector or a map of pairs, or `&value` of a type that implements `TicketMetadata`, also of a generic one"
)]
pub trait IntoMetadata {
    /// Converts the value into [`Metadata`].
    ///
    /// # Errors
    ///
    /// Returns [`EmptyMetadata`] if the value has no pair.
    fn into_metadata(self) -> Result<Metadata, EmptyMetadata>
    where
        Self: Sized;
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

/// The error of metadata without a key-value pair.
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
    fn rejects_an_empty_collection() {
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
        fn any_pairs_equal_a_map_and_empty_ones_are_rejected(pairs: Vec<(String, String)>) {
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
