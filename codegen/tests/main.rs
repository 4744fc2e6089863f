//! Generated code and reported problems of whole specs; one binary, since each further one is linked on its own.

// Makes clippy treat the helpers as test code.
#![cfg(test)]

mod any_edit;
mod broken;
mod golden;
mod nestjs;
