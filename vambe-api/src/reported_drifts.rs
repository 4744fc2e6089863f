//! The drifts that the clones of a client have reported, so that each is reported only once.

use std::{
    collections::HashSet,
    hash::{BuildHasher as _, RandomState},
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{Drift, redact::Redactor};

/// Upper bound on the remembered drifts, so that a server that keeps inventing fields cannot use up the memory.
const MAX_REMEMBERED: usize = 256;

#[derive(Default)]
pub(crate) struct ReportedDrifts {
    known: Mutex<Known>,
    hasher: RandomState,
}

#[derive(Default)]
struct Known {
    /// The hashes of drifts before redaction, so that a drift in every response is redacted only once.
    sent: HashSet<u64>,
    /// The redacted drifts: a private text in the name of a field differs from call to call.
    reported: HashSet<Drift>,
}

impl ReportedDrifts {
    /// Returns the redacted drift if it is new and there is room to remember it.
    pub(crate) fn first(&self, drift: Drift, redactor: &Redactor<'_>) -> Option<Drift> {
        let hash = self.hasher.hash_one(&drift);
        {
            let known = self.known();
            if known.sent.contains(&hash) || known.reported.len() >= MAX_REMEMBERED {
                return None;
            }
        }
        let drift = drift.redact(redactor);
        let mut known = self.known();
        if known.sent.len() < MAX_REMEMBERED {
            known.sent.insert(hash);
        }
        (known.reported.len() < MAX_REMEMBERED && known.reported.insert(drift.clone())).then_some(drift)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;

    use super::*;
    use crate::redact::redactor_for_body;

    fn field(field: &str) -> Drift {
        Drift::UnknownField { operation: "a", status: StatusCode::OK, field: field.to_owned() }
    }

    #[test]
    fn a_drift_is_new_once_regardless_of_private_text_in_it() {
        let reported = ReportedDrifts::default();
        let (one, other) =
            (redactor_for_body(r#"{"metadata": "value-1"}"#), redactor_for_body(r#"{"metadata": "value-2"}"#));
        assert_eq!(reported.first(field("value-1"), &one), Some(field("[redacted]")));
        assert_eq!(reported.first(field("value-2"), &other), None);
        assert_eq!(reported.first(field("id"), &one), Some(field("id")));
        assert_eq!(reported.first(field("id"), &one), None);
    }

    #[test]
    fn the_memory_does_not_grow_with_what_a_server_makes_up() {
        let reported = ReportedDrifts::default();
        let redactor = redactor_for_body("{}");
        let new =
            (0..2 * MAX_REMEMBERED).filter(|index| reported.first(field(&index.to_string()), &redactor).is_some());
        assert_eq!(new.count(), MAX_REMEMBERED);
        let known = reported.known();
        assert_eq!((known.sent.len(), known.reported.len()), (MAX_REMEMBERED, MAX_REMEMBERED));
    }
}
