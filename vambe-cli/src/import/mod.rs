//! `vambe ticket metadata import`: a file of updates, sent row by row, with a journal.

#[allow(dead_code)]
mod failed;
#[allow(dead_code, unused_imports)]
mod input;
#[allow(dead_code)]
mod journal;
