//! The report of `cargo xtask diff` about the only change of the page so far, from "an active ticket" to "a ticket".

use vambe_codegen::diff::{Bump, Change, Report, WireImpact, diff, rules_markdown};
use vambe_tests::{read, root};

const REQUEST: &str = "/components/schemas/UpdateTicketMetadataRequest";

fn story() -> Report {
    diff(&read("openapi/released/0.0.1.yaml"), &read("openapi/released/0.1.0.yaml")).unwrap()
}

fn change_of<'r>(report: &'r Report, kind: &str) -> &'r Change {
    report.changes.iter().find(|change| change.kind() == kind).unwrap()
}

#[test]
fn the_page_once_took_several_identifiers_and_now_refuses_them() {
    let report = story();
    let change = report.changes.first().unwrap();
    assert_eq!(change.kind(), "request-exclusive-group-added", "the most severe comes first");
    assert_eq!(change.summary(), "exactly one of ai_contact_id, contact_number, ticket_id is required");
    // The server now refuses a contact's id together with its number, which the old text did not forbid.
    assert_eq!(change.wire(), WireImpact::Breaking);
    // Callers pass one `TicketRef` instead of three options.
    assert_eq!(change.bump, Bump::Major);
    assert_eq!(change.head.as_deref(), Some(format!("{REQUEST}/oneOf").as_str()));
    assert_eq!(change.base, None, "the old text has no such rule");
    assert_eq!(change.operations, ["update_ticket_metadata"]);
}

#[test]
fn the_fallback_to_a_closed_ticket_came_as_optional_field() {
    let report = story();
    let change = change_of(&report, "new-optional-request-property");
    assert_eq!(change.name, "allow_closed_ticket");
    assert_eq!(change.wire(), WireImpact::Compatible, "a request without it keeps its meaning");
    assert_eq!(change.bump, Bump::Minor, "the typed layer can offer it");
    assert!(change.rule.raw, "a literal of the struct in `raw` needs another line");
    assert_eq!(change.new.as_ref().unwrap()["default"], false);
}

#[test]
fn the_rest_of_the_story_is_words() {
    let report = story();
    let words = ["text-changed", "text-changed", "text-changed", "example-changed"];
    let rest: Vec<_> = report.changes.iter().skip(2).map(Change::kind).collect();
    assert_eq!(rest, words);
    assert_eq!(report.count(WireImpact::Wording), words.len());
    let title = report.changes.iter().find(|change| change.head.as_deref().is_some_and(|at| at.ends_with("/summary")));
    let title = title.unwrap();
    assert_eq!(title.old.as_ref().unwrap(), "Update metadata of an active ticket");
    assert_eq!(title.new.as_ref().unwrap(), "Update metadata of a ticket");
}

#[test]
fn the_change_of_the_page_is_a_breaking_release() {
    let report = story();
    assert_eq!(report.count(WireImpact::Unclear), 0);
    assert_eq!(report.bump(), Bump::Major);
    assert_eq!(report.bump().next("0.1.0").as_deref(), Some("0.2.0"), "as Cargo reads 0.x");
    let lines: Vec<String> = report.changelog().into_iter().flat_map(|(_, lines)| lines).collect();
    assert_eq!(
        lines,
        [
            "`update_ticket_metadata`: optional request field `allow_closed_ticket` was added.",
            "**Breaking:** `update_ticket_metadata`: exactly one of ai_contact_id, contact_number, ticket_id is required.",
        ]
    );
}

#[test]
fn the_reverse_change_breaks_differently() {
    let report = diff(&read("openapi/released/0.1.0.yaml"), &read("openapi/released/0.0.1.yaml")).unwrap();
    // Requests with one identifier still work; only the Rust enum is removed.
    assert_eq!(change_of(&report, "request-exclusive-group-removed").wire(), WireImpact::Compatible);
    // The server may refuse, or silently ignore, a field that it does not know.
    assert_eq!(change_of(&report, "request-property-removed").wire(), WireImpact::Unclear);
}

/// Invariant: `openapi/diff-rules.md` is the table of rules.
#[test]
fn the_printed_rules_are_the_rules() {
    const FILE: &str = "openapi/diff-rules.md";
    let wanted = rules_markdown();
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        std::fs::write(root().join(FILE), &wanted).unwrap();
    }
    assert!(read(FILE) == wanted, "run `cargo xtask diff --rules > {FILE}` and commit the result");
}
