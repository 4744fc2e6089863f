//! The macros of `vambe-derive`, with their documentation: here its examples can run.

/// Implements [`TicketMetadata`](trait@crate::TicketMetadata) for a struct, and makes an enum a value of its fields.
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
/// assert_eq!(Metadata::try_from(&order)?, Metadata::from([("order_id", "12345"), ("priority", "high")]));
/// # let _ = Priority::Normal;
/// # Ok::<(), vambe_api::EmptyMetadata>(())
/// ```
///
/// - **A struct with named fields** has a pair for each field, with the text that `Display` gives of it. An `Option` that is
///   `None` has none; a macro sees only the name, so an alias of `Option` is not taken for one. If everything is absent, the
///   update is refused with [`EmptyMetadata`](crate::EmptyMetadata) before anything is sent. The derive also
///   implements `TryFrom<&Order> for Metadata`. `update_ticket_metadata(ticket, &order)` takes a reference to it.
/// - **A newtype**, `struct Refund(Order);`, has the pairs of what is in it.
/// - **An enum** must have unit variants only. The derive implements `Display` for it, so it must not have one already; its
///   text is the variant's name.
///
/// Two fields of a struct that have the same key do not compile. Those of nested structs are not seen by the macro: of a
/// key that comes twice, the last value counts.
///
/// # Attributes
///
/// | Attribute | On | Effect |
/// |---|---|---|
/// | `rename = "key"` | field, variant | its key or value |
/// | `rename_all = "style"` | struct, enum | the style of all others: `lowercase`, `UPPERCASE`, `PascalCase`, `camelCase`, `snake_case`, `SCREAMING_SNAKE_CASE`, `kebab-case`, `SCREAMING-KEBAB-CASE`, as serde writes them |
/// | `skip` | field | no pair |
/// | `flatten` | field | the pairs of a nested `TicketMetadata`, or of an `Option` of one |
/// | `prefix = "order_"` | field | the same, each key after the prefix |
/// | `with = path` | field | a function from a reference, for an `Option` to what is in it, to anything that is `Display` |
/// | `skip_serializing_if = path` | field | no pair if this function of a reference to the whole field gives `true` |
/// | `crate = "path"` | struct, enum | where `vambe_api` is, if not under that name in the root |
/// | `json_schema` | struct | schemars' `JsonSchema`, of the metadata that is written: see [below](#json-schema) |
///
/// All of them but the last:
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
/// With the feature `schemars`, `#[metadata(json_schema)]` implements `JsonSchema`, so that a service can publish which
/// metadata it sets:
///
#[cfg_attr(feature = "schemars", doc = "```")]
#[cfg_attr(not(feature = "schemars"), doc = "```compile_fail,E0433")]
/// use vambe_api::TicketMetadata;
///
/// /// What is set when a refund is asked for.
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
///     "description": "What is set when a refund is asked for.",
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
/// It is the schema of the metadata, whose values are strings, not of what serde reads or writes of the struct. A struct that
/// derives schemars' own `JsonSchema` for that cannot have the attribute too; where its metadata is published, name the
/// function `metadata_schema` in `#[schemars(schema_with = "vambe_api::metadata_schema::<Refund>")]`.
///
/// Nested structs and enums need no attribute of their own. What the macro cannot look into has any keys or any text: a nested
/// value behind a reference or in a `Box`, which may lead back to the struct, a `TicketMetadata` by hand that does not
/// [describe itself](crate::TicketMetadata::describe), and a field of a type parameter, of whose type no texts are known.
#[doc(inline)]
pub use vambe_derive::TicketMetadata;

/// A [`Metadata`](crate::Metadata) of literal keys and values of any `Display` type.
///
/// The keys must be string literals, since only those can be compared when the program is compiled: one that is given
/// twice does not compile, and neither does an empty list.
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
