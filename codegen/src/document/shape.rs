//! The shape of an OpenAPI 3.0 document: the keys of each object, and the kinds of their values.
//!
//! openapiv3 skips keys that it does not know, and its errors have no position. With this table every key is known by name, and
//! each check finds the objects it is for.

use super::{
    pointer::join,
    tree::{Node, Value},
};

/// The kind of a value.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Any,
    Text,
    Flag,
    Number,
    /// A whole number that is not negative.
    Count,
    List(&'static Self),
    Map(&'static Self),
    Object(&'static Object),
    /// `additionalProperties`.
    FlagOrSchema,
}

/// An object of the specification.
pub(crate) struct Object {
    /// The name in messages.
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [(&'static str, Kind)],
    pub(crate) required: &'static [&'static str],
    /// The section of the components that a `$ref` may lead to, if one is allowed.
    pub(crate) section: Option<&'static str>,
    /// The kind of every other key, for objects whose keys are data.
    pub(crate) rest: Option<Kind>,
}

impl Kind {
    /// Decides between schema and flag by the value that is there.
    pub(crate) fn of(self, node: &Node) -> Self {
        match (self, &node.value) {
            (FlagOrSchema, Value::Map(_)) => Self::Object(&SCHEMA),
            (FlagOrSchema, _) => Self::Flag,
            (kind, _) => kind,
        }
    }
}

impl Object {
    pub(crate) fn is(&self, other: &'static Self) -> bool {
        std::ptr::eq(self, other)
    }

    /// Returns the kind of a key, if the key is known.
    pub(crate) fn field(&self, key: &str) -> Option<Kind> {
        self.fields.iter().find(|(name, _)| *name == key).map(|(_, kind)| *kind).or(self.rest)
    }
}

use Kind::{Any, Count, Flag, FlagOrSchema, List, Map, Number, Text};

macro_rules! objects {
    ($($id:ident $name:literal $(ref $section:literal)? $(rest $rest:expr)? ; required $required:expr; { $($key:literal: $kind:expr),* $(,)? })*) => {
        $(pub(crate) static $id: Object = Object {
            name: $name,
            fields: &[$(($key, $kind)),*],
            required: &$required,
            section: objects!(@ $($section)?),
            rest: objects!(@ $($rest)?),
        };)*
    };
    (@) => { None };
    (@ $value:expr) => { Some($value) };
}

objects! {
    DOCUMENT "the document"; required ["openapi", "info", "paths"]; {
        "openapi": Text, "info": Kind::Object(&INFO), "servers": List(&Kind::Object(&SERVER)), "paths": Kind::Object(&PATHS),
        "components": Kind::Object(&COMPONENTS), "security": List(&Map(&List(&Text))), "tags": List(&Kind::Object(&TAG)),
        "externalDocs": Kind::Object(&EXTERNAL_DOCS),
    }
    INFO "the info"; required ["title", "version"]; {
        "title": Text, "description": Text, "termsOfService": Text, "contact": Kind::Object(&CONTACT),
        "license": Kind::Object(&LICENSE), "version": Text,
    }
    CONTACT "a contact"; required []; { "name": Text, "url": Text, "email": Text }
    LICENSE "a license"; required ["name"]; { "name": Text, "url": Text }
    SERVER "a server"; required ["url"]; {
        "url": Text, "description": Text, "variables": Map(&Kind::Object(&SERVER_VARIABLE)),
    }
    SERVER_VARIABLE "a server variable"; required ["default"]; {
        "enum": List(&Text), "default": Text, "description": Text,
    }
    COMPONENTS "the components"; required []; {
        "schemas": Map(&Kind::Object(&SCHEMA)), "responses": Map(&Kind::Object(&RESPONSE)),
        "parameters": Map(&Kind::Object(&PARAMETER)), "examples": Map(&Kind::Object(&EXAMPLE)),
        "requestBodies": Map(&Kind::Object(&REQUEST_BODY)), "headers": Map(&Kind::Object(&HEADER)),
        "securitySchemes": Map(&Kind::Object(&SECURITY_SCHEME)), "links": Map(&Kind::Object(&LINK)),
        "callbacks": Map(&Kind::Object(&CALLBACK)),
    }
    PATHS "the paths" rest Kind::Object(&PATH_ITEM); required []; {}
    PATH_ITEM "a path"; required []; {
        "summary": Text, "description": Text, "get": Kind::Object(&OPERATION), "put": Kind::Object(&OPERATION),
        "post": Kind::Object(&OPERATION), "delete": Kind::Object(&OPERATION), "options": Kind::Object(&OPERATION),
        "head": Kind::Object(&OPERATION), "patch": Kind::Object(&OPERATION), "trace": Kind::Object(&OPERATION),
        "servers": List(&Kind::Object(&SERVER)), "parameters": List(&Kind::Object(&PARAMETER)),
    }
    OPERATION "an operation"; required ["responses"]; {
        "tags": List(&Text), "summary": Text, "description": Text, "externalDocs": Kind::Object(&EXTERNAL_DOCS),
        "operationId": Text, "parameters": List(&Kind::Object(&PARAMETER)), "requestBody": Kind::Object(&REQUEST_BODY),
        "responses": Kind::Object(&RESPONSES), "callbacks": Map(&Kind::Object(&CALLBACK)), "deprecated": Flag,
        "security": List(&Map(&List(&Text))), "servers": List(&Kind::Object(&SERVER)),
    }
    EXTERNAL_DOCS "external documentation"; required ["url"]; { "description": Text, "url": Text }
    PARAMETER "a parameter" ref "parameters"; required ["name", "in"]; {
        "name": Text, "in": Text, "description": Text, "required": Flag, "deprecated": Flag, "allowEmptyValue": Flag,
        "style": Text, "explode": Flag, "allowReserved": Flag, "schema": Kind::Object(&SCHEMA), "example": Any,
        "examples": Map(&Kind::Object(&EXAMPLE)), "content": Map(&Kind::Object(&MEDIA_TYPE)),
    }
    REQUEST_BODY "a request body" ref "requestBodies"; required ["content"]; {
        "description": Text, "content": Map(&Kind::Object(&MEDIA_TYPE)), "required": Flag,
    }
    MEDIA_TYPE "a media type"; required []; {
        "schema": Kind::Object(&SCHEMA), "example": Any, "examples": Map(&Kind::Object(&EXAMPLE)),
        "encoding": Map(&Kind::Object(&ENCODING)),
    }
    ENCODING "an encoding"; required []; {
        "contentType": Text, "headers": Map(&Kind::Object(&HEADER)), "style": Text, "explode": Flag, "allowReserved": Flag,
    }
    RESPONSES "the responses" rest Kind::Object(&RESPONSE); required []; {}
    RESPONSE "a response" ref "responses"; required ["description"]; {
        "description": Text, "headers": Map(&Kind::Object(&HEADER)), "content": Map(&Kind::Object(&MEDIA_TYPE)),
        "links": Map(&Kind::Object(&LINK)),
    }
    CALLBACK "a callback" ref "callbacks" rest Any; required []; {}
    EXAMPLE "an example" ref "examples"; required []; {
        "summary": Text, "description": Text, "value": Any, "externalValue": Text,
    }
    LINK "a link" ref "links"; required []; {
        "operationRef": Text, "operationId": Text, "parameters": Map(&Any), "requestBody": Any, "description": Text,
        "server": Kind::Object(&SERVER),
    }
    HEADER "a header" ref "headers"; required []; {
        "description": Text, "required": Flag, "deprecated": Flag, "style": Text, "explode": Flag,
        "schema": Kind::Object(&SCHEMA), "example": Any, "examples": Map(&Kind::Object(&EXAMPLE)),
        "content": Map(&Kind::Object(&MEDIA_TYPE)),
    }
    TAG "a tag"; required ["name"]; { "name": Text, "description": Text, "externalDocs": Kind::Object(&EXTERNAL_DOCS) }
    SCHEMA "a schema" ref "schemas"; required []; {
        "title": Text, "description": Text, "type": Text, "format": Text, "default": Any, "enum": List(&Any),
        "example": Any, "nullable": Flag, "readOnly": Flag, "writeOnly": Flag, "deprecated": Flag, "multipleOf": Number,
        "minimum": Number, "maximum": Number, "exclusiveMinimum": Flag, "exclusiveMaximum": Flag, "minLength": Count,
        "maxLength": Count, "pattern": Text, "minItems": Count, "maxItems": Count, "uniqueItems": Flag,
        "minProperties": Count, "maxProperties": Count, "required": List(&Text),
        "properties": Map(&Kind::Object(&SCHEMA)), "additionalProperties": FlagOrSchema, "items": Kind::Object(&SCHEMA),
        "allOf": List(&Kind::Object(&SCHEMA)), "oneOf": List(&Kind::Object(&SCHEMA)),
        "anyOf": List(&Kind::Object(&SCHEMA)), "not": Kind::Object(&SCHEMA), "discriminator": Kind::Object(&DISCRIMINATOR),
        "xml": Any, "externalDocs": Kind::Object(&EXTERNAL_DOCS),
    }
    DISCRIMINATOR "a discriminator"; required ["propertyName"]; { "propertyName": Text, "mapping": Map(&Text) }
    SECURITY_SCHEME "a security scheme" ref "securitySchemes"; required ["type"]; {
        "type": Text, "description": Text, "name": Text, "in": Text, "scheme": Text, "bearerFormat": Text,
        "flows": Any, "openIdConnectUrl": Text,
    }
}

/// Calls `visit` for every object of the document that is a map, outer ones first, in the order of the text.
pub(crate) fn each<'a>(document: &'a Node, visit: &mut dyn FnMut(&'static Object, &str, &'a Node)) {
    walk(document, Kind::Object(&DOCUMENT), "", visit);
}

fn walk<'a>(node: &'a Node, kind: Kind, path: &str, visit: &mut dyn FnMut(&'static Object, &str, &'a Node)) {
    let kind = kind.of(node);
    if let (Kind::Object(object), Value::Map(_)) = (kind, &node.value) {
        visit(object, path, node);
    }
    for (token, child, kind) in children(node, kind) {
        walk(child, kind, &join(path, &token), visit);
    }
}

/// Lists the direct children with their kinds; extensions and unknown keys are skipped.
pub(crate) fn children(node: &Node, kind: Kind) -> Vec<(String, &Node, Kind)> {
    let entries = node.entries().iter();
    match kind.of(node) {
        Kind::Object(object) if object.section.is_some() && node.has("$ref") => Vec::new(),
        Kind::Object(object) => entries
            .filter(|entry| !entry.key.starts_with("x-"))
            .filter_map(|entry| Some((entry.key.clone(), &entry.value, object.field(&entry.key)?)))
            .collect(),
        Map(kind) => entries.map(|entry| (entry.key.clone(), &entry.value, *kind)).collect(),
        List(kind) => node.items().iter().enumerate().map(|(index, item)| (index.to_string(), item, *kind)).collect(),
        _ => Vec::new(),
    }
}
