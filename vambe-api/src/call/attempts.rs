//! The attempts of a failed call.

use reqwest::StatusCode;

use super::Delivery;

/// One failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// The HTTP status, if the server answered.
    pub status: Option<StatusCode>,
    /// The delivery of this attempt's request.
    pub delivery: Delivery,
}

/// The attempts of a failed call, in order.
#[derive(Debug)]
pub(crate) struct Attempts {
    failed: Vec<Attempt>,
    idempotent: bool,
}

impl Attempts {
    pub(crate) fn new(idempotent: bool) -> Self {
        Self { failed: Vec::new(), idempotent }
    }

    pub(crate) fn push(&mut self, attempt: Attempt) {
        self.failed.push(attempt);
    }

    /// Returns the number of attempts.
    pub(crate) fn count(&self) -> u32 {
        u32::try_from(self.failed.len()).unwrap_or(u32::MAX)
    }

    pub(crate) fn as_slice(&self) -> &[Attempt] {
        &self.failed
    }

    /// Returns whether the request may have been applied: the worst case of all attempts.
    pub(crate) fn delivery(&self) -> Delivery {
        self.failed.iter().map(|attempt| attempt.delivery).max().unwrap_or(Delivery::NotSent)
    }

    /// Returns the text of [`delivery`](Self::delivery) in an error message.
    pub(crate) fn delivery_text(&self) -> &'static str {
        match (self.delivery(), self.idempotent) {
            (Delivery::NotSent, _) => "nothing was sent",
            (Delivery::Rejected, _) => "the request was not applied",
            (Delivery::Unknown, true) => "the request may have been applied; sending it again is safe",
            (Delivery::Unknown, false) => "the request may have been applied; check before sending it again",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_attempt_decides_the_delivery() {
        use Delivery::*;
        let cases: [(&[Delivery], Delivery); 6] = [
            (&[], NotSent),
            (&[NotSent, NotSent], NotSent),
            (&[NotSent, Rejected], Rejected),
            (&[Rejected, NotSent], Rejected),
            (&[Unknown, Rejected], Unknown),
            (&[Unknown, NotSent], Unknown),
        ];
        for (deliveries, expected) in cases {
            let mut attempts = Attempts::new(true);
            deliveries.iter().for_each(|&delivery| attempts.push(Attempt { status: None, delivery }));
            assert_eq!(attempts.delivery(), expected, "{deliveries:?}");
        }
    }
}
