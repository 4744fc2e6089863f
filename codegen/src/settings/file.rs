//! The settings file: which operations to take, their names, the hand-written types, and what the hand-written code needs.
//!
//! ```yaml
//! operations: [TicketController_updateMetadata, GET /tickets]   # with `tags`: take only these; else all are taken
//! tags: [ticket]
//! rename:
//!   operations: { TicketController_updateMetadata: update_ticket_metadata }
//!   schemas: { UpdateTicketMetadataDto: UpdateTicketMetadataRequest }
//! types: { UpdateTicketMetadataRequest: { metadata: Metadata } }  # the typed layer takes what becomes a `Metadata`
//! unsupported: error                                            # or `skip`
//! needs: …                                                      # see `needs`
//! ```

use super::Unsupported;
use crate::{
    Input,
    document::{self, Diagnostic, Error, File, Kind, Node, Object, Span},
};

static SETTINGS: Object = Object {
    name: "the settings",
    fields: &[
        ("operations", Kind::List(&Kind::Text)),
        ("tags", Kind::List(&Kind::Text)),
        ("rename", Kind::Object(&RENAME)),
        ("types", Kind::Map(&Kind::Map(&Kind::Text))),
        ("unsupported", Kind::Text),
        ("needs", Kind::Object(&NEEDS)),
    ],
    required: &[],
    section: None,
    rest: None,
};

static RENAME: Object = Object {
    name: "`rename`",
    fields: &[("operations", Kind::Map(&Kind::Text)), ("schemas", Kind::Map(&Kind::Text))],
    required: &[],
    section: None,
    rest: None,
};

static NEEDS: Object = Object {
    name: "`needs`",
    fields: &[
        ("server", Kind::Flag),
        ("operations", Kind::Map(&Kind::Object(&OPERATION))),
        ("schemas", Kind::Map(&Kind::Object(&SCHEMA))),
    ],
    required: &[],
    section: None,
    rest: None,
};

static OPERATION: Object = Object {
    name: "a needed operation",
    fields: &[("idempotent", Kind::Flag), ("key", Kind::Flag), ("request", Kind::Text), ("response", Kind::Text)],
    required: &[],
    section: None,
    rest: None,
};

static SCHEMA: Object = Object {
    name: "a needed schema",
    fields: &[
        ("properties", Kind::List(&Kind::Text)),
        ("types", Kind::Map(&Kind::Text)),
        ("group", Kind::Map(&Kind::List(&Kind::Text))),
    ],
    required: &[],
    section: None,
    rest: None,
};

/// A word of the settings with its position.
#[derive(Clone, Debug)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// The settings of a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct SettingsFile {
    /// The operations to take, by id or request; with `tags` empty too, all.
    pub(crate) operations: Vec<Word>,
    pub(crate) tags: Vec<Word>,
    /// Ids or requests, each with the name of its method.
    pub(crate) operation_names: Vec<(Word, String)>,
    /// Schemas of the document, each with its other name.
    pub(crate) schema_names: Vec<(Word, Word)>,
    /// Properties of schemas, each with the hand-written type that the typed layer takes for it.
    pub(crate) types: Vec<Mapping>,
    /// The treatment of unsupported parts, if the file has it.
    pub(crate) unsupported: Option<Unsupported>,
    /// The position of `server: true`, if the hand-written code needs the URL of a server.
    pub(crate) needed_server: Option<Span>,
    pub(crate) needed_operations: Vec<NeededOperation>,
    pub(crate) needed_schemas: Vec<NeededSchema>,
}

/// A property for which the typed layer takes a hand-written type.
#[derive(Clone, Debug)]
pub(crate) struct Mapping {
    pub(crate) schema: Word,
    pub(crate) property: Word,
    pub(crate) ty: Word,
}

/// An operation that the hand-written code calls, by the name of its method.
#[derive(Clone, Debug)]
pub(crate) struct NeededOperation {
    pub(crate) name: Word,
    pub(crate) idempotent: bool,
    /// True if it is sent with the API key.
    pub(crate) key: bool,
    /// The schema of the request body.
    pub(crate) request: Option<String>,
    /// The schema of the response.
    pub(crate) response: Option<String>,
}

/// A schema whose type the hand-written code uses.
#[derive(Clone, Debug)]
pub(crate) struct NeededSchema {
    pub(crate) name: Word,
    pub(crate) properties: Vec<String>,
    /// Properties with their hand-written types.
    pub(crate) types: Vec<(String, String)>,
    /// The hand-written enums of exclusive groups, each with the members that it has variants for.
    pub(crate) groups: Vec<(String, Vec<String>)>,
}

impl SettingsFile {
    /// Reads the settings of an input; without a file, nothing is set.
    ///
    /// # Errors
    ///
    /// The text is not a single document of YAML or JSON, or has unknown keys, other kinds of values, or invalid names.
    pub(crate) fn read(input: &Input<'_>) -> Result<Self, Error> {
        let Some(text) = input.settings else { return Ok(Self::default()) };
        let root = document::parse_form(text.text, File::Settings, &SETTINGS)?;
        let mut diagnostics = Vec::new();
        let rename = |key: &str| pairs(root.get("rename").and_then(|rename| rename.get(key)));
        let file = Self {
            operations: words(root.get("operations")),
            tags: words(root.get("tags")),
            operation_names: rename("operations")
                .into_iter()
                .map(|(id, name)| method(id, name, &mut diagnostics))
                .collect(),
            schema_names: rename("schemas"),
            types: types(&root),
            unsupported: unsupported(&root, &mut diagnostics),
            needed_server: root.get("needs").filter(|needs| needs.is_true("server")).map(|needs| needs.span),
            needed_operations: entries(root.get("needs"), "operations", needed_operation),
            needed_schemas: entries(root.get("needs"), "schemas", needed_schema),
        };
        if diagnostics.is_empty() { Ok(file) } else { Err(Error::new(diagnostics)) }
    }

    /// Returns whether only some operations are taken.
    pub(crate) fn selects(&self) -> bool {
        !(self.operations.is_empty() && self.tags.is_empty())
    }
}

fn words(list: Option<&Node>) -> Vec<Word> {
    let items = list.map(Node::items).unwrap_or_default().iter();
    items.filter_map(|item| Some(Word { text: item.text()?.to_owned(), span: item.span })).collect()
}

fn texts(list: Option<&Node>) -> Vec<String> {
    words(list).into_iter().map(|word| word.text).collect()
}

/// The entries of a map from text to text.
fn pairs(map: Option<&Node>) -> Vec<(Word, Word)> {
    let entries = map.map(Node::entries).unwrap_or_default().iter();
    let pairs = entries.filter_map(|entry| {
        let value = Word { text: entry.value.text()?.to_owned(), span: entry.value.span };
        Some((Word { text: entry.key.clone(), span: entry.span }, value))
    });
    pairs.collect()
}

fn entries<T>(map: Option<&Node>, key: &str, read: impl Fn(Word, &Node) -> T) -> Vec<T> {
    let entries = map.and_then(|map| map.get(key)).map(Node::entries).unwrap_or_default().iter();
    entries.map(|entry| read(Word { text: entry.key.clone(), span: entry.span }, &entry.value)).collect()
}

fn method(id: Word, name: Word, diagnostics: &mut Vec<Diagnostic>) -> (Word, String) {
    let snake = document::method_name(&name.text);
    if snake != name.text || !snake.starts_with(|c: char| c.is_ascii_lowercase()) {
        let message = format!("`{}` is not the name of a method", name.text);
        let help = if snake.is_empty() { "write it in snake_case".to_owned() } else { format!("write `{snake}`") };
        diagnostics.push(Diagnostic::at(name.span, message, help));
    }
    (id, name.text)
}

fn types(root: &Node) -> Vec<Mapping> {
    let mut mappings = Vec::new();
    for entry in root.get("types").map(Node::entries).unwrap_or_default() {
        let schema = Word { text: entry.key.clone(), span: entry.span };
        let properties = pairs(Some(&entry.value)).into_iter();
        mappings.extend(properties.map(|(property, ty)| Mapping { schema: schema.clone(), property, ty }));
    }
    mappings
}

fn unsupported(root: &Node, diagnostics: &mut Vec<Diagnostic>) -> Option<Unsupported> {
    let node = root.get("unsupported")?;
    match node.text() {
        Some("error") => Some(Unsupported::Error),
        Some("skip") => Some(Unsupported::Skip),
        text => {
            let message = format!("unknown value `{}` of `unsupported`", text.unwrap_or_default());
            diagnostics.push(Diagnostic::at(node.span, message, "write `error` or `skip`"));
            None
        }
    }
}

fn needed_operation(name: Word, node: &Node) -> NeededOperation {
    NeededOperation {
        name,
        idempotent: node.is_true("idempotent"),
        key: node.is_true("key"),
        request: node.text_of("request").map(str::to_owned),
        response: node.text_of("response").map(str::to_owned),
    }
}

fn needed_schema(name: Word, node: &Node) -> NeededSchema {
    let types = pairs(node.get("types")).into_iter().map(|(property, ty)| (property.text, ty.text));
    let groups = node.get("group").map(Node::entries).unwrap_or_default().iter();
    NeededSchema {
        name,
        properties: texts(node.get("properties")),
        types: types.collect(),
        groups: groups.map(|entry| (entry.key.clone(), texts(Some(&entry.value)))).collect(),
    }
}
