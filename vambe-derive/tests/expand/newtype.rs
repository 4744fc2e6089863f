#[derive(TicketMetadata)]
#[metadata(crate = "crate::services::tickets")]
struct Wrapper<T>(T);

// Expansion:

#[automatically_derived]
#[allow(deprecated, unused_imports, unused_variables)]
impl<T> crate::services::tickets::TicketMetadata for Wrapper<T>
where
    T: crate::services::tickets::TicketMetadata,
{
    fn write_to(&self, pairs: &mut crate::services::tickets::MetadataPairs) {
        crate::services::tickets::TicketMetadata::write_to(&self.0, pairs);
    }
    fn describe(keys: &mut crate::services::tickets::MetadataKeys)
    where
        Self: ::core::marker::Sized,
    {
        use crate::services::tickets::__private::AnyValue as _;
        <crate::services::tickets::__private::FieldSchema<T>>::describe(keys);
    }
}
#[automatically_derived]
#[allow(deprecated)]
impl<T> ::core::convert::TryFrom<&Wrapper<T>> for crate::services::tickets::Metadata
where
    T: crate::services::tickets::TicketMetadata,
{
    type Error = crate::services::tickets::EmptyMetadata;
    fn try_from(
        typed: &Wrapper<T>,
    ) -> ::core::result::Result<Self, crate::services::tickets::EmptyMetadata> {
        crate::services::tickets::TicketMetadata::to_metadata(typed)
    }
}
#[automatically_derived]
#[allow(deprecated)]
impl<T> crate::services::tickets::IntoMetadata for Wrapper<T>
where
    T: crate::services::tickets::TicketMetadata,
{
    fn into_metadata(
        self,
    ) -> ::core::result::Result<
        crate::services::tickets::Metadata,
        crate::services::tickets::EmptyMetadata,
    >
    where
        Self: ::core::marker::Sized,
    {
        crate::services::tickets::TicketMetadata::to_metadata(&self)
    }
}
