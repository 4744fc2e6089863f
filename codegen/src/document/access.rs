//! Security and servers: where each operation takes the API key, and the URL that the paths are below.
//!
//! The client has one key, and sends it in a header: under the name of an `apiKey`, or as `Authorization: Bearer …`, which is how
//! tokens of OAuth and OpenID Connect are sent, too. Everything else is a problem of the operation that asks for it.

use std::collections::BTreeMap;

use super::{
    diagnostic::Diagnostic,
    locate::{OperationNode, operations},
    pointer::join,
    suggest,
    tree::Node,
};

/// The place of the key in the requests of an operation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum KeyPlace {
    /// The operation asks for no key.
    None,
    /// The value of a header, whose name is in lower case.
    Header(String),
    /// `Authorization: Bearer …`.
    Bearer,
}

/// What the transport has to know of a document.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    /// The URL of the first server, if paths can be appended to it.
    pub(crate) server: Option<String>,
    /// The place of the key for each operation, by its id.
    pub(crate) keys: BTreeMap<String, KeyPlace>,
}

impl Access {
    pub(crate) fn of(root: &Node) -> Self {
        let keys = operations(root).into_iter().filter_map(|at| {
            let id = at.node.text_of("operationId")?.to_owned();
            Some((id, key(root, &at).unwrap_or(KeyPlace::None)))
        });
        Self { server: server(root).ok(), keys: keys.collect() }
    }

    /// The place that most operations have.
    pub(crate) fn usual_key(&self) -> KeyPlace {
        let mut counts: BTreeMap<&KeyPlace, usize> = BTreeMap::new();
        for place in self.keys.values().filter(|place| **place != KeyPlace::None) {
            *counts.entry(place).or_default() += 1;
        }
        counts.into_iter().max_by_key(|(_, count)| *count).map_or(KeyPlace::None, |(place, _)| place.clone())
    }
}

/// Reports each operation that the transport cannot authenticate, or that is on another server.
pub(super) fn check(root: &Node, diagnostics: &mut Vec<Diagnostic>) {
    for at in operations(root) {
        diagnostics.extend(key(root, &at).err());
        diagnostics.extend(other_server(root, &at));
    }
}

/// The place of the key: that of the first alternative that can be satisfied.
fn key(root: &Node, at: &OperationNode<'_>) -> Result<KeyPlace, Diagnostic> {
    let own = at.node.get("security");
    let Some(security) = own.or_else(|| root.get("security")) else { return Ok(KeyPlace::None) };
    let mut problem = None;
    for alternative in security.items() {
        match place(root, alternative) {
            Ok(place) => return Ok(place),
            Err(found) => problem = problem.or(Some(found)),
        }
    }
    let Some((message, help)) = problem else { return Ok(KeyPlace::None) };
    let pointer = if own.is_some() { join(&at.pointer, "security") } else { at.pointer.clone() };
    let diagnostic = Diagnostic::new(pointer, message, help);
    Err(match own {
        Some(_) => diagnostic,
        None => diagnostic.with_related("the security of the document", root.span_of("/security")),
    })
}

fn place(root: &Node, alternative: &Node) -> Result<KeyPlace, (String, String)> {
    const HELP: &str = "add an alternative with one key in a header, or leave the operation out";
    let name = match alternative.entries() {
        [] => return Ok(KeyPlace::None),
        [scheme] => &scheme.key,
        schemes => {
            let names: Vec<_> = schemes.iter().map(|scheme| format!("`{}`", scheme.key)).collect();
            let message = format!("unsupported security: {} at once, but the client has one key", names.join(" and "));
            return Err((message, HELP.to_owned()));
        }
    };
    let schemes = root.get("components").and_then(|components| components.get("securitySchemes"));
    let Some(scheme) = schemes.and_then(|schemes| schemes.get(name)).and_then(|scheme| scheme.resolve(root)) else {
        // NestJS writes this name for `@ApiBearerAuth()`, also if nobody calls `addBearerAuth()`.
        if name == "bearer" {
            return Ok(KeyPlace::Bearer);
        }
        let known = schemes.map(Node::entries).unwrap_or_default().iter().map(|entry| entry.key.as_str());
        return Err((
            format!("the security scheme `{name}` is not defined"),
            format!("define it; {}", suggest::suggest(name, known)),
        ));
    };
    let text = |key| scheme.text_of(key).unwrap_or_default();
    let found = match text("type") {
        "apiKey" if text("in") == "header" => return header(name, text("name")),
        "http" if text("scheme").eq_ignore_ascii_case("bearer") => return Ok(KeyPlace::Bearer),
        "oauth2" | "openIdConnect" => return Ok(KeyPlace::Bearer),
        "apiKey" => format!("a key in the {}", text("in")),
        "http" => format!("the HTTP scheme `{}`", text("scheme")),
        other => format!("the type `{other}`"),
    };
    Err((format!("unsupported security scheme `{name}`: {found}"), HELP.to_owned()))
}

fn header(scheme: &str, name: &str) -> Result<KeyPlace, (String, String)> {
    const OTHERS: [&str; 6] = ["accept", "connection", "content-length", "content-type", "host", "user-agent"];
    let name = name.to_ascii_lowercase();
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if name.is_empty() || !name.chars().all(is_token) || OTHERS.contains(&&*name) {
        let message = format!("the security scheme `{scheme}` has the invalid header `{name}`");
        return Err((message, "write the name of a header that only has the key".to_owned()));
    }
    Ok(KeyPlace::Header(name))
}

/// The URL of the first server, with the default values of its variables.
///
/// # Errors
///
/// There is none, or paths cannot be appended to it.
pub(crate) fn server(root: &Node) -> Result<String, Diagnostic> {
    let first = root.get("servers").map(Node::items).unwrap_or_default().first();
    let Some(server) = first else {
        let help = "add to the overlay: `- { target: $, update: { servers: [{ url: \"https://…\" }] } }`";
        return Err(Diagnostic::new("", "the document has no server", help));
    };
    let url = url(server);
    let rest = url.strip_prefix("https://").unwrap_or_default();
    if rest.is_empty() || rest.starts_with('/') || rest.contains(|c: char| "{}?#@ ".contains(c) || c.is_control()) {
        let message = format!("unsupported URL `{url}` of the first server");
        let help = "write an absolute URL with https, without a query, and with a default value for each variable";
        return Err(Diagnostic::new("/servers/0/url", message, help));
    }
    Ok(url.trim_end_matches('/').to_owned())
}

fn url(server: &Node) -> String {
    let variables = server.get("variables").map(Node::entries).unwrap_or_default().iter();
    variables.fold(server.text_of("url").unwrap_or_default().to_owned(), |url, variable| {
        match variable.value.text_of("default") {
            Some(default) => url.replace(&format!("{{{}}}", variable.key), default),
            None => url,
        }
    })
}

/// Reports an operation whose first server is not that of the document.
fn other_server(root: &Node, at: &OperationNode<'_>) -> Option<Diagnostic> {
    let first = |node: &Node| node.get("servers").and_then(|servers| servers.items().first()).map(url);
    let own = first(at.node).map(|own| (join(&at.pointer, "servers"), own));
    let path = at.pointer.rsplit_once('/').map_or("", |(path, _)| path);
    let (pointer, own) = own.or_else(|| Some((join(path, "servers"), first(at.item)?)))?;
    (Some(&own) != first(root).as_ref()).then(|| {
        let message = format!("`{}` is on a server of its own, `{own}`", at.name());
        Diagnostic::new(pointer, message, "remove `servers` here: a client sends all requests to one server")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::parse::parse;

    const SCHEMES: &str = "
components:
  securitySchemes:
    key: { type: apiKey, in: header, name: X-Key }
    same: { type: apiKey, in: header, name: x-key }
    query: { type: apiKey, in: query, name: key }
    length: { type: apiKey, in: header, name: Content-Length }
    token: { type: http, scheme: Bearer }
    basic: { type: http, scheme: basic }
    oauth: { type: oauth2, flows: {} }
    tls: { type: mutualTLS }
    alias: { $ref: '#/components/securitySchemes/token' }
";

    fn of(document: &str, operation: &str) -> Result<KeyPlace, String> {
        let text = format!("{document}\npaths: {{ /a: {{ get: {{ operationId: a, {operation} }} }} }}{SCHEMES}");
        let root = parse(&text).unwrap();
        let mut diagnostics = Vec::new();
        check(&root, &mut diagnostics);
        match diagnostics.pop() {
            Some(Diagnostic { pointer, message, .. }) => Err(format!("{pointer}: {message}")),
            None => Ok(Access::of(&root).keys["a"].clone()),
        }
    }

    #[test]
    fn the_key_is_where_the_first_possible_alternative_has_it() {
        let header = || KeyPlace::Header("x-key".to_owned());
        let cases = [
            ("", "", KeyPlace::None),
            ("security: [{ key: [] }]", "", header()),
            ("security: [{ key: [] }]", "security: []", KeyPlace::None),
            ("security: [{ key: [] }]", "security: [{}, { key: [] }]", KeyPlace::None),
            ("security: [{ key: [] }]", "security: [{ token: [] }]", KeyPlace::Bearer),
            ("", "security: [{ query: [] }, { key: [], token: [] }, { same: [] }]", header()),
            ("", "security: [{ oauth: [read] }]", KeyPlace::Bearer),
            ("", "security: [{ alias: [] }]", KeyPlace::Bearer),
            ("", "security: [{ bearer: [] }]", KeyPlace::Bearer),
        ];
        for (document, operation, expected) in cases {
            assert_eq!(of(document, operation), Ok(expected), "{document} {operation}");
        }
    }

    #[test]
    fn what_one_key_cannot_satisfy_has_its_place() {
        let cases = [
            ("[{ query: [] }]", "unsupported security scheme `query`: a key in the query"),
            ("[{ basic: [] }]", "unsupported security scheme `basic`: the HTTP scheme `basic`"),
            ("[{ tls: [] }]", "unsupported security scheme `tls`: the type `mutualTLS`"),
            ("[{ key: [], token: [] }]", "unsupported security: `key` and `token` at once, but the client has one key"),
            ("[{ length: [] }]", "the security scheme `length` has the invalid header `content-length`"),
            ("[{ kei: [] }]", "the security scheme `kei` is not defined"),
        ];
        for (security, expected) in cases {
            let own = of("", &format!("security: {security}"));
            assert_eq!(own, Err(format!("/paths/~1a/get/security: {expected}")));
            assert_eq!(of(&format!("security: {security}"), ""), Err(format!("/paths/~1a/get: {expected}")));
        }
    }

    #[test]
    fn the_server_is_the_first_one_with_its_variables() {
        let cases = [
            ("[{ url: 'https://a.example/' }, { url: 'https://b.example' }]", Ok("https://a.example")),
            (
                "[{ url: 'https://{region}.a.example/v{version}', variables: { region: { default: eu }, version: { default: '2' } } }]",
                Ok("https://eu.a.example/v2"),
            ),
            ("[]", Err("the document has no server")),
            ("[{ url: / }]", Err("unsupported URL `/` of the first server")),
            ("[{ url: 'http://a.example' }]", Err("unsupported URL `http://a.example` of the first server")),
            ("[{ url: 'https://{a}' }]", Err("unsupported URL `https://{a}` of the first server")),
            ("[{ url: 'https://me@a.example' }]", Err("unsupported URL `https://me@a.example` of the first server")),
        ];
        for (servers, expected) in cases {
            let found = server(&parse(&format!("servers: {servers}")).unwrap()).map_err(|problem| problem.message);
            assert_eq!(found.as_deref().map_err(String::as_str), expected, "{servers}");
        }
    }

    #[test]
    fn an_operation_on_another_server_is_a_problem() {
        let document = "servers: [{ url: 'https://a.example' }]";
        let elsewhere = of(document, "servers: [{ url: 'https://b.example' }]");
        assert_eq!(
            elsewhere,
            Err("/paths/~1a/get/servers: `a` is on a server of its own, `https://b.example`".to_owned())
        );
        assert!(of(document, "servers: [{ url: 'https://a.example' }]").is_ok());
    }
}
