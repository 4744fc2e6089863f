//! The expected texts of the generator's specs, and the hand-written lines that it proposes for them, each as the module that
//! it is meant to be. What they refer to in the root of their crate is re-exported there.

#[rustfmt::skip]
#[path = "../codegen/tests/specs/answers.rs"]
pub(crate) mod answers;
#[rustfmt::skip]
#[path = "../codegen/tests/specs/answers_lines.rs"]
pub(crate) mod answers_lines;
#[rustfmt::skip]
#[path = "../codegen/tests/specs/fields.rs"]
pub(crate) mod fields;
#[rustfmt::skip]
#[path = "../codegen/tests/specs/fields_lines.rs"]
pub(crate) mod fields_lines;
#[rustfmt::skip]
#[path = "../codegen/tests/specs/groups.rs"]
pub(crate) mod groups;
#[rustfmt::skip]
#[path = "../codegen/tests/specs/groups_lines.rs"]
pub(crate) mod groups_lines;
#[rustfmt::skip]
#[path = "../codegen/tests/specs/parameters.rs"]
pub(crate) mod parameters;
#[rustfmt::skip]
#[path = "../codegen/tests/specs/parameters_lines.rs"]
pub(crate) mod parameters_lines;
#[rustfmt::skip]
#[path = "../codegen/tests/specs/mixed.rs"]
pub(crate) mod mixed;
#[rustfmt::skip]
#[path = "../codegen/tests/specs/mixed_lines.rs"]
pub(crate) mod mixed_lines;
