//! Typed metadata: the trait for a service's own types, and the collector of their pairs.

use std::{collections::BTreeMap, fmt};

use crate::{EmptyMetadata, Metadata, MetadataKeys, Redacted};

/// A type that can be the metadata of a ticket.
///
/// It is usually derived, with [the derive macro](derive@crate::TicketMetadata) of the same name. Implement it by hand if the
/// derive has no attribute for a conversion:
///
/// ```
/// use vambe_api::{Metadata, MetadataPairs, TicketMetadata};
///
/// struct Amount { cents: u64 }
///
/// impl TicketMetadata for Amount {
///     fn write_to(&self, pairs: &mut MetadataPairs) {
///         pairs.insert("amount", format_args!("{}.{:02}", self.cents / 100, self.cents % 100));
///         pairs.insert("currency", "EUR");
///     }
/// }
///
/// let metadata = Amount { cents: 1205 }.to_metadata()?;
/// assert_eq!(metadata, Metadata::from([("amount", "12.05"), ("currency", "EUR")]));
/// # Ok::<(), vambe_api::EmptyMetadata>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the metadata of a ticket",
    note = "derive it for a struct with named fields: `#[derive(vambe_api::TicketMetadata)]`",
    note = "a single value needs `Display` and a field of its own"
)]
pub trait TicketMetadata {
    /// Writes the pairs of this value; an absent field writes none.
    fn write_to(&self, pairs: &mut MetadataPairs);

    /// Describes the keys that values of this type may write, for a JSON Schema. The default describes any keys.
    ///
    /// The derive implements it. An implementation by hand must add every key that [`write_to`](Self::write_to) may write:
    ///
    /// ```
    /// # struct Amount { cents: u64 }
    /// # use vambe_api::{MetadataKeys, MetadataPairs, TicketMetadata};
    /// impl TicketMetadata for Amount {
    ///     fn write_to(&self, pairs: &mut MetadataPairs) {
    ///         pairs.insert("amount", format_args!("{}.{:02}", self.cents / 100, self.cents % 100));
    ///         pairs.insert("currency", "EUR");
    ///     }
    ///
    ///     fn describe(keys: &mut MetadataKeys) {
    ///         keys.required("amount").description("With two decimals.");
    ///         keys.required("currency").values(&["EUR"]);
    ///     }
    /// }
    /// ```
    fn describe(keys: &mut MetadataKeys)
    where
        Self: Sized,
    {
        keys.any();
    }

    /// Returns the pairs of this value as [`Metadata`].
    ///
    /// # Errors
    ///
    /// [`EmptyMetadata`] if there are none, because every field is absent.
    fn to_metadata(&self) -> Result<Metadata, EmptyMetadata> {
        let mut pairs = MetadataPairs { prefix: String::new(), pairs: BTreeMap::new() };
        self.write_to(&mut pairs);
        pairs.pairs.try_into()
    }
}

/// Allows a field whose keys are known only at run time.
impl TicketMetadata for Metadata {
    fn write_to(&self, pairs: &mut MetadataPairs) {
        for (key, value) in self {
            pairs.insert(key, value);
        }
    }
}

impl<T: TicketMetadata + ?Sized> TicketMetadata for &T {
    fn write_to(&self, pairs: &mut MetadataPairs) {
        (**self).write_to(pairs);
    }
}

impl<T: TicketMetadata + ?Sized> TicketMetadata for Box<T> {
    fn write_to(&self, pairs: &mut MetadataPairs) {
        (**self).write_to(pairs);
    }
}

/// The collector of the pairs of a [`TicketMetadata`]. If a key is written twice, the last value counts.
///
/// `Debug` shows the keys and redacts the values.
pub struct MetadataPairs {
    prefix: String,
    pairs: BTreeMap<String, String>,
}

impl MetadataPairs {
    /// Adds a pair, with the `Display` text of the value.
    pub fn insert(&mut self, key: &str, value: impl fmt::Display) {
        self.pairs.insert(format!("{}{key}", self.prefix), value.to_string());
    }

    /// Adds all pairs of another value, each key after `prefix`, which may be empty.
    /// [`MetadataKeys::nested`] has an example.
    pub fn insert_nested<T: TicketMetadata + ?Sized>(&mut self, prefix: &str, nested: &T) {
        let outer = self.prefix.len();
        self.prefix.push_str(prefix);
        nested.write_to(self);
        self.prefix.truncate(outer);
    }
}

impl fmt::Debug for MetadataPairs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.pairs.keys().map(|key| (key, Redacted))).finish()
    }
}
