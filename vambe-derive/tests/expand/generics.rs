#[derive(TicketMetadata)]
struct Generic<'a, T, N: Clone = Order, const LENGTH: usize = 1>
where
    T: Copy,
{
    name: &'a str,
    value: T,
    other: Option<Wrapped<T>>,
    #[metadata(flatten)]
    nested: N,
    #[metadata(skip)]
    skipped: [T; LENGTH],
}

// Expansion:

#[automatically_derived]
#[allow(deprecated, unused_imports, unused_variables)]
impl<'a, T, N: Clone, const LENGTH: usize> ::vambe_api::TicketMetadata
for Generic<'a, T, N, LENGTH>
where
    T: Copy,
    T: ::core::fmt::Display,
    Wrapped<T>: ::core::fmt::Display,
    N: ::vambe_api::TicketMetadata,
{
    fn write_to(&self, pairs: &mut ::vambe_api::MetadataPairs) {
        pairs.insert("name", &self.name);
        pairs.insert("value", &self.value);
        if let ::core::option::Option::Some(value) = &self.other {
            pairs.insert("other", value);
        }
        pairs.insert_nested("", &self.nested);
    }
    fn describe(keys: &mut ::vambe_api::MetadataKeys)
    where
        Self: ::core::marker::Sized,
    {
        use ::vambe_api::__private::AnyValue as _;
        keys.required("name")
            .values(<::vambe_api::__private::FieldSchema<&'a str>>::VALUES);
        keys.required("value").values(<::vambe_api::__private::FieldSchema<T>>::VALUES);
        keys.optional("other")
            .values(<::vambe_api::__private::FieldSchema<Wrapped<T>>>::VALUES);
        keys.nested("", <::vambe_api::__private::FieldSchema<N>>::describe);
    }
}
#[automatically_derived]
#[allow(deprecated)]
impl<
    'a,
    T,
    N: Clone,
    const LENGTH: usize,
> ::core::convert::TryFrom<&Generic<'a, T, N, LENGTH>> for ::vambe_api::Metadata
where
    T: Copy,
    T: ::core::fmt::Display,
    Wrapped<T>: ::core::fmt::Display,
    N: ::vambe_api::TicketMetadata,
{
    type Error = ::vambe_api::EmptyMetadata;
    fn try_from(
        typed: &Generic<'a, T, N, LENGTH>,
    ) -> ::core::result::Result<Self, ::vambe_api::EmptyMetadata> {
        ::vambe_api::TicketMetadata::to_metadata(typed)
    }
}
#[automatically_derived]
#[allow(deprecated)]
impl<'a, T, N: Clone, const LENGTH: usize> ::vambe_api::IntoMetadata
for Generic<'a, T, N, LENGTH>
where
    T: Copy,
    T: ::core::fmt::Display,
    Wrapped<T>: ::core::fmt::Display,
    N: ::vambe_api::TicketMetadata,
{
    fn into_metadata(
        self,
    ) -> ::core::result::Result<::vambe_api::Metadata, ::vambe_api::EmptyMetadata>
    where
        Self: ::core::marker::Sized,
    {
        ::vambe_api::TicketMetadata::to_metadata(&self)
    }
}
