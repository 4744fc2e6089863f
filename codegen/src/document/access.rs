//! Security and servers: the keys of each operation, and the URL that the paths are below.

use std::collections::BTreeMap;

use super::{
    diagnostic::Diagnostic,
    keys::{self, KeyPlace, Keys},
    locate::{OperationNode, operations},
    pointer::join,
    tree::Node,
};

/// The facts about a document that the transport needs.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    /// The URL of the first server, if paths can be appended to it.
    pub(crate) server: Option<String>,
    /// The keys of each operation, by its id.
    pub(crate) keys: BTreeMap<String, Keys>,
}

impl Access {
    pub(crate) fn of(root: &Node) -> Self {
        let keys = operations(root).into_iter().filter_map(|at| {
            let id = at.node.text_of("operationId")?.to_owned();
            Some((id, keys::of(root, &at).unwrap_or_default()))
        });
        Self { server: server(root).ok(), keys: keys.collect() }
    }

    /// The place that most operations have.
    pub(crate) fn usual_key(&self) -> KeyPlace {
        let mut counts: BTreeMap<&KeyPlace, usize> = BTreeMap::new();
        for place in self.keys.values().map(|keys| &keys.place).filter(|place| **place != KeyPlace::None) {
            *counts.entry(place).or_default() += 1;
        }
        counts.into_iter().max_by_key(|(_, count)| *count).map_or(KeyPlace::None, |(place, _)| place.clone())
    }
}

/// Reports each operation that the transport cannot authenticate, or that is on another server.
pub(super) fn check(root: &Node, diagnostics: &mut Vec<Diagnostic>) {
    for at in operations(root) {
        diagnostics.extend(keys::of(root, &at).err());
        diagnostics.extend(other_server(root, &at));
    }
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
        for (url, expected) in [
            (
                "https://b.example",
                &["/paths/~1a/get/servers: `a` is on a server of its own, `https://b.example`"] as &[_],
            ),
            ("https://a.example", &[]),
        ] {
            let root = parse(&format!(
                "servers: [{{ url: 'https://a.example' }}]
paths: {{ /a: {{ get: {{ operationId: a, servers: [{{ url: '{url}' }}] }} }} }}"
            ));
            let mut diagnostics = Vec::new();
            check(&root.unwrap(), &mut diagnostics);
            let found: Vec<_> =
                diagnostics.iter().map(|found| format!("{}: {}", found.pointer, found.message)).collect();
            assert_eq!(found, expected);
        }
    }
}
