//! The text form of the faults, and the table of the docs.

use std::time::Duration;

use vambe_emulator::{Fault, FaultError, FaultKind, FaultMix, RetryAfter, StatusCode};

use crate::support::assert_fixture;

#[test]
fn every_example_of_the_table_round_trips() {
    for kind in Fault::kinds() {
        assert!(!kind.examples().is_empty(), "{kind:?}");
        for example in kind.examples() {
            let fault: Fault = example.parse().unwrap();
            assert_eq!(fault.kind(), *kind, "{example}");
            let text = fault.to_string();
            assert_eq!(text.parse::<Fault>().unwrap(), fault, "{example}");
            // Only the short form of a status differs.
            assert_eq!(
                text.strip_prefix("status:").unwrap_or(&text),
                example.strip_prefix("status:").unwrap_or(example)
            );
            assert_eq!(format!("{fault:?}"), format!("Fault({text})"));
        }
    }
}

#[test]
fn each_constructor_has_its_text_form() {
    let ok = StatusCode::OK;
    let unavailable = StatusCode::SERVICE_UNAVAILABLE;
    let second = Duration::from_secs(1);
    for (fault, text) in [
        (Fault::none(), "none"),
        (Fault::none().after(second), "latency:1s"),
        (Fault::none().after_write(), "none"),
        (Fault::none().before_write(), "none"),
        (Fault::none().lasting(second), "outage:1s:none"),
        (Fault::status(unavailable).lasting(second * 3600), "outage:1h"),
        (
            Fault::status(unavailable).after_write().after(second).lasting(second * 90),
            "outage:90s:latency:1s:status:503:after-write",
        ),
        (Fault::late_write(second * 60), "late-write:1min"),
        (Fault::late_write(second).after(second).before_write(), "latency:1s:late-write:1s"),
        (Fault::revoked_key(), "revoked-key"),
        (Fault::reset_before_reading(), "reset-before-reading"),
        (Fault::reset_before_write(), "reset-before-write"),
        (Fault::reset_before_write().after_write(), "reset-before-write"),
        (Fault::reset_after_write().after(second), "latency:1s:reset-after-write"),
        (Fault::close_before_write(), "close-before-write"),
        (Fault::close_after_write(), "close-after-write"),
        (Fault::status(unavailable), "status:503"),
        (Fault::status(unavailable).after_write(), "status:503:after-write"),
        (Fault::status(unavailable).after_write().before_write(), "status:503"),
        (Fault::status(ok).before_write(), "status:200:before-write"),
        (Fault::status(StatusCode::CONTINUE), "status:500"),
        (Fault::retry_after(unavailable, RetryAfter::Seconds(7)), "status:503:retry-after=7"),
        (Fault::retry_after(unavailable, RetryAfter::DateIn(second)), "status:503:retry-after=date+1s"),
        (Fault::retry_after(unavailable, RetryAfter::DateAgo(second)), "status:503:retry-after=date-1s"),
        (
            Fault::retry_after(unavailable, RetryAfter::Absurd).after_write(),
            "status:503:after-write:retry-after=absurd",
        ),
        (Fault::retry_after(unavailable, RetryAfter::Malformed), "status:503:retry-after=malformed"),
        (Fault::message_list(StatusCode::BAD_REQUEST), "message-list"),
        (Fault::message_list(unavailable), "message-list:503"),
        (Fault::redirect(StatusCode::FOUND, "/x:y?a=b").unwrap(), "redirect:302:/x:y?a=b"),
        (Fault::redirect(StatusCode::FOUND, "3s").unwrap(), "redirect:302:3s"),
        (Fault::redirect(StatusCode::FOUND, "/x").unwrap().after_write(), "redirect:302:after-write:/x"),
        (Fault::html_200(), "html-200"),
        (Fault::empty_200().before_write(), "empty-200:before-write"),
        (Fault::wrong_json_200(), "wrong-json-200"),
        (Fault::unknown_field_200(), "unknown-field-200"),
        (Fault::body_cut(ok), "body-cut"),
        (Fault::body_cut(unavailable), "body-cut:503"),
        (Fault::content_length_too_long(ok).before_write(), "content-length-too-long:before-write"),
        (Fault::body_endless(unavailable).after_write(), "body-endless:503:after-write"),
        (Fault::body_slow_drip(ok, Duration::from_millis(50)), "body-slow-drip"),
        (Fault::body_slow_drip(unavailable, second), "body-slow-drip:503:every=1s"),
        (Fault::body_late(ok, second), "body-late:1s"),
        (Fault::body_late(unavailable, second).after_write(), "body-late:1s:503:after-write"),
        (Fault::body_large(ok), "body-large"),
    ] {
        assert_eq!(fault.to_string(), text);
        assert_eq!(text.parse::<Fault>().unwrap(), fault, "{text}");
    }
}

#[test]
fn an_invalid_fault_is_explained() {
    let form = |text: &str, form: &str| format!("`{text}` does not match {form}; `--list-faults`");
    for (text, message) in [
        ("", "unknown fault ``; `--list-faults` prints all of them".to_owned()),
        ("nonsense", "unknown fault `nonsense`; `--list-faults`".to_owned()),
        ("reset-after-writ", "unknown fault `reset-after-writ`; did you mean `reset-after-write`?".to_owned()),
        ("Body-Cut:503", "did you mean `body-cut`?".to_owned()),
        ("latency:1s:bodycut", "unknown fault `bodycut`; did you mean `body-cut`?".to_owned()),
        ("150", "unknown fault `150`".to_owned()),
        ("latency", form("latency", "latency:DURATION[:FAULT]")),
        ("latency:1", form("latency:1", "latency:DURATION[:FAULT]")),
        ("latency:1s:latency:1s", form("latency:1s", "latency:DURATION[:FAULT]")),
        ("outage", form("outage", "outage:DURATION[:FAULT]")),
        ("outage:0s", form("outage:0s", "outage:DURATION[:FAULT]")),
        ("outage:1h:outage:1h", form("outage:1h", "outage:DURATION[:FAULT]")),
        ("latency:1s:outage:1h", form("outage:1h", "outage:DURATION[:FAULT]")),
        ("late-write", form("late-write", "late-write:DURATION")),
        ("late-write:1s:after-write", form("late-write:1s:after-write", "late-write:DURATION")),
        ("body-late:503", form("body-late:503", "body-late:DURATION[:STATUS][:WRITE]")),
        ("none:503", form("none:503", "none")),
        ("status", form("status", "status:STATUS[:WRITE][:retry-after=WHEN]")),
        ("status:99", form("status:99", "status:STATUS[:WRITE][:retry-after=WHEN]")),
        ("503:", form("503:", "status:STATUS[:WRITE][:retry-after=WHEN]")),
        ("503:retry-after=later", form("503:retry-after=later", "status:STATUS[:WRITE][:retry-after=WHEN]")),
        ("html-200:503", form("html-200:503", "html-200[:WRITE]")),
        ("body-cut:every=1s", form("body-cut:every=1s", "body-cut[:STATUS][:WRITE]")),
        ("body-slow-drip:every=1", form("body-slow-drip:every=1", "body-slow-drip[:STATUS][:WRITE][:every=DURATION]")),
        ("redirect:307", form("redirect:307", "redirect:STATUS[:WRITE]:LOCATION")),
        ("redirect:/x", form("redirect:/x", "redirect:STATUS[:WRITE]:LOCATION")),
        ("redirect:200:/x", "200 is not a redirect; use a status from 300 to 399".to_owned()),
        ("redirect:307:", "the location of a redirect must be visible ASCII without commas".to_owned()),
        ("redirect:307:/a b", "percent-encode everything else".to_owned()),
    ] {
        let error = text.parse::<Fault>().unwrap_err();
        assert!(error.to_string().contains(&message), "{text}: {error}");
    }
}

#[test]
fn rejects_an_invalid_redirect() {
    let redirect = Fault::redirect;
    assert_eq!(redirect(StatusCode::OK, "/x"), Err(FaultError::Redirect { status: 200 }));
    for location in ["", "/a b", "/a,b", "/ä", "/\r\nx: y"] {
        assert_eq!(redirect(StatusCode::FOUND, location), Err(FaultError::Location), "{location}");
    }
}

#[test]
fn a_mix_round_trips() {
    for text in ["none=1", "status:503:retry-after=date+7s=2,none=0", "redirect:307:http://127.0.0.1:9/?a=b=3,none=1"] {
        let mix: FaultMix = text.parse().unwrap();
        assert_eq!((mix.to_string(), mix.seed()), (text.to_owned(), 0));
    }
    for (text, message) in [
        ("", "`` has no weight"),
        ("none", "`none` has no weight"),
        ("none=1,", "`` has no weight"),
        ("none=-1", "`none=-1` has no weight"),
        ("none=1.5", "`none=1.5` has no weight; write FAULT=WEIGHT with a whole number"),
        ("nome=1", "did you mean `none`?"),
    ] {
        let error = text.parse::<FaultMix>().unwrap_err();
        assert!(error.to_string().contains(message), "{text}: {error}");
    }
}

#[test]
fn the_table_of_the_docs_is_current() {
    assert_fixture("src/faults.md", &docs());
}

fn docs() -> String {
    let mut text = "| Fault | Effect | Update applied | Examples |\n|---|---|---|---|\n".to_owned();
    for kind in Fault::kinds() {
        let examples: Vec<_> = kind.examples().iter().map(|example| format!("`{example}`")).collect();
        let row = [format!("`{}`", kind.form()), kind.about().into(), kind.applied().into(), examples.join(", ")];
        text += &format!("| {} |\n", row.join(" | "));
    }
    text += "\nThe words in upper case:\n\n| Word | Meaning |\n|---|---|\n";
    for (name, meaning) in FaultKind::value_names() {
        text += &format!("| {name} | {meaning} |\n");
    }
    text
}
