//! The keys that a type of metadata may write, described without a value of the type.

use std::collections::BTreeMap;

/// The collected keys of a [`TicketMetadata`](trait@crate::TicketMetadata), for the JSON Schema of its metadata.
///
/// It exists with any features, so that the expansion of the derive does not depend on them; only the feature `schemars` reads
/// it.
#[derive(Debug, Default)]
pub struct MetadataKeys {
    prefix: String,
    /// True if the keys described now belong to a value that may be absent.
    absent: bool,
    keys: BTreeMap<String, MetadataKey>,
    /// The prefixes of keys that are known only at run time.
    any: Vec<String>,
}

/// One key of [`MetadataKeys`].
#[derive(Debug, Default)]
#[cfg_attr(not(feature = "schemars"), allow(dead_code))]
pub struct MetadataKey {
    pub(crate) required: bool,
    /// True if another field may write the same key, so that `values` is not complete.
    shared: bool,
    pub(crate) description: &'static str,
    pub(crate) values: &'static [&'static str],
}

impl MetadataKeys {
    /// Adds a key that is always written.
    pub fn required(&mut self, key: &str) -> &mut MetadataKey {
        self.key(key, !self.absent)
    }

    /// Adds a key that may be absent.
    pub fn optional(&mut self, key: &str) -> &mut MetadataKey {
        self.key(key, false)
    }

    /// Adds the keys of another type, each after `prefix`, which may be empty. `describe` is the function of that type.
    ///
    /// # Example
    ///
    /// ```
    /// use vambe_api::{MetadataKeys, MetadataPairs, TicketMetadata};
    ///
    /// #[derive(TicketMetadata)]
    /// struct Address {
    ///     city: String,
    /// }
    ///
    /// struct Parcel(Address);
    ///
    /// impl TicketMetadata for Parcel {
    ///     fn write_to(&self, pairs: &mut MetadataPairs) {
    ///         pairs.insert_nested("parcel_", &self.0);
    ///     }
    ///
    ///     fn describe(keys: &mut MetadataKeys) {
    ///         keys.nested("parcel_", Address::describe);
    ///     }
    /// }
    /// ```
    pub fn nested(&mut self, prefix: &str, describe: impl FnOnce(&mut Self)) {
        let outer = self.prefix.len();
        self.prefix.push_str(prefix);
        describe(self);
        self.prefix.truncate(outer);
    }

    /// Adds the keys of another type whose value may be absent.
    pub fn optional_nested(&mut self, prefix: &str, describe: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.absent, true);
        self.nested(prefix, describe);
        self.absent = outer;
    }

    /// Adds any number of keys that are known only at run time.
    pub fn any(&mut self) {
        for (_, key) in self.keys.iter_mut().filter(|(key, _)| key.starts_with(&self.prefix)) {
            key.values = &[];
            key.shared = true;
        }
        self.any.push(self.prefix.clone());
    }

    /// Adds a key. If a key is added twice, its last value counts, and so do its allowed values if it is always written.
    fn key(&mut self, key: &str, required: bool) -> &mut MetadataKey {
        let name = format!("{}{key}", self.prefix);
        let by_any = self.any.iter().any(|prefix| name.starts_with(prefix));
        let earlier = self.keys.get(&name);
        let key = MetadataKey {
            required: required || earlier.is_some_and(|earlier| earlier.required),
            shared: !required && (by_any || earlier.is_some()),
            ..MetadataKey::default()
        };
        self.keys.entry(name).insert_entry(key).into_mut()
    }

    /// Returns all keys, and `true` if there may be others.
    #[cfg(feature = "schemars")]
    pub(crate) fn into_parts(self) -> (BTreeMap<String, MetadataKey>, bool) {
        (self.keys, !self.any.is_empty())
    }
}

impl MetadataKey {
    /// Sets the description of the key in the schema.
    pub fn description(&mut self, description: &'static str) -> &mut Self {
        self.description = description;
        self
    }

    /// Sets the only values of the key; an empty list allows any value.
    pub fn values(&mut self, values: &'static [&'static str]) -> &mut Self {
        if !self.shared {
            self.values = values;
        }
        self
    }
}
