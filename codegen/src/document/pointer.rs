//! JSON pointers (RFC 6901), by which messages name a place in the document.

/// The pointer that leads through these reference tokens.
pub(crate) fn pointer(tokens: &[&str]) -> String {
    tokens.iter().map(|token| format!("/{}", token.replace('~', "~0").replace('/', "~1"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_and_tildes_are_escaped() {
        assert_eq!(pointer(&["paths", "/a~b/c", "post"]), "/paths/~1a~0b~1c/post");
    }
}
