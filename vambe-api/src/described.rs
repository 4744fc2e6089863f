//! What the derive refers to in order to describe a field of which it knows the type's name only.

use std::marker::PhantomData;

use crate::{MetadataKeys, TicketMetadata};

/// The texts of an enum, by its derive.
pub trait Texts {
    /// In the order of the variants.
    const TEXTS: &'static [&'static str];
}

impl<T: Texts + ?Sized> Texts for &T {
    const TEXTS: &'static [&'static str] = T::TEXTS;
}

/// The type of a field: what is known of it, if its own items below apply, or else what the trait [`Unknown`] says.
///
/// The compiler takes an item of the type before one of a trait of the same name, wherever its bounds hold.
#[derive(Debug)]
pub struct Described<T: ?Sized>(PhantomData<T>);

impl<T: Texts + ?Sized> Described<T> {
    /// All texts that a value can have.
    pub const TEXTS: &'static [&'static str] = T::TEXTS;
}

impl<T: TicketMetadata> Described<T> {
    /// Tells the keys that a nested value may write.
    pub fn describe(keys: &mut MetadataKeys) {
        T::describe(keys);
    }
}

/// A value of any text, or a nested value with any keys.
pub trait Unknown {
    /// None: any text.
    const TEXTS: &'static [&'static str] = &[];

    /// Any keys.
    fn describe(keys: &mut MetadataKeys) {
        keys.any();
    }
}

impl<T: ?Sized> Unknown for Described<T> {}
