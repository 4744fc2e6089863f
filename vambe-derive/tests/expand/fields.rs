#[derive(TicketMetadata)]
#[metadata(rename_all = "camelCase")]
struct Order {
    order_id: u64,
    r#type: String,
    #[metadata(rename = "reason")]
    refund_reason: Option<String>,
    #[metadata(with = money::euros)]
    total: Option<u64>,
    #[metadata(with = joined, skip_serializing_if = Vec::is_empty)]
    articles: Vec<String>,
    #[metadata(skip)]
    note: Vec<u8>,
}

// Expansion:

#[automatically_derived]
#[allow(deprecated, unused_imports, unused_variables)]
impl ::vambe_api::TicketMetadata for Order {
    fn write_to(&self, pairs: &mut ::vambe_api::MetadataPairs) {
        pairs.insert("orderId", &self.order_id);
        pairs.insert("type", &self.r#type);
        if let ::core::option::Option::Some(value) = &self.refund_reason {
            pairs.insert("reason", value);
        }
        if let ::core::option::Option::Some(value) = &self.total {
            pairs.insert("total", money::euros(value));
        }
        if !Vec::is_empty(&self.articles) {
            pairs.insert("articles", joined(&self.articles));
        }
    }
    fn describe(keys: &mut ::vambe_api::MetadataKeys)
    where
        Self: ::core::marker::Sized,
    {
        use ::vambe_api::__private::AnyValue as _;
        keys.required("orderId")
            .values(<::vambe_api::__private::FieldSchema<u64>>::VALUES);
        keys.required("type")
            .values(<::vambe_api::__private::FieldSchema<String>>::VALUES);
        keys.optional("reason")
            .values(<::vambe_api::__private::FieldSchema<String>>::VALUES);
        keys.optional("total");
        keys.optional("articles");
    }
}
#[automatically_derived]
#[allow(deprecated)]
impl ::core::convert::TryFrom<&Order> for ::vambe_api::Metadata {
    type Error = ::vambe_api::EmptyMetadata;
    fn try_from(
        typed: &Order,
    ) -> ::core::result::Result<Self, ::vambe_api::EmptyMetadata> {
        ::vambe_api::TicketMetadata::to_metadata(typed)
    }
}
#[automatically_derived]
#[allow(deprecated)]
impl ::vambe_api::IntoMetadata for Order {
    fn into_metadata(
        self,
    ) -> ::core::result::Result<::vambe_api::Metadata, ::vambe_api::EmptyMetadata>
    where
        Self: ::core::marker::Sized,
    {
        ::vambe_api::TicketMetadata::to_metadata(&self)
    }
}
