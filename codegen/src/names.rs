//! Names of the document as names of Rust.

/// A type's or a variant's name: `ticket_id`, `ticket-id` and `ticketId` all become `TicketId`.
pub(crate) fn pascal(name: &str) -> String {
    name.split(|c: char| !c.is_alphanumeric()).flat_map(capitalised).collect()
}

fn capitalised(word: &str) -> impl Iterator<Item = char> {
    let mut chars = word.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars)
}

/// Returns the name of a method or an argument: `TicketRef` becomes `ticket_ref`.
pub(crate) fn snake(pascal: &str) -> String {
    let mut snake = String::new();
    for c in pascal.chars() {
        if c.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    snake
}

/// Returns a name without its style: `URL-list` and `UrlList` are equal.
///
/// typify writes a schema's name in a style of its own; by this form a type is found from its schema, and back.
pub(crate) fn normal(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_style_becomes_pascal_case() {
        for (name, expected) in
            [("ticket_id", "TicketId"), ("ticketId", "TicketId"), ("x-trace.id", "XTraceId"), ("", "")]
        {
            assert_eq!(pascal(name), expected);
        }
        assert_eq!(normal("URL-list"), normal("UrlList"));
        assert_eq!(snake("TicketRef"), "ticket_ref");
    }
}
