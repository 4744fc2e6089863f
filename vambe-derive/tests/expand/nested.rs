#[derive(TicketMetadata)]
struct Refund {
    #[metadata(flatten)]
    order: Order,
    #[metadata(prefix = "customer_")]
    customer: Option<Customer>,
}

// Expansion:

#[automatically_derived]
#[allow(deprecated, unused_imports, unused_variables)]
impl ::vambe_api::TicketMetadata for Refund {
    fn write_to(&self, pairs: &mut ::vambe_api::MetadataPairs) {
        pairs.insert_nested("", &self.order);
        if let ::core::option::Option::Some(value) = &self.customer {
            pairs.insert_nested("customer_", value);
        }
    }
    fn describe(keys: &mut ::vambe_api::MetadataKeys)
    where
        Self: ::core::marker::Sized,
    {
        use ::vambe_api::__private::AnyValue as _;
        keys.nested("", <::vambe_api::__private::FieldSchema<Order>>::describe);
        keys.optional_nested(
            "customer_",
            <::vambe_api::__private::FieldSchema<Customer>>::describe,
        );
    }
}
#[automatically_derived]
#[allow(deprecated)]
impl ::core::convert::TryFrom<&Refund> for ::vambe_api::Metadata {
    type Error = ::vambe_api::EmptyMetadata;
    fn try_from(
        typed: &Refund,
    ) -> ::core::result::Result<Self, ::vambe_api::EmptyMetadata> {
        ::vambe_api::TicketMetadata::to_metadata(typed)
    }
}
#[automatically_derived]
#[allow(deprecated)]
impl ::vambe_api::IntoMetadata for Refund {
    fn into_metadata(
        self,
    ) -> ::core::result::Result<::vambe_api::Metadata, ::vambe_api::EmptyMetadata>
    where
        Self: ::core::marker::Sized,
    {
        ::vambe_api::TicketMetadata::to_metadata(&self)
    }
}
