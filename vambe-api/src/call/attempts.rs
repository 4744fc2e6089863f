//! What is kept of the attempts of a failed call.

use reqwest::StatusCode;

use super::Delivery;

/// One failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// The HTTP status, if the server answered.
    pub status: Option<StatusCode>,
    /// What became of this attempt's request.
    pub delivery: Delivery,
}

/// The attempts of a failed call, in their order.
#[derive(Clone, Debug, Default)]
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

    /// How many there were.
    pub(crate) fn count(&self) -> u32 {
        u32::try_from(self.failed.len()).unwrap_or(u32::MAX)
    }

    pub(crate) fn as_slice(&self) -> &[Attempt] {
        &self.failed
    }

    /// What became of the request: the worst that any attempt says.
    pub(crate) fn delivery(&self) -> Delivery {
        self.failed.iter().map(|attempt| attempt.delivery).max().unwrap_or(Delivery::NotSent)
    }

    /// What to do, in the words of an error's message.
    pub(crate) fn advice(&self) -> &'static str {
        match (self.delivery(), self.idempotent) {
            (Delivery::NotSent, _) => "nothing was sent",
            (Delivery::Rejected, _) => "it was not applied",
            (Delivery::Unknown, true) => "it may have been applied, and sending it again does no harm",
            (Delivery::Unknown, false) => "it may have been applied, so look before sending it again",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_attempt_decides_what_became_of_the_request() {
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
