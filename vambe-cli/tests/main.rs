//! The tests of the command `vambe`, in one binary.
