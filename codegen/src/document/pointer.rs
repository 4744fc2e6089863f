//! JSON pointers (RFC 6901): built, extended and split.

/// Builds the pointer that leads through these tokens.
pub(crate) fn pointer(tokens: &[&str]) -> String {
    tokens.iter().fold(String::new(), |path, token| join(&path, token))
}

/// Returns `path` extended by one token.
pub(crate) fn join(path: &str, token: &str) -> String {
    let mut joined = String::with_capacity(path.len() + 1 + token.len());
    joined.push_str(path);
    joined.push('/');
    for c in token.chars() {
        match c {
            '~' => joined.push_str("~0"),
            '/' => joined.push_str("~1"),
            c => joined.push(c),
        }
    }
    joined
}

/// Splits a pointer into its tokens, unescaped.
pub(crate) fn tokens(path: &str) -> impl Iterator<Item = String> {
    path.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~"))
}

/// Returns the pointer to the map or list that has the part.
pub(crate) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// Returns the pointer in its canonical spelling, so that two pointers can be compared as text.
pub(crate) fn canonical(path: &str) -> String {
    tokens(path).fold(String::new(), |path, token| join(&path, &token))
}

/// Returns whether `path` leads to `ancestor` or to a part of it.
pub(crate) fn is_within(path: &str, ancestor: &str) -> bool {
    path.strip_prefix(ancestor).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_what_was_joined() {
        let path = pointer(&["paths", "/a~b/c", "0"]);
        assert_eq!(path, "/paths/~1a~0b~1c/0");
        assert_eq!(tokens(&path).collect::<Vec<_>>(), ["paths", "/a~b/c", "0"]);
        assert_eq!(canonical("/a~2b/~01"), "/a~02b/~01");
    }

    #[test]
    fn a_pointer_is_within_its_ancestors_only() {
        assert!(is_within("/a/b", "/a") && is_within("/a", "/a") && is_within("/a", ""));
        assert!(!is_within("/ab", "/a"));
    }
}
