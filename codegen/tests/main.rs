//! What specs generate, and what is told of those that cannot be used; one binary, since each further one is linked anew.

// Tells clippy that the helpers too are test code.
#![cfg(test)]

mod any_edit;
mod broken;
mod golden;
