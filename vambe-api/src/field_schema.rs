//! What the derive refers to in order to describe a field of which it knows the type's name only.

use std::marker::PhantomData;

use crate::{MetadataKeys, TicketMetadata};

/// The texts of an enum, by its derive.
pub trait EnumValues {
    /// In the order of the variants.
    const VALUES: &'static [&'static str];
}

impl<T: EnumValues + ?Sized> EnumValues for &T {
    const VALUES: &'static [&'static str] = T::VALUES;
}

/// The type of a field: what is known of it, if its own items below apply, or else what the trait [`AnyValue`] says.
///
/// The compiler takes an item of the type before one of a trait of the same name, wherever its bounds hold.
#[derive(Debug)]
pub struct FieldSchema<T: ?Sized>(PhantomData<T>);

impl<T: EnumValues + ?Sized> FieldSchema<T> {
    /// All texts that a value can have.
    pub const VALUES: &'static [&'static str] = T::VALUES;
}

impl<T: TicketMetadata> FieldSchema<T> {
    /// Tells the keys that a nested value may write.
    pub fn describe(keys: &mut MetadataKeys) {
        T::describe(keys);
    }
}

/// A value of any text, or a nested value with any keys.
pub trait AnyValue {
    /// None: any text.
    const VALUES: &'static [&'static str] = &[];

    /// Any keys.
    fn describe(keys: &mut MetadataKeys) {
        keys.any();
    }
}

impl<T: ?Sized> AnyValue for FieldSchema<T> {}
