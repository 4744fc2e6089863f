//! Tests of the comparison: a table of all kinds of changes, and any change of any document.

mod linear;
mod report;
mod table;
mod total;
