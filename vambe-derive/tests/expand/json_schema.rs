/// An order.
///
/// With its refund.
#[derive(TicketMetadata)]
#[metadata(json_schema)]
struct r#Order<T> {
    /// The number on the invoice.
    order_id: u64,
    #[doc = include_str!("reason.md")]
    #[metadata(rename = "reason")]
    refund_reason: Option<Reason>,
    #[metadata(with = joined, skip_serializing_if = Vec::is_empty)]
    articles: Vec<String>,
    #[metadata(flatten)]
    agent: T,
    #[metadata(prefix = "customer_")]
    customer: Option<Agent>,
    #[metadata(skip)]
    note: Note,
}

// Expansion:

#[automatically_derived]
#[allow(deprecated, unused_imports, unused_variables)]
impl<T> ::vambe_api::TicketMetadata for r#Order<T>
where
    T: ::vambe_api::TicketMetadata,
{
    fn write_to(&self, pairs: &mut ::vambe_api::MetadataPairs) {
        pairs.insert("order_id", &self.order_id);
        if let ::core::option::Option::Some(value) = &self.refund_reason {
            pairs.insert("reason", value);
        }
        if !Vec::is_empty(&self.articles) {
            pairs.insert("articles", joined(&self.articles));
        }
        pairs.insert_nested("", &self.agent);
        if let ::core::option::Option::Some(value) = &self.customer {
            pairs.insert_nested("customer_", value);
        }
    }
    fn describe(keys: &mut ::vambe_api::MetadataKeys)
    where
        Self: ::core::marker::Sized,
    {
        use ::vambe_api::__private::AnyValue as _;
        keys.required("order_id")
            .description("The number on the invoice.")
            .values(<::vambe_api::__private::FieldSchema<u64>>::VALUES);
        keys.optional("reason")
            .description(include_str!("reason.md"))
            .values(<::vambe_api::__private::FieldSchema<Reason>>::VALUES);
        keys.optional("articles");
        keys.nested("", <::vambe_api::__private::FieldSchema<T>>::describe);
        keys.optional_nested(
            "customer_",
            <::vambe_api::__private::FieldSchema<Agent>>::describe,
        );
    }
}
#[automatically_derived]
#[allow(deprecated)]
impl<T> ::core::convert::TryFrom<&r#Order<T>> for ::vambe_api::Metadata
where
    T: ::vambe_api::TicketMetadata,
{
    type Error = ::vambe_api::EmptyMetadata;
    fn try_from(
        typed: &r#Order<T>,
    ) -> ::core::result::Result<Self, ::vambe_api::EmptyMetadata> {
        ::vambe_api::TicketMetadata::to_metadata(typed)
    }
}
#[automatically_derived]
#[allow(deprecated)]
impl<T> ::vambe_api::IntoMetadata for r#Order<T>
where
    T: ::vambe_api::TicketMetadata,
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
#[automatically_derived]
#[allow(deprecated)]
impl<T> ::vambe_api::__private::json_schema::JsonSchema for r#Order<T>
where
    T: ::vambe_api::TicketMetadata,
{
    fn schema_name() -> ::std::borrow::Cow<'static, str> {
        ::std::borrow::Cow::Borrowed("Order")
    }
    fn schema_id() -> ::std::borrow::Cow<'static, str> {
        ::std::borrow::Cow::Borrowed(::core::any::type_name::<Self>())
    }
    fn json_schema(
        _: &mut ::vambe_api::__private::json_schema::SchemaGenerator,
    ) -> ::vambe_api::__private::json_schema::Schema {
        ::vambe_api::__private::json_schema::of_metadata::<
            Self,
        >(::core::concat!("An order.", "\n", "", "\n", "With its refund."))
    }
}
