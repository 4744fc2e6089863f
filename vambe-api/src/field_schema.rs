//! The schema of a field's type, for the expansion of the derive, which knows only the name of the type.

use std::marker::PhantomData;

use crate::{MetadataKeys, TicketMetadata};

/// The values of an enum; implemented by its derive.
pub trait EnumValues {
    /// The values, in the order of the variants.
    const VALUES: &'static [&'static str];
}

impl<T: EnumValues + ?Sized> EnumValues for &T {
    const VALUES: &'static [&'static str] = T::VALUES;
}

/// The schema of the field type `T`: from its inherent items below if their bounds hold, else from the trait [`AnyValue`].
///
/// The compiler prefers an inherent item to a trait's item of the same name.
#[derive(Debug)]
pub struct FieldSchema<T: ?Sized>(PhantomData<T>);

impl<T: EnumValues + ?Sized> FieldSchema<T> {
    /// All values of the type.
    pub const VALUES: &'static [&'static str] = T::VALUES;
}

impl<T: TicketMetadata> FieldSchema<T> {
    /// Describes the keys that a nested value may write.
    pub fn describe(keys: &mut MetadataKeys) {
        T::describe(keys);
    }
}

/// The schema of a type that is not known: any value, or any keys if it is nested.
pub trait AnyValue {
    /// Empty, for any value.
    const VALUES: &'static [&'static str] = &[];

    /// Describes any keys.
    fn describe(keys: &mut MetadataKeys) {
        keys.any();
    }
}

impl<T: ?Sized> AnyValue for FieldSchema<T> {}
