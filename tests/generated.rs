//! The expected texts of the generator's specs, each as the module that it is meant to be. What they refer to in the root of
//! their crate is there.

#[rustfmt::skip]
#[path = "../codegen/tests/specs/answers.rs"]
pub(crate) mod answers;
#[rustfmt::skip]
#[path = "../codegen/tests/specs/fields.rs"]
pub(crate) mod fields;
#[rustfmt::skip]
#[path = "../codegen/tests/specs/groups.rs"]
pub(crate) mod groups;
#[rustfmt::skip]
#[path = "../codegen/tests/specs/mixed.rs"]
pub(crate) mod mixed;
#[rustfmt::skip]
#[path = "../codegen/tests/nestjs/generated.rs"]
pub(crate) mod nestjs;
#[rustfmt::skip]
#[path = "../codegen/tests/specs/parameters.rs"]
pub(crate) mod parameters;
#[rustfmt::skip]
#[path = "../codegen/tests/specs/second.rs"]
pub(crate) mod second;
