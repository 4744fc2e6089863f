//! What a check finds: a JSON pointer, what is wrong there and what to do. The place in the text is looked up later.

use super::tree::Place;
use crate::error::Refusal;

/// A problem before it is located.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    /// The JSON pointer of the part that is meant.
    pub(crate) pointer: String,
    /// The place, where the text could not be made a tree that the pointer would lead through.
    pub(crate) place: Option<Place>,
    /// What is wrong.
    pub(crate) what: String,
    /// What to do about it.
    pub(crate) help: String,
    /// Another place that has to do with it, and what it is.
    pub(crate) also: Option<Box<(String, &'static str)>>,
}

impl Finding {
    pub(crate) fn new(pointer: impl Into<String>, what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), place: None, what: what.into(), help: help.into(), also: None }
    }

    /// For what is found before there is a tree.
    pub(crate) fn at_place(place: Place, what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { place: Some(place), ..Self::new("", what, help) }
    }

    /// Names a second place, such as the first of two that may only be one.
    pub(crate) fn also(self, pointer: impl Into<String>, what: &'static str) -> Self {
        Self { also: Some(Box::new((pointer.into(), what))), ..self }
    }
}

impl From<Refusal> for Finding {
    fn from(refusal: Refusal) -> Self {
        let message = refusal.to_string();
        match refusal {
            Refusal::Unsupported { pointer, what, help } => {
                Self::new(pointer, format!("{what} is not supported"), help)
            }
            Refusal::ExclusiveGroup { pointer, what, help } => {
                Self::new(pointer, format!("not an exclusive group: {what}"), help)
            }
            Refusal::Progenitor { pointer, .. } => {
                let help = "it is progenitor's fault, not the document's: say it in another way, or leave it out";
                Self::new(pointer, message, help)
            }
            Refusal::NotADocument { pointer, .. } => {
                Self::new(pointer, message, "compare it with the specification: https://spec.openapis.org/oas/v3.0.3")
            }
            Refusal::UnexpectedOutput { .. } => {
                Self::new("", message, "it is the generator's fault, not the document's")
            }
        }
    }
}
