//! The version of OpenAPI that a document declares.

use super::{
    diagnostic::Diagnostic,
    tree::{Node, Value},
};

const HELP: &str = "write `openapi: 3.0.3`, or 3.1.x if 3.0 can express the document too";

/// A version that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    V3_0,
    V3_1,
}

/// Reads the version.
///
/// # Errors
///
/// The document has no version, or one that cannot be read; Swagger 2.0 cannot.
pub(crate) fn check(root: &Node) -> Result<Version, Diagnostic> {
    if !matches!(root.value, Value::Map(_)) {
        let message = format!("the document is {}, not a map with the key `openapi`", root.value.form());
        return Err(Diagnostic::new(
            "",
            message,
            "check that this is the right file: an OpenAPI document starts with `openapi: 3.0.3`",
        ));
    }
    if root.has("swagger") {
        let help = "convert it to OpenAPI 3.0 first, for example with `npx swagger2openapi`";
        return Err(Diagnostic::new("/swagger", "the document is Swagger 2.0", help));
    }
    let Some(version) = root.get("openapi") else {
        return Err(Diagnostic::new("", "the document has no key `openapi`, so it is not an OpenAPI document", HELP));
    };
    let Some(text) = version.text() else {
        let message = format!("the version of OpenAPI is {}, not text", version.value.form());
        return Err(Diagnostic::new("/openapi", message, HELP));
    };
    let is =
        |minor: &str| text.strip_prefix(minor).is_some_and(|patch| patch.starts_with(|c: char| c.is_ascii_digit()));
    if is("3.0.") {
        Ok(Version::V3_0)
    } else if is("3.1.") {
        Ok(Version::V3_1)
    } else {
        Err(Diagnostic::new("/openapi", format!("unsupported OpenAPI version `{text}`"), HELP))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse::parse;

    #[test]
    fn accepts_known_versions_and_rejects_others() {
        let check = |text: &str| check(&parse(text).unwrap());
        assert_eq!(check("openapi: 3.0.3").unwrap(), Version::V3_0);
        assert_eq!(check("openapi: 3.1.0").unwrap(), Version::V3_1);
        let cases = [
            ("openapi: 3.2.0", "unsupported OpenAPI version `3.2.0`"),
            ("openapi: 3.0", "is a number, not text"),
            ("openapi: '3.0'", "unsupported OpenAPI version `3.0`"),
            ("openapi: 3.0.x", "unsupported OpenAPI version `3.0.x`"),
            ("swagger: '2.0'", "Swagger 2.0"),
            ("info: {}", "has no key `openapi`"),
            ("[]", "is a list, not a map"),
            ("hello", "is text, not a map"),
        ];
        for (text, expected) in cases {
            let message = check(text).unwrap_err().message;
            assert!(message.contains(expected), "{text}: {message}");
        }
    }
}
