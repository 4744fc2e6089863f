//! The record of one row.

use serde::{Deserialize, Serialize};

use crate::import::input::Raw;

/// The outcome of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// The server applied the row.
    Applied,
    /// The row is invalid, or the server rejected it; retrying will not help.
    Rejected,
    NotSent,
    /// The row may or may not have been applied.
    Unknown,
    /// The row was unknown, and the operator counts it as applied: it is not sent again.
    Settled,
    /// Later rows of the same ticket have set all its keys.
    Superseded,
}

impl Outcome {
    /// Returns true if later runs do not send the row.
    pub(crate) fn is_final(self) -> bool {
        matches!(self, Self::Applied | Self::Rejected | Self::Settled | Self::Superseded)
    }

    /// Returns the outcome as people read it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Rejected => "rejected",
            Self::NotSent => "not sent",
            Self::Unknown => "unknown",
            Self::Settled => "settled",
            Self::Superseded => "superseded",
        }
    }
}

/// The outcome of a row with its details, as the journal has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// The number of the row in the input, from 1.
    pub(crate) row: u64,
    pub(crate) outcome: Outcome,
    /// The number of requests of this run.
    pub(crate) attempts: u32,
    /// The latest time at which one of these requests can have reached the server, in milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) last_request_ms: Option<i64>,
    /// The HTTP status of the last response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u16>,
    /// The reason why the row was not applied. It must not depend on the row: the report counts rows by reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    /// The line of the input on which the row begins, unless the row was applied, settled or not sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<u64>,
    /// The row as it is in the input, if it was rejected or is unknown: such rows are written to files from the journal alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) input: Option<Raw>,
}

impl Record {
    /// Creates a record without details, of a row that was not sent.
    pub(crate) fn new(row: u64, outcome: Outcome) -> Self {
        Self { row, outcome, attempts: 0, last_request_ms: None, status: None, reason: None, line: None, input: None }
    }

    /// Appends the JSON of the record. That of a row that was applied is written without serde, which takes several times as
    /// long: nearly all lines of a long journal are such lines.
    pub(super) fn write(&self, json: &mut Vec<u8>) -> serde_json::Result<()> {
        let Self {
            row, outcome: Outcome::Applied, attempts, status: None, reason: None, line: None, input: None, ..
        } = self
        else {
            return serde_json::to_writer(json, self);
        };
        json.extend_from_slice(br#"{"row":"#);
        serde_json::to_writer(&mut *json, row)?;
        json.extend_from_slice(br#","outcome":"applied","attempts":"#);
        serde_json::to_writer(&mut *json, attempts)?;
        if let Some(time) = &self.last_request_ms {
            json.extend_from_slice(br#","last_request_ms":"#);
            serde_json::to_writer(&mut *json, time)?;
        }
        json.push(b'}');
        Ok(())
    }

    /// Parses the line of a row that was applied, exactly as it is written; `None` for any other line. Without serde, too.
    pub(super) fn parse_applied(json: &[u8]) -> Option<Self> {
        let (row, rest) = number(json.strip_prefix(br#"{"row":"#)?)?;
        let (attempts, rest) = number(rest.strip_prefix(br#","outcome":"applied","attempts":"#)?)?;
        let (last_request_ms, rest) = match rest.strip_prefix(br#","last_request_ms":"#) {
            Some(rest) => number(rest).map(|(time, rest)| (Some(time), rest))?,
            None => (None, rest),
        };
        let attempts = u32::try_from(attempts).ok()?;
        let last_request_ms = last_request_ms.map(i64::try_from).transpose().ok()?;
        (rest == b"}").then_some(Self { attempts, last_request_ms, ..Self::new(row, Outcome::Applied) })
    }

    /// Returns the record to report if this one could not be written: the next run sends the row again, so no outcome is final.
    pub(crate) fn unwritten(self) -> Self {
        let outcome = match self.outcome {
            Outcome::Applied | Outcome::Unknown | Outcome::Settled => Outcome::Unknown,
            // The server rejected the row, but the next run cannot know that either.
            Outcome::Rejected if self.attempts > 0 => Outcome::Unknown,
            Outcome::Rejected | Outcome::NotSent | Outcome::Superseded => Outcome::NotSent,
        };
        if outcome == self.outcome {
            return self;
        }
        let reason = Some("its outcome could not be written to the journal".to_owned());
        Self { outcome, status: None, reason, line: None, input: None, ..self }
    }

    /// Returns the approximate length of the line.
    pub(super) fn weight(&self) -> usize {
        let reason = self.reason.as_ref().map_or(0, String::len);
        let input = self.input.as_ref().map_or(0, |input| input.as_bytes().len());
        reason.saturating_add(input).saturating_add(64)
    }
}

/// Splits off the decimal number at the start.
fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let length = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = bytes.split_at_checked(length).filter(|(digits, _)| !digits.is_empty())?;
    let number = digits
        .iter()
        .try_fold(0_u64, |number, digit| number.checked_mul(10)?.checked_add(u64::from(digit.wrapping_sub(b'0'))))?;
    Some((number, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_applied_row_is_written_and_parsed_as_by_serde() {
        for (row, attempts, last_request_ms) in
            [(1, 1, None), (u64::MAX, u32::MAX, Some(i64::MAX)), (7, 3, Some(1_764_418_000_123))]
        {
            let record = Record { attempts, last_request_ms, ..Record::new(row, Outcome::Applied) };
            let json = serde_json::to_vec(&record).unwrap();
            let mut written = Vec::new();
            record.write(&mut written).unwrap();
            assert_eq!(written, json);
            assert_eq!(Record::parse_applied(&json), Some(record));
        }
    }

    #[test]
    fn any_other_line_is_left_to_serde() {
        let status = Record { status: Some(200), ..Record::new(1, Outcome::Applied) };
        for json in [
            serde_json::to_string(&status).unwrap(),
            serde_json::to_string(&Record::new(1, Outcome::Rejected)).unwrap(),
            r#"{"row":,"outcome":"applied","attempts":1}"#.to_owned(),
            r#"{"row":99999999999999999999,"outcome":"applied","attempts":1}"#.to_owned(),
            r#"{"row":1,"outcome":"applied","attempts":4294967296}"#.to_owned(),
            r#"{"row":1,"outcome":"applied","attempts":1,"last_request_ms":-1}"#.to_owned(),
            r#"{"row":1,"outcome":"applied","attempts":1} "#.to_owned(),
            r#"{"retry_rejected":true}"#.to_owned(),
        ] {
            assert_eq!(Record::parse_applied(json.as_bytes()), None, "{json}");
        }
    }
}
