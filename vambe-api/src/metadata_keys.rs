//! The keys that a type of metadata may write, described without a value of it.

use std::collections::BTreeMap;

/// What a [`TicketMetadata`](trait@crate::TicketMetadata) tells its keys to, for the JSON Schema of what it writes.
///
/// It is there whatever the features are, so that what the derive writes does not depend on them; only the feature
/// `schemars` reads it.
#[derive(Debug, Default)]
pub struct MetadataKeys {
    prefix: String,
    /// Whether all that is told now may be absent altogether.
    absent: bool,
    keys: BTreeMap<String, MetadataKey>,
    /// The prefixes of keys that are known at run time only.
    any: Vec<String>,
}

/// One key of [`MetadataKeys`].
#[derive(Debug, Default)]
#[cfg_attr(not(feature = "schemars"), allow(dead_code))]
pub struct MetadataKey {
    pub(crate) required: bool,
    /// Whether its text may be from elsewhere, so that the texts told here are not all.
    shared: bool,
    pub(crate) description: &'static str,
    pub(crate) texts: &'static [&'static str],
}

impl MetadataKeys {
    /// A key that is always written.
    pub fn required(&mut self, key: &str) -> &mut MetadataKey {
        self.key(key, !self.absent)
    }

    /// A key that may be absent.
    pub fn optional(&mut self, key: &str) -> &mut MetadataKey {
        self.key(key, false)
    }

    /// The keys of another type, each after `prefix`, which may be empty; `describe` is that type's.
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

    /// The same for a value that may be absent, and all its keys with it.
    pub fn optional_nested(&mut self, prefix: &str, describe: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.absent, true);
        self.nested(prefix, describe);
        self.absent = outer;
    }

    /// Any number of keys that are known at run time only.
    pub fn any(&mut self) {
        for (_, key) in self.keys.iter_mut().filter(|(key, _)| key.starts_with(&self.prefix)) {
            key.texts = &[];
            key.shared = true;
        }
        self.any.push(self.prefix.clone());
    }

    /// Of a key that is told twice, the last value counts, and with it its texts if it is always written.
    fn key(&mut self, key: &str, required: bool) -> &mut MetadataKey {
        let name = format!("{}{key}", self.prefix);
        let by_any = self.any.iter().any(|prefix| name.starts_with(prefix));
        let earlier = self.keys.get(&name);
        let key = MetadataKey {
            required: required || earlier.is_some_and(|earlier| earlier.required),
            shared: !required && (by_any || earlier.is_some()),
            ..MetadataKey::default()
        };
        let entry = self.keys.entry(name).or_default();
        *entry = key;
        entry
    }

    /// All keys, and whether there may be others.
    #[cfg(feature = "schemars")]
    pub(crate) fn into_parts(self) -> (BTreeMap<String, MetadataKey>, bool) {
        (self.keys, !self.any.is_empty())
    }
}

impl MetadataKey {
    /// What is told of the key to people.
    pub fn description(&mut self, description: &'static str) -> &mut Self {
        self.description = description;
        self
    }

    /// The only texts that its value can have; none for any text.
    pub fn texts(&mut self, texts: &'static [&'static str]) -> &mut Self {
        if !self.shared {
            self.texts = texts;
        }
        self
    }
}
