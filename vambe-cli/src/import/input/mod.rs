//! Reading the rows of a file.
