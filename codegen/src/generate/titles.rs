//! Pass: a title that another schema has as its name or title is removed.
//!
//! typify names types by their titles, and writes two of one name: for a nullable component whose title is its own name, as
//! many generators write it, the type refers to itself.

use std::collections::HashSet;

use openapiv3::OpenAPI;

use super::schemas;
use crate::names::normal;

/// Removes each title that is taken.
pub(super) fn strip_titles(document: &mut OpenAPI) {
    let components = document.components.iter().flat_map(|components| components.schemas.keys());
    let mut taken: HashSet<String> = components.map(|name| normal(name)).collect();
    schemas::for_each_mut(document, &mut |schema| {
        schema.schema_data.title.take_if(|title| !taken.insert(normal(title)));
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::tests::document;

    #[test]
    fn a_title_that_is_taken_is_removed_and_another_stays() {
        let mut document = document(
            "{}",
            "{ title: thing, properties: { a: { title: A, type: string }, b: { title: a, type: string } } }",
        );
        strip_titles(&mut document);
        let text = serde_json::to_string(&document).unwrap();
        assert_eq!(text.matches("title").count(), 2, "that of the document, and one: {text}");
        assert!(text.contains(r#""title":"A""#), "{text}");
    }
}
