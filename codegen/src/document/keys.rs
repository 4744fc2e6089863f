//! Security: where each operation takes the client's key, and the further keys that are arguments of its method.
//!
//! The client has one secret, and sends it in a header: under the name of an `apiKey`, or in `Authorization` as a bearer token, which
//! is how tokens of OAuth and OpenID Connect are sent, too, or as `user:password` of HTTP Basic. A key in the query, and each
//! further key that is needed at the same time, is an argument of the method. Anything else is a problem of the operation that asks
//! for it.

use super::{diagnostic::Diagnostic, locate::OperationNode, pointer::join, suggest, tree::Node};

/// The place of the client's key in the requests of an operation.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum KeyPlace {
    /// The client sends no key.
    #[default]
    None,
    /// The value of a header, whose name is in lower case.
    Header(String),
    /// `Authorization: Bearer …`.
    Bearer,
    /// `Authorization: Basic …`.
    Basic,
}

/// The keys of an operation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Keys {
    /// The place of the client's key.
    pub(crate) place: KeyPlace,
    /// The keys that the caller passes to the method.
    pub(crate) arguments: Vec<KeyArgument>,
}

/// A key that is an argument of the method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum KeyArgument {
    /// The value of a header, by its name in lower case.
    Header(String),
    /// A pair of the query, by its name.
    Query(String),
}

/// The problem of a scheme, and what to do.
type Problem = (String, String);

const HELP: &str = "add an alternative with a key in a header, or leave the operation out";

/// Returns the keys of an operation: those of the first alternative without arguments, or else of the first possible one.
///
/// # Errors
///
/// No alternative is possible.
pub(super) fn of(root: &Node, at: &OperationNode<'_>) -> Result<Keys, Diagnostic> {
    let own = at.node.get("security");
    let Some(security) = own.or_else(|| root.get("security")) else { return Ok(Keys::default()) };
    let (mut possible, mut problem) = (None, None);
    for alternative in security.items() {
        match keys(root, alternative) {
            Ok(keys) if keys.arguments.is_empty() => return Ok(keys),
            Ok(keys) => possible = possible.or(Some(keys)),
            Err(found) => problem = problem.or(Some(found)),
        }
    }
    let Some((message, help)) = problem.filter(|_| possible.is_none()) else { return Ok(possible.unwrap_or_default()) };
    let pointer = if own.is_some() { join(&at.pointer, "security") } else { at.pointer.clone() };
    let diagnostic = Diagnostic::new(pointer, message, help);
    Err(match own {
        Some(_) => diagnostic,
        None => diagnostic.with_related("the security of the document", root.span_of("/security")),
    })
}

/// One key as its scheme describes it.
enum Key {
    Client(KeyPlace),
    Query(String),
}

/// Returns the keys that an alternative needs at once. The client's is that in `Authorization`, or else the first in a header.
fn keys(root: &Node, alternative: &Node) -> Result<Keys, Problem> {
    let mut keys = Keys::default();
    let mut places = Vec::new();
    for entry in alternative.entries() {
        match key(root, &entry.key)? {
            Key::Client(place) => places.push(place),
            Key::Query(name) => keys.arguments.push(KeyArgument::Query(name)),
        }
    }
    let is_authorization = |place: &KeyPlace| match place {
        KeyPlace::Header(name) => name == "authorization",
        _ => true,
    };
    if !places.is_empty() {
        keys.place = places.remove(places.iter().position(is_authorization).unwrap_or_default());
    }
    for place in places {
        match place {
            KeyPlace::Header(name) if name != "authorization" => keys.arguments.push(KeyArgument::Header(name)),
            _ => {
                let message = "unsupported security: two keys at once in the header `Authorization`".to_owned();
                return Err((message, HELP.to_owned()));
            }
        }
    }
    Ok(keys)
}

fn key(root: &Node, name: &str) -> Result<Key, Problem> {
    let schemes = root.get("components").and_then(|components| components.get("securitySchemes"));
    let Some(scheme) = schemes.and_then(|schemes| schemes.get(name)).and_then(|scheme| scheme.resolve(root)) else {
        // NestJS writes this name for `@ApiBearerAuth()`, also if nobody calls `addBearerAuth()`.
        if name == "bearer" {
            return Ok(Key::Client(KeyPlace::Bearer));
        }
        let known = schemes.map(Node::entries).unwrap_or_default().iter().map(|entry| entry.key.as_str());
        return Err((
            format!("the security scheme `{name}` is not defined"),
            format!("define it; {}", suggest::suggest(name, known)),
        ));
    };
    let text = |key| scheme.text_of(key).unwrap_or_default();
    let is_http = |scheme: &str| text("scheme").eq_ignore_ascii_case(scheme);
    let found = match text("type") {
        "apiKey" if text("in") == "header" => return header(name, text("name")),
        "apiKey" if text("in") == "query" => return Ok(Key::Query(text("name").to_owned())),
        "http" if is_http("bearer") => return Ok(Key::Client(KeyPlace::Bearer)),
        "http" if is_http("basic") => return Ok(Key::Client(KeyPlace::Basic)),
        "oauth2" | "openIdConnect" => return Ok(Key::Client(KeyPlace::Bearer)),
        "apiKey" => format!("a key in the {}", text("in")),
        "http" => format!("the HTTP scheme `{}`", text("scheme")),
        other => format!("the type `{other}`"),
    };
    Err((format!("unsupported security scheme `{name}`: {found}"), HELP.to_owned()))
}

fn header(scheme: &str, name: &str) -> Result<Key, Problem> {
    const OTHERS: [&str; 6] = ["accept", "connection", "content-length", "content-type", "host", "user-agent"];
    let name = name.to_ascii_lowercase();
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if name.is_empty() || !name.chars().all(is_token) || OTHERS.contains(&&*name) {
        let message = format!("the security scheme `{scheme}` has the invalid header `{name}`");
        return Err((message, "write the name of a header that only has the key".to_owned()));
    }
    Ok(Key::Client(KeyPlace::Header(name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{locate::operations, parse::parse};

    const SCHEMES: &str = "
components:
  securitySchemes:
    key: { type: apiKey, in: header, name: X-Key }
    same: { type: apiKey, in: header, name: x-key }
    other: { type: apiKey, in: header, name: X-Other }
    query: { type: apiKey, in: query, name: k }
    cookie: { type: apiKey, in: cookie, name: k }
    length: { type: apiKey, in: header, name: Content-Length }
    token: { type: http, scheme: Bearer }
    basic: { type: http, scheme: basic }
    digest: { type: http, scheme: digest }
    oauth: { type: oauth2, flows: {} }
    tls: { type: mutualTLS }
    alias: { $ref: '#/components/securitySchemes/token' }
";

    fn keys_of(document: &str, operation: &str) -> Result<Keys, String> {
        let text = format!("{document}\npaths: {{ /a: {{ get: {{ operationId: a, {operation} }} }} }}{SCHEMES}");
        let root = parse(&text).unwrap();
        of(&root, &operations(&root)[0]).map_err(|found| format!("{}: {}", found.pointer, found.message))
    }

    #[test]
    fn the_keys_are_those_of_the_first_alternative_without_arguments() {
        let header = || KeyPlace::Header("x-key".to_owned());
        let in_query = || vec![KeyArgument::Query("k".to_owned())];
        let cases = [
            ("", "", KeyPlace::None, vec![]),
            ("security: [{ key: [] }]", "", header(), vec![]),
            ("security: [{ key: [] }]", "security: []", KeyPlace::None, vec![]),
            ("security: [{ key: [] }]", "security: [{}, { key: [] }]", KeyPlace::None, vec![]),
            ("security: [{ key: [] }]", "security: [{ token: [] }]", KeyPlace::Bearer, vec![]),
            ("", "security: [{ query: [] }, { other: [], token: [] }, { same: [] }]", header(), vec![]),
            ("", "security: [{ cookie: [] }, { basic: [] }]", KeyPlace::Basic, vec![]),
            ("", "security: [{ oauth: [read] }]", KeyPlace::Bearer, vec![]),
            ("", "security: [{ alias: [] }]", KeyPlace::Bearer, vec![]),
            ("", "security: [{ bearer: [] }]", KeyPlace::Bearer, vec![]),
            ("", "security: [{ query: [] }]", KeyPlace::None, in_query()),
            ("", "security: [{ query: [], key: [] }, { query: [] }]", header(), in_query()),
            (
                "",
                "security: [{ key: [], other: [], token: [] }]",
                KeyPlace::Bearer,
                vec![KeyArgument::Header("x-key".to_owned()), KeyArgument::Header("x-other".to_owned())],
            ),
            ("", "security: [{ key: [], other: [] }]", header(), vec![KeyArgument::Header("x-other".to_owned())]),
        ];
        for (document, operation, place, arguments) in cases {
            assert_eq!(keys_of(document, operation), Ok(Keys { place, arguments }), "{document} {operation}");
        }
    }

    #[test]
    fn keys_that_cannot_be_sent_are_a_problem_at_the_security() {
        let cases = [
            ("[{ cookie: [] }]", "unsupported security scheme `cookie`: a key in the cookie"),
            ("[{ digest: [] }]", "unsupported security scheme `digest`: the HTTP scheme `digest`"),
            ("[{ tls: [] }]", "unsupported security scheme `tls`: the type `mutualTLS`"),
            ("[{ key: [], tls: [] }]", "unsupported security scheme `tls`: the type `mutualTLS`"),
            ("[{ basic: [], token: [] }]", "unsupported security: two keys at once in the header `Authorization`"),
            ("[{ length: [] }]", "the security scheme `length` has the invalid header `content-length`"),
            ("[{ kei: [] }]", "the security scheme `kei` is not defined"),
        ];
        for (security, expected) in cases {
            let own = keys_of("", &format!("security: {security}"));
            assert_eq!(own, Err(format!("/paths/~1a/get/security: {expected}")));
            assert_eq!(keys_of(&format!("security: {security}"), ""), Err(format!("/paths/~1a/get: {expected}")));
        }
    }
}
