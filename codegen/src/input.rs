//! The texts that a client is generated from, with their names and their digest.

use sha2::{Digest, Sha256};

use crate::document::File;

/// A text with its name in messages, for example `openapi/vambe.yaml`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs)]
pub struct Text<'a> {
    /// The name in messages and in the banner of the generated file.
    pub name: &'a str,
    /// The text, YAML or JSON.
    pub text: &'a str,
}

/// The texts that a client is generated from.
///
/// # Example
///
/// ```
/// use vambe_codegen::{Input, Text, generate_from};
///
/// let document = "openapi: 3.0.3
/// info: { title: Example, version: '1' }
/// paths: { /ping: { post: { operationId: ping, responses: {} } } }
/// ";
/// let overlay = "overlay: 1.0.0
/// info: { title: Ours, version: '1' }
/// actions:
///   - target: $.paths['/ping'].post
///     update: { x-idempotent: true }
/// ";
/// let overlay = Text { name: "overlay.yaml", text: overlay };
/// let input = Input { overlay: Some(overlay), ..Input::new("ping.yaml", document) };
/// assert!(generate_from(&input)?.code.contains("idempotent: true"));
/// # Ok::<(), vambe_codegen::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs)]
pub struct Input<'a> {
    /// The OpenAPI document, as its author published it.
    pub document: Text<'a>,
    /// Corrections of the document and our extensions: an [OpenAPI Overlay](https://spec.openapis.org/overlay/v1.0.0.html) of
    /// version 1.0.
    pub overlay: Option<Text<'a>>,
    /// The operations to take, their names, and the needs of the hand-written code.
    pub settings: Option<Text<'a>>,
}

impl<'a> Input<'a> {
    /// Creates an input that is a document alone.
    #[must_use]
    pub const fn new(name: &'a str, document: &'a str) -> Self {
        Self { document: Text { name, text: document }, overlay: None, settings: None }
    }

    /// Returns the text of a file; that of the document if there is no such file.
    pub(crate) fn file(&self, file: File) -> Text<'a> {
        self.optional(file).unwrap_or(self.document)
    }

    pub(crate) fn optional(&self, file: File) -> Option<Text<'a>> {
        match file {
            File::Document => Some(self.document),
            File::Overlay => self.overlay,
            File::Settings => self.settings,
        }
    }

    fn texts(&self) -> impl Iterator<Item = Text<'a>> {
        [Some(self.document), self.overlay, self.settings].into_iter().flatten()
    }

    /// The names of all texts, for one line.
    pub(crate) fn names(&self) -> String {
        // A name that breaks the line would end a comment.
        let names: Vec<_> = self.texts().map(|text| text.name.replace(char::is_control, " ")).collect();
        match names.as_slice() {
            [names @ .., last] if !names.is_empty() => format!("{} and {last}", names.join(", ")),
            names => names.concat(),
        }
    }

    /// The SHA-256 of the texts one after the other, in hexadecimal.
    pub(crate) fn sha256(&self) -> String {
        let mut digest = Sha256::new();
        self.texts().for_each(|text| digest.update(text.text.as_bytes()));
        digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_of_all_texts() {
        let alone = Input::new("a\nb.yaml", "ab");
        let both = Input { overlay: Some(Text { name: "c.yaml", text: "c" }), ..alone };
        assert_eq!(alone.names(), "a b.yaml");
        assert_eq!(both.names(), "a b.yaml and c.yaml");
        // `printf abc | sha256sum`
        assert_eq!(both.sha256(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_ne!(alone.sha256(), both.sha256());
    }
}
