//! `vambe ticket metadata import`: a file of updates, sent row by row, with a journal.

#[allow(dead_code)]
mod input;
#[allow(dead_code)]
mod journal;
