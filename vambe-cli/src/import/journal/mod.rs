//! What has become of the rows so far, on disk.
