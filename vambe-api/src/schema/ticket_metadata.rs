//! The schema of the metadata that a typed struct writes.

use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::{MetadataKeys, TicketMetadata};

/// Returns the JSON Schema of the metadata that `T` writes: an object of strings under the keys that `T` describes.
///
/// `#[metadata(json_schema)]` implements [`JsonSchema`](schemars::JsonSchema) with it. Use this function for a type without that
/// attribute, for example because it already derives `JsonSchema` for serde.
///
/// Available with feature `schemars`.
///
/// # Example
///
/// ```
/// use schemars::JsonSchema;
/// use serde::{Deserialize, Serialize};
/// use vambe_api::{Metadata, TicketMetadata};
///
/// #[derive(Deserialize, JsonSchema, TicketMetadata)]
/// struct Order {
///     order_id: u64,
/// }
///
/// #[derive(Serialize, JsonSchema)]
/// struct Preview {
///     #[schemars(schema_with = "vambe_api::metadata_schema::<Order>")]
///     metadata: Metadata,
/// }
///
/// let (order, preview) = (schemars::schema_for!(Order), schemars::schema_for!(Preview));
/// assert_eq!(order.pointer("/properties/order_id/type").unwrap(), "integer");
/// let order_id = preview.pointer("/properties/metadata/properties/order_id").unwrap();
/// assert_eq!(order_id["type"], "string");
/// ```
pub fn metadata_schema<T: TicketMetadata>(_: &mut SchemaGenerator) -> Schema {
    of_metadata::<T>("")
}

/// Returns the schema of [`metadata_schema`] with the title and description of a doc comment.
pub fn of_metadata<T: TicketMetadata>(doc: &str) -> Schema {
    let mut keys = MetadataKeys::default();
    T::describe(&mut keys);
    let (keys, others) = keys.into_parts();
    let required: Vec<_> = keys.iter().filter(|(_, key)| key.required).map(|(name, _)| name.clone()).collect();
    let properties = keys.into_iter().map(|(name, key)| {
        let mut property = documented(key.description);
        property.insert("type".to_owned(), json!("string"));
        if !key.values.is_empty() {
            property.insert("enum".to_owned(), json!(key.values));
        }
        (name, Value::from(property))
    });

    let mut schema = documented(doc);
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("properties".to_owned(), properties.collect());
    if required.is_empty() {
        // Without any pair, an update is rejected before it is sent.
        schema.insert("minProperties".to_owned(), json!(1));
    } else {
        schema.insert("required".to_owned(), json!(required));
    }
    let others = if others { json!({ "type": "string" }) } else { json!(false) };
    schema.insert("additionalProperties".to_owned(), others);
    schema.into()
}

/// Returns the title and description of a doc comment, split as schemars' own derive does.
fn documented(doc: &str) -> Map<String, Value> {
    let doc = doc.trim();
    let (title, description) = match doc.strip_prefix('#') {
        Some(heading) => heading.split_once('\n').unwrap_or((heading, "")),
        None => ("", doc),
    };
    let texts = [("title", title.trim_start_matches('#').trim()), ("description", description.trim())];
    let given = texts.into_iter().filter(|(_, text)| !text.is_empty());
    given.map(|(name, text)| (name.to_owned(), json!(text))).collect()
}
