//! Pass: progenitor sees only the success of an operation; the transport handles every other response.
//!
//! progenitor panics where two error statuses have different schemas, turns a documented error with an undocumented body
//! into one without status and headers, and returns an undocumented status unread. The generated method passes the whole
//! response to the hand-written transport instead (see `rust/method.rs`), for any status and body.

use std::collections::HashMap;

use openapiv3::{Content, MediaType, OpenAPI, ReferenceOr, Response, Responses, StatusCode};

use super::{bodies::keep_json, schemas};
use crate::document::{self, essence, is_json, is_like_json};

/// The body of a success that is not plain JSON.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    /// The media type to ask for.
    pub(crate) media_type: String,
    pub(crate) kind: AnswerKind,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum AnswerKind {
    Json,
    Text,
    Bytes,
}

/// The bodies that are not plain JSON, by operation.
pub(crate) type Answers = HashMap<String, Answer>;

/// Leaves one success in every operation: progenitor panics on two with different bodies, even if one has none, and
/// without a success writes a type that we do not have. If only `default` is documented, that is the success.
///
/// For progenitor every body is JSON; those that are something else are returned.
pub(super) fn unify_successes(document: &mut OpenAPI) -> Answers {
    for operation in schemas::operations_mut(document) {
        let Responses { default, responses, .. } = &mut operation.responses;
        if !responses.keys().any(is_success) {
            let success = default.take().unwrap_or_else(|| ReferenceOr::Item(Response::default()));
            responses.insert(StatusCode::Code(200), success);
        }
    }
    let original = document.clone();
    let mut answers = Answers::new();
    for operation in schemas::operations_mut(document) {
        let responses = &mut operation.responses.responses;
        let content = |response| schemas::resolve_response(&original, response).map(|response| &response.content);
        let has_body = |response| content(response).is_some_and(|content| !content.is_empty());
        let mut successes = responses.iter().filter(|(status, _)| is_success(status));
        let has_json = |response| content(response).is_some_and(|content| keep_json(&mut content.clone()));
        let with_body = successes.clone().filter(|(_, response)| has_body(response)).collect::<Vec<_>>();
        let first = with_body.iter().find(|(_, response)| has_json(response)).or(with_body.first()).copied();
        let first = first.or_else(|| successes.next());
        let other = first.and_then(|(_, response)| answer(content(response)?));
        answers.extend(operation.operation_id.clone().zip(other));
        let kept = first.map(|(status, _)| status.clone());
        responses.retain(|status, _| !is_success(status) || Some(status) == kept.as_ref());
    }
    for response in schemas::responses_mut(document) {
        if !response.content.is_empty() && !keep_json(&mut response.content) {
            response.content = text();
        }
    }
    answers
}

/// Returns the body unless it is plain JSON.
fn answer(content: &Content) -> Option<Answer> {
    let (media_type, _) = content.iter().next()?;
    if content.keys().any(|media_type| is_json(media_type)) {
        return None;
    }
    let like_json = content.keys().find(|media_type| is_like_json(media_type));
    let media_type = essence(like_json.unwrap_or(media_type)).to_owned();
    let kind = if keep_json(&mut content.clone()) {
        AnswerKind::Json
    } else if media_type.starts_with("text/") {
        AnswerKind::Text
    } else {
        AnswerKind::Bytes
    };
    Some(Answer { media_type, kind })
}

fn text() -> Content {
    let schema = Some(ReferenceOr::Item(super::form::text()));
    Content::from_iter([("application/json".to_owned(), MediaType { schema, ..MediaType::default() })])
}

/// Removes every response but the successful one from every operation.
pub(super) fn strip_errors(document: &mut OpenAPI) {
    for operation in schemas::operations_mut(document) {
        operation.responses.default = None;
        operation.responses.responses.retain(|status, _| is_success(status));
    }
}

fn is_success(status: &StatusCode) -> bool {
    document::is_success(&status.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::tests::document;

    const OK: &str = r#""200": { description: done, content: { application/json: { schema: { type: string } } } }"#;

    #[test]
    fn only_successes_are_left() {
        let mut document = document(
            &format!(
                r#"{{ {OK}, default: {{ description: else }},
                "400": {{ description: no, content: {{ application/json: {{ schema: {{ type: integer }} }} }} }},
                "404": {{ description: no, content: {{ text/html: {{}} }} }} }}"#
            ),
            "{}",
        );
        unify_successes(&mut document);
        strip_errors(&mut document);
        let responses = &document.operations().next().unwrap().2.responses;
        assert!(responses.default.is_none());
        assert_eq!(responses.responses.keys().map(ToString::to_string).collect::<Vec<_>>(), ["200"]);
    }

    #[test]
    fn a_body_that_is_not_plain_json_is_returned() {
        let cases = [
            ("application/json", None),
            ("application/hal+json", Some(AnswerKind::Json)),
            ("text/plain", Some(AnswerKind::Text)),
            ("application/pdf", Some(AnswerKind::Bytes)),
        ];
        for (media_type, expected) in cases {
            let responses = format!(
                r#"{{ "200": {{ description: done, content: {{ {media_type}: {{ schema: {{ type: string }} }} }} }} }}"#
            );
            let mut document = document(&responses, "{}");
            let answers = unify_successes(&mut document);
            assert_eq!(answers.values().next().map(|answer| answer.kind), expected, "{media_type}");
        }
    }

    #[test]
    fn one_success_is_left_and_one_with_a_body_is_preferred() {
        let cases = [
            ("{ '204': {description: a}, OK }", "200"),
            ("{ '201': {description: a}, '204': {description: b} }", "201"),
            ("{}", "200"),
            ("{ '404': {description: a} }", "200"),
            ("{ default: {description: a} }", "200"),
        ];
        for (responses, expected) in cases {
            let mut document = document(&responses.replace("OK", OK), "{}");
            unify_successes(&mut document);
            strip_errors(&mut document);
            let responses = &document.operations().next().unwrap().2.responses;
            let left: Vec<_> = responses.responses.keys().map(ToString::to_string).collect();
            assert_eq!(left, [expected], "{responses:?}");
        }
    }
}
