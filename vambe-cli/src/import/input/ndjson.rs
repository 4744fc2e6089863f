//! One line of NDJSON as an update, in the form of the published request.

use std::{collections::HashSet, fmt};

use super::{
    fault::{Faults, Shown},
    later::LATER_FIELD,
    notes::notes,
    object::{self, Kind, Member, members},
    update::{ALLOW_CLOSED, Draft, ERROR_FIELD, IDENTIFIERS, Update, meant},
};

/// What `failed.rs` puts a line into that is no object.
pub(crate) const LINE_FIELD: &str = "vambe_line";
const METADATA: &str = "metadata";

/// Reads a line.
pub(super) fn update(raw: &[u8], line: u64) -> Result<Update, Faults> {
    let mut draft = Draft::new(raw, line);
    // Also of a line that is no JSON behind it.
    let notes = notes(raw);
    if let Some(later) = notes.later {
        draft.later(&String::from_utf8_lossy(raw.get(later.clone()).unwrap_or_default()), later.start);
    }
    let text = match str::from_utf8(raw) {
        Ok(text) => text,
        Err(error) => {
            draft.faults.add(error.valid_up_to(), "the line is not UTF-8: save the file as UTF-8");
            return draft.give_up();
        }
    };
    let start = text.len() - text.trim_ascii_start().len();
    if text.as_bytes().get(start) != Some(&b'{') {
        draft.faults.add(start, "the line is no JSON object: write each update as an object on a line of its own");
        return draft.give_up();
    }
    let members = match members(text) {
        Ok(members) => members,
        Err(error) => {
            draft.faults.add(
                object::offset_of(&error, text),
                format_args!("the line is not JSON: {}", object::message(&error)),
            );
            return draft.give_up();
        }
    };
    let mut seen = HashSet::new();
    for member in &members {
        let name = member.key.as_str();
        if name != ERROR_FIELD && name != LATER_FIELD && !seen.insert(name) {
            draft.faults.add(member.start, format_args!("`{}` is given more than once: give it once", Shown(name)));
        }
        // Those in front were taken above.
        if name != LATER_FIELD || notes.fields.as_ref().is_none_or(|fields| member.start >= fields.end) {
            take(&mut draft, member);
        }
    }
    draft.finish()
}

fn take(draft: &mut Draft<'_>, member: &Member<'_>) {
    let name = member.key.as_str();
    match IDENTIFIERS.iter().find(|known| **known == name) {
        Some(name) => {
            draft.identifier_at(name, member.start);
            if let Some(text) = string(draft, member, format_args!("`{name}`")) {
                draft.identifier(name, &text, member.value_start);
            }
        }
        None if name == METADATA => {
            draft.has_metadata = true;
            pairs(draft, member);
        }
        None if name == ALLOW_CLOSED => match member.value {
            "true" => draft.allow_closed_ticket = Some(true),
            "false" => draft.allow_closed_ticket = Some(false),
            _ => draft.faults.add(
                member.value_start,
                format_args!(
                    "`{ALLOW_CLOSED}` is neither true nor false: write one of them without quotes, or leave it out"
                ),
            ),
        },
        None if name == ERROR_FIELD => {}
        None if name == LATER_FIELD => draft.later(member.value, member.value_start),
        None if name == LINE_FIELD => draft.faults.add(
            member.start,
            format_args!(
                "`{LINE_FIELD}` holds a line that is no JSON object: put the mended object in the place of this one"
            ),
        ),
        None => {
            let known = IDENTIFIERS.iter().copied().chain([METADATA, ALLOW_CLOSED]);
            let advice = match meant(name, known) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("if it is metadata, put it into `{METADATA}`"),
            };
            draft.faults.add(member.start, format_args!("`{}` is no field of an update: {advice}", Shown(name)));
        }
    }
}

fn pairs(draft: &mut Draft<'_>, metadata: &Member<'_>) {
    let begin = metadata.value_start;
    if Kind::of(metadata.value) != Kind::Object {
        return draft.faults.add(begin, format_args!("`{METADATA}` is no object: write an object of strings"));
    }
    let members = match members(metadata.value) {
        Ok(members) => members,
        Err(error) => {
            let at = begin + object::offset_of(&error, metadata.value);
            return draft.faults.add(at, format_args!("`{METADATA}` is not JSON: {}", object::message(&error)));
        }
    };
    draft.has_metadata = !members.is_empty();
    let mut seen = HashSet::new();
    for mut member in members {
        member.start += begin;
        member.value_start += begin;
        if !seen.insert(member.key.clone()) {
            let reason =
                format_args!("the metadata key `{}` is given more than once: give it once", Shown(&member.key));
            draft.faults.add(member.start, reason);
        }
        let value = string(draft, &member, format_args!("the metadata value of `{}`", Shown(&member.key)));
        draft.metadata.extend(value.map(|value| (member.key, value)));
    }
}

/// The value of a member that has to be a string.
fn string(draft: &mut Draft<'_>, member: &Member<'_>, what: fmt::Arguments<'_>) -> Option<String> {
    match Kind::of(member.value) {
        Kind::String => match serde_json::from_str(member.value) {
            Ok(text) => return Some(text),
            Err(error) => {
                let at = member.value_start + object::offset_of(&error, member.value);
                draft.faults.add(at, format_args!("{what} is not JSON: {}", object::message(&error)));
            }
        },
        Kind::Null => {
            draft.faults.add(member.value_start, format_args!("{what} is null: write a string, or leave it out"));
        }
        other => {
            draft.faults.add(member.value_start, format_args!("{what} is {other}: write a string, in quotes"));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use vambe_api::{Metadata, TicketRef};

    use super::*;
    use crate::import::input::Later;

    const ID: &str = "a1b2c3d4-e5f6-7890-abcd-ef1234567890";

    fn read(raw: &[u8]) -> Result<Update, Vec<(u64, String)>> {
        update(raw, 7).map_err(|faults| {
            assert!(faults.iter().all(|fault| fault.line == 7));
            faults.iter().map(|fault| (fault.column, fault.reason.clone())).collect()
        })
    }

    #[test]
    fn a_right_line_is_an_update() {
        let number = TicketRef::contact_number("+56912345678").unwrap();
        let metadata = Metadata::from([("k", "v")]);
        for (raw, ticket, metadata, allow_closed_ticket) in [
            (
                format!(r#"{{"ticket_id":"{ID}","metadata":{{"k":"v"}}}}"#),
                TicketRef::ticket_id(ID).unwrap(),
                metadata.clone(),
                None,
            ),
            (
                format!(r#" {{ "metadata" : {{ "k" : "v" }} , "allow_closed_ticket" : true, "ai_contact_id" : "{ID}" }} "#),
                TicketRef::ai_contact_id(ID).unwrap(),
                metadata.clone(),
                Some(true),
            ),
            (
                r#"{"vambe_error":{"a":[1]},"contact_number":"+56 9 1234 5678","allow_closed_ticket":false,"metadata":{"k":"v"}}"#
                    .to_owned(),
                number.clone(),
                metadata,
                Some(false),
            ),
            (
                r#"{"contact_number":"\u002b56912345678","met\u0061data":{"a\"b":"\ud83d\ude00","":""},"vambe_error":1,"vambe_error":2}"#
                    .to_owned(),
                number,
                Metadata::from([("a\"b", "😀"), ("", "")]),
                None,
            ),
        ] {
            assert_eq!(read(raw.as_bytes()), Ok(Update { ticket, metadata, allow_closed_ticket, later: Later::default() }), "{raw}");
        }
    }

    #[test]
    fn each_fault_of_a_line_is_told_with_its_place_and_without_a_value() {
        const NUMBER: &str = r#""contact_number":"+56912345678""#;
        let no_ticket = "none of ticket_id, ai_contact_id, contact_number is given: give exactly one";
        let empty = "the metadata is empty: give at least one key-value pair, or leave the update out";
        for (raw, expected) in [
            ("{}".to_owned(), vec![(1, no_ticket), (1, empty)]),
            (format!("{{{NUMBER},\"metadata\":{{}}}}"), vec![(1, empty)]),
            (format!("{{{NUMBER},\"metadata\":\"secret\"}}"), vec![(45, "`metadata` is no object: write an object of strings")]),
            (
                format!("{{{NUMBER},\"metadata\":{{\"ñ\":12345, \"b\":null,\"b\":[\"secret\"],\"c\":{{}},\"d\":true}}}}"),
                vec![
                    (50, "the metadata value of `ñ` is a number: write a string, in quotes"),
                    (61, "the metadata value of `b` is null: write a string, or leave it out"),
                    (66, "the metadata key `b` is given more than once: give it once"),
                    (70, "the metadata value of `b` is an array: write a string, in quotes"),
                    (85, "the metadata value of `c` is an object: write a string, in quotes"),
                    (92, "the metadata value of `d` is a boolean: write a string, in quotes"),
                ],
            ),
            (
                r#"{"contact_number": 12345,"ticket_id":"secret","ticketId":"secret","order_id":"secret","metadata":{"k":"v"}}"#.to_owned(),
                vec![
                    (20, "`contact_number` is a number: write a string, in quotes"),
                    (38, "`ticket_id` is not a UUID: write it as in a1b2c3d4-e5f6-7890-abcd-ef1234567890"),
                    (47, "`ticketId` is no field of an update: did you mean `ticket_id`?"),
                    (67, "`order_id` is no field of an update: if it is metadata, put it into `metadata`"),
                    (26, "ticket_id and contact_number are given: give exactly one of ticket_id, ai_contact_id, contact_number"),
                ],
            ),
            (
                format!("{{{NUMBER},{NUMBER},\"allow_closed_ticket\":\"secret\",\"metadata\":{{\"k\":\"v\"}}}}"),
                vec![
                    (34, "`contact_number` is given more than once: give it once"),
                    (88, "`allow_closed_ticket` is neither true nor false: write one of them without quotes, or leave it out"),
                ],
            ),
            (r#"["secret"]"#.to_owned(), vec![(1, "the line is no JSON object: write each update as an object on a line of its own")]),
            (" secret".to_owned(), vec![(2, "the line is no JSON object: write each update as an object on a line of its own")]),
            (r#"{"ñ":secret}"#.to_owned(), vec![(6, "the line is not JSON: expected value")]),
            (r#"{"a":"secret"} {"#.to_owned(), vec![(16, "the line is not JSON: trailing characters")]),
            (r#"{"a":"secret"#.to_owned(), vec![(12, "the line is not JSON: it ends too early: write each update whole, on one line")]),
            (
                format!("{{{NUMBER},\"metadata\":{{\"k\":\"\\ud800 secret\"}}}}"),
                vec![(57, "the metadata value of `k` is not JSON: unexpected end of hex escape")],
            ),
            (
                r#"{"vambe_error":"x","vambe_line":"secret"}"#.to_owned(),
                vec![
                    (20, "`vambe_line` holds a line that is no JSON object: put the mended object in the place of this one"),
                    (1, no_ticket),
                    (1, empty),
                ],
            ),
        ] {
            let faults = read(raw.as_bytes()).unwrap_err();
            assert!(!format!("{faults:?}").contains("secret") && !format!("{faults:?}").contains("12345,"), "{faults:?}");
            let expected: Vec<_> = expected.into_iter().map(|(column, reason)| (column, reason.to_owned())).collect();
            assert_eq!(faults, expected, "{raw}");
        }
        let expected = "the line is not UTF-8: save the file as UTF-8".to_owned();
        assert_eq!(read(b"{\"\xc3\xb1\xff\":1}").unwrap_err(), [(4, expected)]);
    }
}
