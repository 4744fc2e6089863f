//! JSON pointers (RFC 6901) as they are built and taken apart on the way through the tree.

/// `path` one step further.
pub(crate) fn join(path: &str, token: &str) -> String {
    format!("{path}/{}", token.replace('~', "~0").replace('/', "~1"))
}

/// The reference tokens of a pointer, unescaped.
pub(crate) fn tokens(path: &str) -> impl Iterator<Item = String> {
    path.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taking_apart_gives_what_was_joined() {
        let path = join(&join("", "/a~b"), "0");
        assert_eq!(path, "/~1a~0b/0");
        assert_eq!(tokens(&path).collect::<Vec<_>>(), ["/a~b", "0"]);
    }
}
