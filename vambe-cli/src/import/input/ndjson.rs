//! Parses a line of NDJSON, in the form of the API's request, into an update.

use std::{collections::HashSet, fmt};

use super::{
    encoding::NOT_TEXT,
    fault::{Escaped, Faults},
    later_keys::LATER_FIELD,
    leading_fields::LeadingFields,
    object::{self, Kind, Member, members},
    reading::Reading,
    update::{ALLOW_CLOSED, ERROR_FIELD, IDENTIFIERS, Update, UpdateBuilder, meant},
};

/// The field in which `row_writer.rs` puts a line that is not an object.
pub(crate) const LINE_FIELD: &str = "vambe_line";
const METADATA: &str = "metadata";

/// Parses a line.
pub(super) fn update(raw: &[u8], line: u64, reading: &Reading) -> Result<Update, Faults> {
    let mut builder = UpdateBuilder::new(raw, line, reading);
    // Valid also if the rest of the line is not JSON.
    let leading = LeadingFields::find(raw);
    if let Some(later) = leading.later {
        builder.parse_later(&String::from_utf8_lossy(raw.get(later.clone()).unwrap_or_default()), later.start);
    }
    let text = match str::from_utf8(raw) {
        Ok(text) => text,
        Err(error) => {
            builder.faults.add(error.valid_up_to(), format_args!("the line {NOT_TEXT}"));
            return builder.abort();
        }
    };
    let start = text.len() - text.trim_ascii_start().len();
    if text.as_bytes().get(start) != Some(&b'{') {
        builder.faults.add(start, "the line is not a JSON object: write one object per line");
        return builder.abort();
    }
    let members = match members(text) {
        Ok(members) => members,
        Err(error) => {
            builder.faults.add(
                object::offset_of(&error, text),
                format_args!("the line is not JSON: {}", object::message(&error)),
            );
            return builder.abort();
        }
    };
    let mut seen = HashSet::new();
    for member in &members {
        let name = member.key.as_str();
        if name != ERROR_FIELD && name != LATER_FIELD && !seen.insert(name) {
            builder.faults.add(member.start, format_args!("`{}` is given more than once: give it once", Escaped(name)));
        }
        // Leading ones were parsed above.
        if name != LATER_FIELD || leading.span.as_ref().is_none_or(|span| member.start >= span.end) {
            read_member(&mut builder, member, reading);
        }
    }
    builder.finish()
}

fn read_member(builder: &mut UpdateBuilder<'_>, member: &Member<'_>, reading: &Reading) {
    let name = member.key.as_str();
    match IDENTIFIERS.iter().find(|known| **known == name) {
        Some(name) => {
            builder.identifier_at(name, member.start);
            if let Some(text) = string(builder, member, format_args!("`{name}`")) {
                builder.identifier(name, &text, member.value_start);
            }
        }
        None if name == METADATA => {
            builder.has_metadata = true;
            pairs(builder, member, reading);
        }
        None if name == ALLOW_CLOSED => match member.value {
            "true" => builder.allow_closed_ticket = Some(true),
            "false" => builder.allow_closed_ticket = Some(false),
            _ => builder.faults.add(
                member.value_start,
                format_args!(
                    "`{ALLOW_CLOSED}` is neither true nor false: write one of them without quotes, or leave it out"
                ),
            ),
        },
        None if name == ERROR_FIELD => {}
        None if name == LATER_FIELD => builder.parse_later(member.value, member.value_start),
        None if name == LINE_FIELD => builder.faults.add(
            member.start,
            format_args!(
                "`{LINE_FIELD}` has a line that is not a JSON object: replace this object with the fixed line"
            ),
        ),
        None => {
            let known = IDENTIFIERS.iter().copied().chain([METADATA, ALLOW_CLOSED]);
            let advice = match meant(name, known) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("if it is metadata, move it into `{METADATA}`"),
            };
            builder.faults.add(member.start, format_args!("`{}` is not a field of an update: {advice}", Escaped(name)));
        }
    }
}

fn pairs(builder: &mut UpdateBuilder<'_>, metadata: &Member<'_>, reading: &Reading) {
    let begin = metadata.value_start;
    if Kind::of(metadata.value) != Kind::Object {
        return builder.faults.add(begin, format_args!("`{METADATA}` is not an object: write an object of strings"));
    }
    let members = match members(metadata.value) {
        Ok(members) => members,
        Err(error) => {
            let at = begin + object::offset_of(&error, metadata.value);
            return builder.faults.add(at, format_args!("`{METADATA}` is not JSON: {}", object::message(&error)));
        }
    };
    builder.has_metadata = !members.is_empty() || reading.constants.is_some();
    let mut seen = HashSet::new();
    for mut member in members {
        member.start += begin;
        member.value_start += begin;
        if !seen.insert(member.key.clone()) {
            let reason =
                format_args!("the metadata key `{}` is given more than once: give it once", Escaped(&member.key));
            builder.faults.add(member.start, reason);
        }
        if reading.sets(&member.key) {
            let reason =
                format_args!("the metadata key `{}` is also in --set: leave out one of them", Escaped(&member.key));
            builder.faults.add(member.start, reason);
        }
        let value = string(builder, &member, format_args!("the metadata value of `{}`", Escaped(&member.key)));
        builder.metadata.extend(value.map(|value| (member.key, value)));
    }
}

/// Parses the value of a member that has to be a string.
fn string(builder: &mut UpdateBuilder<'_>, member: &Member<'_>, what: fmt::Arguments<'_>) -> Option<String> {
    match Kind::of(member.value) {
        Kind::String => match serde_json::from_str(member.value) {
            Ok(text) => return Some(text),
            Err(error) => {
                let at = member.value_start + object::offset_of(&error, member.value);
                builder.faults.add(at, format_args!("{what} is not JSON: {}", object::message(&error)));
            }
        },
        Kind::Null => {
            builder.faults.add(member.value_start, format_args!("{what} is null: write a string, or leave it out"));
        }
        other => {
            builder.faults.add(member.value_start, format_args!("{what} is {other}: write a string, in quotes"));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use vambe_api::{Metadata, TicketRef};

    use super::*;
    use crate::import::input::LaterKeys;

    const ID: &str = "a1b2c3d4-e5f6-7890-abcd-ef1234567890";

    fn read(raw: &[u8]) -> Result<Update, Vec<(u64, String)>> {
        update(raw, 7, &Reading::default()).map_err(|faults| {
            assert!(faults.iter().all(|fault| fault.line == 7));
            faults.iter().map(|fault| (fault.column, fault.reason.clone())).collect()
        })
    }

    #[test]
    fn parses_valid_lines() {
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
            assert_eq!(read(raw.as_bytes()), Ok(Update { ticket, metadata, allow_closed_ticket, later: LaterKeys::default(), is_national: false }), "{raw}");
        }
    }

    #[test]
    fn reports_each_fault_with_its_position_and_no_value() {
        const NUMBER: &str = r#""contact_number":"+56912345678""#;
        let no_ticket = "none of ticket_id, ai_contact_id, contact_number is given: give exactly one";
        let empty = "the metadata is empty: give at least one key-value pair, or leave the update out";
        for (raw, expected) in [
            ("{}".to_owned(), vec![(1, no_ticket), (1, empty)]),
            (format!("{{{NUMBER},\"metadata\":{{}}}}"), vec![(1, empty)]),
            (format!("{{{NUMBER},\"metadata\":\"secret\"}}"), vec![(45, "`metadata` is not an object: write an object of strings")]),
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
                    (47, "`ticketId` is not a field of an update: did you mean `ticket_id`?"),
                    (67, "`order_id` is not a field of an update: if it is metadata, move it into `metadata`"),
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
            (r#"["secret"]"#.to_owned(), vec![(1, "the line is not a JSON object: write one object per line")]),
            (" secret".to_owned(), vec![(2, "the line is not a JSON object: write one object per line")]),
            (r#"{"ñ":secret}"#.to_owned(), vec![(6, "the line is not JSON: expected value")]),
            (r#"{"a":"secret"} {"#.to_owned(), vec![(16, "the line is not JSON: trailing characters")]),
            (r#"{"a":"secret"#.to_owned(), vec![(12, "the line is not JSON: it ends too early: write one whole object per line")]),
            (
                format!("{{{NUMBER},\"metadata\":{{\"k\":\"\\ud800 secret\"}}}}"),
                vec![(57, "the metadata value of `k` is not JSON: unexpected end of hex escape")],
            ),
            (
                r#"{"vambe_error":"x","vambe_line":"secret"}"#.to_owned(),
                vec![
                    (20, "`vambe_line` has a line that is not a JSON object: replace this object with the fixed line"),
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
        let expected = format!("the line {NOT_TEXT}");
        assert_eq!(read(b"{\"\xc3\xb1\xff\":1}").unwrap_err(), [(4, expected)]);
    }
}
