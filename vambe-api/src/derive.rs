//! The macros of `vambe-derive`, with their documentation, whose examples can only run in this crate.

/// Implements [`TicketMetadata`](trait@crate::TicketMetadata) for a struct, or `Display` for an enum that is a value in one.
///
/// ```
/// use vambe_api::{Metadata, TicketMetadata};
///
/// #[derive(TicketMetadata)]
/// #[metadata(rename_all = "lowercase")]
/// enum Priority {
///     Normal,
///     High,
/// }
///
/// #[derive(TicketMetadata)]
/// struct Order {
///     order_id: u64,
///     priority: Priority,
///     refund_reason: Option<String>,
/// }
///
/// let order = Order { order_id: 12345, priority: Priority::High, refund_reason: None };
/// let expected = Metadata::from([("order_id", "12345"), ("priority", "high")]);
/// assert_eq!(Metadata::try_from(&order)?, expected);
/// # let _ = Priority::Normal;
/// # Ok::<(), vambe_api::EmptyMetadata>(())
/// ```
///
/// - **A struct with named fields** has a pair per field, with its `Display` text. An `Option` that is `None` has none; a macro
///   sees only the name of a type, so it does not recognise an alias of `Option`. If every field is absent, the update fails
///   with [`EmptyMetadata`](crate::EmptyMetadata) and nothing is sent. The derive also implements
///   [`IntoMetadata`](crate::IntoMetadata) for `Order`, so that both `update_ticket_metadata(ticket, order)` and
///   `update_ticket_metadata(ticket, &order)` compile, and `TryFrom<&Order> for Metadata`.
/// - **A newtype**, `struct Refund(Order);`, has the pairs of its field.
/// - **An enum** must have only unit variants. The derive implements `Display` with the name of the variant, so the enum must not
///   implement `Display` already.
///
/// Two fields of a struct with the same key are a compile error. The macro does not see the keys of nested structs; if such a key
/// is repeated, the last value counts.
///
/// # Attributes
///
/// | Attribute | On | Effect |
/// |---|---|---|
/// | `rename = "key"` | field, variant | Sets the key or value. |
/// | `rename_all = "style"` | struct, enum | Sets the style of the other names, as in serde: `lowercase`, `UPPERCASE`, `PascalCase`, `camelCase`, `snake_case`, `SCREAMING_SNAKE_CASE`, `kebab-case`, `SCREAMING-KEBAB-CASE`. |
/// | `skip` | field | Writes no pair. |
/// | `flatten` | field | Writes the pairs of a nested `TicketMetadata`, or of an `Option` of one. |
/// | `prefix = "order_"` | field | Flattens, with the prefix before each key. |
/// | `with = path` | field | Formats the value with this function, from a reference to anything that is `Display`. An `Option` is unwrapped first. |
/// | `skip_serializing_if = path` | field | Writes no pair if this function returns `true` for a reference to the field. |
/// | `crate = "path"` | struct, enum | Sets the path of `vambe_api` if it is renamed or re-exported. |
/// | `json_schema` | struct | Implements schemars' `JsonSchema` for the metadata: see [below](#json-schema). |
///
/// An example of all but the last:
///
/// ```
/// mod services {
///     pub mod tickets {
///         pub use vambe_api::*;
///     }
/// }
/// use services::tickets::{Metadata, TicketMetadata};
///
/// #[derive(TicketMetadata)]
/// #[metadata(crate = "crate::services::tickets", rename_all = "kebab-case")]
/// enum Reason {
///     ArrivedLate,
///     #[metadata(rename = "broken")]
///     ArrivedBroken,
/// }
///
/// #[derive(TicketMetadata)]
/// #[metadata(crate = "crate::services::tickets", rename_all = "camelCase")]
/// struct Refund {
///     #[metadata(rename = "refund_of")]
///     order_id: u64,
///     #[metadata(with = euros)]
///     amount_in_cents: Option<u64>,
///     #[metadata(skip_serializing_if = Vec::is_empty, with = joined)]
///     article_numbers: Vec<String>,
///     first_reason: Reason,
///     #[metadata(flatten)]
///     agent: Agent,
///     #[metadata(prefix = "customer_")]
///     customer: Option<Agent>,
///     #[metadata(skip)]
///     internal_note: String,
/// }
///
/// #[derive(TicketMetadata)]
/// #[metadata(crate = "crate::services::tickets")]
/// struct Agent {
///     name: &'static str,
/// }
///
/// fn euros(cents: &u64) -> String {
///     format!("{}.{:02}", cents / 100, cents % 100)
/// }
///
/// fn joined(articles: &[String]) -> String {
///     articles.join(",")
/// }
///
/// # fn main() -> Result<(), vambe_api::EmptyMetadata> {
/// let refund = Refund {
///     order_id: 7,
///     amount_in_cents: Some(1205),
///     article_numbers: vec!["A1".into(), "B2".into()],
///     first_reason: Reason::ArrivedLate,
///     agent: Agent { name: "Ann" },
///     customer: Some(Agent { name: "Bob" }),
///     internal_note: "not for Vambe".into(),
/// };
/// let wanted = Metadata::from([
///     ("refund_of", "7"),
///     ("amountInCents", "12.05"),
///     ("articleNumbers", "A1,B2"),
///     ("firstReason", "arrived-late"),
///     ("name", "Ann"),
///     ("customer_name", "Bob"),
/// ]);
/// assert_eq!(refund.to_metadata()?, wanted);
/// assert_eq!(Reason::ArrivedBroken.to_string(), "broken");
/// # let _ = refund.internal_note;
/// # Ok(())
/// # }
/// ```
///
/// # JSON Schema
///
/// With the feature `schemars`, `#[metadata(json_schema)]` implements `JsonSchema`, so that a service can publish the metadata
/// that it sets:
///
#[cfg_attr(feature = "schemars", doc = "```")]
#[cfg_attr(not(feature = "schemars"), doc = "```compile_fail,E0433")]
/// use vambe_api::TicketMetadata;
///
/// /// The metadata of a refund request.
/// #[derive(TicketMetadata)]
/// #[metadata(json_schema)]
/// struct Refund {
///     /// The number on the invoice.
///     order_id: u64,
///     reason: Option<Reason>,
///     #[metadata(prefix = "agent_")]
///     agent: Agent,
/// }
///
/// #[derive(TicketMetadata)]
/// #[metadata(rename_all = "lowercase")]
/// enum Reason {
///     Late,
///     Broken,
/// }
///
/// #[derive(TicketMetadata)]
/// struct Agent {
///     name: String,
/// }
///
/// let wanted = serde_json::json!({
///     "$schema": "https://json-schema.org/draft/2020-12/schema",
///     "title": "Refund",
///     "description": "The metadata of a refund request.",
///     "type": "object",
///     "properties": {
///         "order_id": { "type": "string", "description": "The number on the invoice." },
///         "reason": { "type": "string", "enum": ["late", "broken"] },
///         "agent_name": { "type": "string" },
///     },
///     "required": ["agent_name", "order_id"],
///     "additionalProperties": false,
/// });
/// assert_eq!(schemars::schema_for!(Refund).as_value(), &wanted);
/// ```
///
/// The schema describes the metadata, whose values are strings, not the form of the struct in serde. A struct that derives
/// schemars' own `JsonSchema` for that form cannot have the attribute too; to publish its metadata, use
/// `#[schemars(schema_with = "vambe_api::metadata_schema::<Refund>")]`.
///
/// Nested structs and enums need no attribute. The schema allows any keys or values for types that the macro cannot describe: a
/// nested value behind a reference or in a `Box`, which may be recursive; a `TicketMetadata` by hand that does not implement
/// [`describe`](crate::TicketMetadata::describe); and a field whose type is a type parameter.
#[doc(inline)]
pub use vambe_derive::TicketMetadata;

/// Creates a [`Metadata`](crate::Metadata) from literal keys and values of any `Display` type.
///
/// The keys must be string literals, which the macro compares: a repeated key is a compile error, and so is an empty list.
///
/// # Example
///
/// ```
/// use vambe_api::{Metadata, metadata};
///
/// let (order, attempts) = ("ORD-12345", 2);
/// let metadata = metadata! { "order_id" => order, "attempts" => attempts + 1 };
/// assert_eq!(metadata, Metadata::from([("order_id", "ORD-12345"), ("attempts", "3")]));
/// ```
///
/// ```compile_fail
/// let metadata = vambe_api::metadata! { "order_id" => 1, "order_id" => 2 };
/// ```
#[macro_export]
macro_rules! metadata {
    ($($key:expr => $value:expr),* $(,)?) => { $crate::__private::metadata_pairs!($crate $(, $key => $value)*) };
}
